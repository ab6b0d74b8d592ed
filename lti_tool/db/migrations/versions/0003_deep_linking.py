"""deep linking and submission review

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REFERENCE = "fk_launch_session_registration_id_deep_linking_id_deep_linking"
_INDEX = "ix_launch_session_deep_linking_id"


def upgrade() -> None:
    op.create_table(
        "deep_linking",
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("return_url", sa.String(length=2000), nullable=False),
        sa.Column("accepts_links", sa.Boolean(), nullable=False),
        sa.Column("accept_multiple", sa.Boolean(), nullable=False),
        sa.Column("accept_lineitem", sa.Boolean(), nullable=False),
        sa.Column("document_targets", sa.JSON(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_deep_linking_registration_id_registration"
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name="pk_deep_linking"),
    )
    with op.batch_alter_table("deep_linking") as table:
        table.create_index("ix_deep_linking_expires_at", ["expires_at"])
    with op.batch_alter_table("launch_session") as table:
        table.add_column(sa.Column("deep_linking_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("for_user", sa.String(length=255), nullable=True))
        table.create_foreign_key(
            op.f(_REFERENCE),
            "deep_linking",
            ["registration_id", "deep_linking_id"],
            ["registration_id", "id"],
            ondelete="CASCADE",
        )
    with op.batch_alter_table("launch_session") as table:
        table.create_index(
            op.f(_INDEX),
            ["deep_linking_id"],
            postgresql_where=sa.text("deep_linking_id IS NOT NULL"),
            sqlite_where=sa.text("deep_linking_id IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("launch_session") as table:
        table.drop_index(op.f(_INDEX))
        table.drop_constraint(op.f(_REFERENCE), type_="foreignkey")
        table.drop_column("for_user")
        table.drop_column("deep_linking_id")
    op.drop_table("deep_linking")
