"""privacy: retention, towns that close, erased people's files and counts, the chain over the audit log

Revision: 0015
Follows: 0014
"""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ENTRY = sa.table(
    "audit_entry",
    *(sa.column(name) for name in ("id", "actor", "action", "registration_id", "subject")),
    sa.column("at", _MOMENT),
    sa.column("detail", sa.JSON()),
)
_LINK = sa.table("audit_link", *(sa.column(name) for name in ("number", "entry_id", "digest")))

_SQLITE_TRIGGERS = [
    f"CREATE TRIGGER audit_link_{what.lower()} BEFORE {what} ON audit_link "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for what in ("UPDATE", "DELETE")
]
_POSTGRES_TRIGGERS = [
    "CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()",
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()"
        for table in ("audit_entry", "audit_link")
    ),
]


def upgrade() -> None:
    op.add_column("lti_user", sa.Column("seen_in", _MOMENT, nullable=True))
    op.create_index("ix_lti_user_seen_in", "lti_user", ["registration_id", "seen_in"])
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # Nobody knows when they were here last; the time that people's data are kept begins with this upgrade.
    op.execute(sa.table("lti_user", sa.column("seen_in", _MOMENT)).update().values(seen_in=_stored(month)))
    op.add_column("registration", sa.Column("retention_months", sa.Integer(), nullable=False, server_default="24"))
    for name in ("closes_at", "erases_at", "erased_at"):
        op.add_column("municipality", sa.Column(name, _MOMENT, nullable=True))
    with op.batch_alter_table("review") as table:
        table.alter_column("marker_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index("ix_review_marker", "review", ["registration_id", "marker_id"])
    _new_tables()
    _chain()
    for statement in _SQLITE_TRIGGERS if _on_sqlite() else _POSTGRES_TRIGGERS:
        op.execute(statement)


def _new_tables() -> None:
    op.create_table(
        "doomed_file",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_doomed_file_registration_id_registration")),
        sa.PrimaryKeyConstraint("registration_id", "key", name=op.f("pk_doomed_file")),
    )
    op.create_index("ix_doomed_file_noted_at", "doomed_file", ["noted_at"])
    op.create_table(
        "kept_statistic",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("module_id", sa.String(length=100), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_kept_statistic_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "month", "module_id", name=op.f("pk_kept_statistic")),
    )
    op.create_table(
        "audit_link",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_link_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_link_entry_id")),
    )


def _chain() -> None:
    """Chain the entries that are there, as `domain/audit_chain.py` did when this was written."""
    digest, connection = "0" * 64, op.get_bind()
    for number, row in enumerate(connection.execute(sa.select(_ENTRY).order_by(_ENTRY.c.id)).all(), 1):
        at = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at.astimezone(UTC)
        fields = [row.id, at.isoformat(timespec="microseconds"), row.actor, row.action, row.registration_id, row.subject, row.detail]
        canonical = json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        digest = hashlib.sha256(f"{digest}\n{canonical}".encode()).hexdigest()
        connection.execute(_LINK.insert().values(number=number, entry_id=row.id, digest=digest))


def _stored(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None) if _on_sqlite() else moment


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    if not _on_sqlite():
        op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
    for name in ("audit_link", "kept_statistic", "doomed_file"):
        op.drop_table(name)
    op.drop_index("ix_review_marker", "review")
    op.execute("DELETE FROM review WHERE marker_id IS NULL")
    with op.batch_alter_table("review") as table:
        table.alter_column("marker_id", existing_type=sa.Uuid(), nullable=False)
    for name in ("erased_at", "erases_at", "closes_at"):
        op.drop_column("municipality", name)
    op.drop_column("registration", "retention_months")
    op.drop_index("ix_lti_user_seen_in", "lti_user")
    op.drop_column("lti_user", "seen_in")
