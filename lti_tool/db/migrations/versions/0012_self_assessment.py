"""self-assessments that learners want kept

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_assessment",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.String(length=100), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id", "user_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f("fk_self_assessment_registration_id_user_id_lti_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_self_assessment_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "user_id", name=op.f("pk_self_assessment")),
    )


def downgrade() -> None:
    op.drop_table("self_assessment")
