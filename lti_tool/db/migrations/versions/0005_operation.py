"""operation: life of keys, audit log, refused launches, operators, merged identities

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE_TRIGGERS = [
    f"CREATE TRIGGER audit_entry_{what.lower()} BEFORE {what} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for what in ("UPDATE", "DELETE")
]
_POSTGRES_TRIGGERS = [
    "CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()",
]


def upgrade() -> None:
    with op.batch_alter_table("tool_key") as table:
        table.add_column(sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE tool_key SET signs_from = created_at")
    with op.batch_alter_table("tool_key") as table:
        table.alter_column("signs_from", existing_type=sa.DateTime(timezone=True), nullable=False)
    # No batch here: on SQLite it drops and refills the table, which rows of other tables refer to.
    op.add_column("registration", sa.Column("keeps_names", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("deployment", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    _log_tables()
    _operator_tables()
    op.create_table(
        "platform_sighting",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("product", sa.String(length=255), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("line_item_url", sa.String(length=2000), nullable=True),
        sa.Column("sends_names", sa.Boolean(), nullable=False),
        sa.Column("cookie_came", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_platform_sighting_registration_id_registration"),
        sa.PrimaryKeyConstraint("registration_id", name="pk_platform_sighting"),
    )
    op.create_table(
        "identity_merge",
        sa.Column("from_user_id", sa.Uuid(), nullable=False),
        sa.Column("to_user_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_identity_merge_registration_id_registration"),
        *(
            sa.ForeignKeyConstraint(
                ["registration_id", column],
                ["lti_user.registration_id", "lti_user.id"],
                name=op.f(f"fk_identity_merge_registration_id_{column}_lti_user"),
                ondelete="CASCADE",
            )
            for column in ("from_user_id", "to_user_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name="pk_identity_merge"),
    )
    op.create_index("ix_identity_merge_from_user_id", "identity_merge", ["from_user_id"])
    op.create_index("ix_identity_merge_to_user_id", "identity_merge", ["to_user_id"])


def _log_tables() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_audit_entry_registration_id_registration"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_registration", "audit_entry", ["registration_id", "id"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if on_sqlite else _POSTGRES_TRIGGERS:
        op.execute(statement)
    op.create_table(
        "refused_launch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_refused_launch_registration_id_registration"),
        sa.PrimaryKeyConstraint("id", name="pk_refused_launch"),
    )
    op.create_index("ix_refused_launch_registration", "refused_launch", ["registration_id", "at"])
    op.create_index("ix_refused_launch_reference", "refused_launch", ["reference"])
    op.create_index("ix_refused_launch_at", "refused_launch", ["at"])


def _operator_tables() -> None:
    for name, key in (("operator_link", "code_hash"), ("operator_session", "secret_hash")):
        op.create_table(
            name,
            sa.Column(key, sa.String(length=64), nullable=False),
            sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
            sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_expires_at", name, ["expires_at"])


def downgrade() -> None:
    for name in ("identity_merge", "platform_sighting", "operator_session", "operator_link", "refused_launch"):
        op.drop_table(name)
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_append_only()")
    op.drop_column("deployment", "declined_at")
    op.drop_column("registration", "keeps_names")
    with op.batch_alter_table("tool_key") as table:
        table.drop_column("signs_from")
