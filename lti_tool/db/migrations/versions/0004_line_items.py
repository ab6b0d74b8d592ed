"""columns that the tool finds or makes itself, times of submission, rosters

Revision: 0004
Follows: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_LINE_ITEM: dict[str, Any] = {
    "container_url": sa.String(length=2000),
    "label": sa.String(length=255),
    "maximum": sa.Numeric(precision=9, scale=2),
    "written_label": sa.String(length=255),
    "written_maximum": sa.Numeric(precision=9, scale=2),
    "lease": sa.String(length=36),
    "lease_ends_at": _MOMENT,
}


def upgrade() -> None:
    # Plain statements, no batch: SQLite's batch drops and refills the table, which would take the scores that refer to
    # it along. A column becomes nullable by taking the place of the old one.
    op.execute("ALTER TABLE line_item RENAME COLUMN url TO known_url")
    op.add_column("line_item", sa.Column("url", sa.String(length=2000), nullable=True))
    op.execute("UPDATE line_item SET url = known_url")
    op.execute("ALTER TABLE line_item DROP COLUMN known_url")
    for name, kind in _LINE_ITEM.items():
        op.add_column("line_item", sa.Column(name, kind, nullable=True))
    for name in ("started_at", "submitted_at"):
        op.add_column("score_delivery", sa.Column(name, _MOMENT, nullable=True))
    op.add_column("launch_session", sa.Column("no_grades", sa.String(length=60), nullable=True))
    op.add_column("registration", sa.Column("nrps_enabled", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_rosters()


def _create_rosters() -> None:
    op.create_table(
        "roster",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("differences_url", sa.String(length=2000), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("next_read_at", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("read_whole_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_roster_registration_id_registration"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "context_id"],
            ["context.registration_id", "context.id"],
            name="fk_roster_registration_id_context",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "context_id", name="pk_roster"),
    )
    op.create_index(
        "ix_roster_wanted",
        "roster",
        ["next_read_at"],
        postgresql_where=sa.text("wanted"),
        sqlite_where=sa.text("wanted"),
    )
    op.create_table(
        "roster_member",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_roster_member_registration_id_registration"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "context_id"],
            ["roster.registration_id", "roster.context_id"],
            name="fk_roster_member_registration_id_roster",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "context_id", "subject", name="pk_roster_member"),
    )


def downgrade() -> None:
    op.drop_table("roster_member")
    op.drop_index("ix_roster_wanted", table_name="roster")
    op.drop_table("roster")
    for table, names in (
        ("registration", ("nrps_enabled",)),
        ("launch_session", ("no_grades",)),
        ("score_delivery", ("started_at", "submitted_at")),
        ("line_item", tuple(_LINE_ITEM)),
    ):
        for name in names:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute("DELETE FROM line_item WHERE url IS NULL")  # no place for a column that is not found yet
    op.execute("ALTER TABLE line_item RENAME COLUMN url TO known_url")
    op.add_column("line_item", sa.Column("url", sa.String(length=2000), nullable=False, server_default=""))
    op.execute("UPDATE line_item SET url = known_url")
    op.execute("ALTER TABLE line_item DROP COLUMN known_url")
