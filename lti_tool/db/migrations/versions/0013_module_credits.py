"""modules passed elsewhere that count here

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "module_credit",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.String(length=100), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id", "user_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f("fk_module_credit_registration_id_user_id_lti_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_module_credit_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "user_id", "id", name=op.f("pk_module_credit")),
    )


def downgrade() -> None:
    op.drop_table("module_credit")
