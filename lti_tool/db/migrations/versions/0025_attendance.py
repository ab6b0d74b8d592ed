"""attendance at live dates, its history, and calendars that follow them

Revision: 0025
Follows: 0022
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _attendance()
    _entries()
    _feeds()


def _attendance() -> None:
    op.create_table(
        "attendance",
        *_person("attendance"),
        sa.Column("date_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", "user_id", "date_id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_date", "attendance", ["registration_id", "date_id"])


def _entries() -> None:
    op.create_table(
        "attendance_entry",
        *_person("attendance_entry"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("date_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("registration_id", "user_id", "id", name=op.f("pk_attendance_entry")),
    )
    op.create_index("ix_attendance_entry_date", "attendance_entry", ["registration_id", "date_id"])


def _feeds() -> None:
    op.create_table(
        "calendar_feed",
        *_person("calendar_feed"),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", "user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def _person(table: str) -> list[Any]:
    return [
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f(f"fk_{table}_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "user_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f(f"fk_{table}_registration_id_user_id_lti_user"),
            ondelete="CASCADE",
        ),
    ]


def downgrade() -> None:
    for table in ("calendar_feed", "attendance_entry", "attendance"):
        op.drop_table(table)
