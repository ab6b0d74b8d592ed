"""live dates, sign-ups with a waiting list, and their history

Revision: 0021
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _dates()
    _sign_ups()
    _changes()


def _dates() -> None:
    op.create_table(
        "live_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("whole_town", sa.Boolean(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("module_id", sa.String(length=100), nullable=True),
        sa.Column("certification_id", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("trainer", sa.String(length=255), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("join_url", sa.String(length=2000), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_per_town", sa.Integer(), nullable=True),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(registration_id IS NULL) = (context_id IS NULL)", name=op.f("ck_live_date_owner")),
        sa.CheckConstraint("(module_id IS NULL) != (certification_id IS NULL)", name=op.f("ck_live_date_subject")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_live_date_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "context_id"],
            ["context.registration_id", "context.id"],
            name=op.f("fk_live_date_registration_id_context_id_context"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_date")),
    )
    op.create_index("ix_live_date_starts_at", "live_date", ["registration_id", "starts_at"])
    op.create_index("ix_live_date_series", "live_date", ["series_id", "starts_at"])


def _sign_ups() -> None:
    op.create_table(
        "sign_up",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("date_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("news", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_sign_up_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["date_id"], ["live_date.id"], name=op.f("fk_sign_up_date_id_live_date"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "user_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f("fk_sign_up_registration_id_user_id_lti_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "date_id", "user_id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("date_id", "number", name=op.f("uq_sign_up_date_id_number")),
    )
    op.create_index("ix_sign_up_user", "sign_up", ["registration_id", "user_id"])


def _changes() -> None:
    op.create_table(
        "date_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("date_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["date_id"], ["live_date.id"], name=op.f("fk_date_change_date_id_live_date"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_date_change_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_change")),
    )
    op.create_index("ix_date_change_date", "date_change", ["date_id", "id"])
    op.create_index(op.f("ix_date_change_user_id"), "date_change", ["user_id"])


def downgrade() -> None:
    for table in ("date_change", "sign_up", "live_date"):
        op.drop_table(table)
