"""pictures on cards of ideas

Revision: 0027
Follows: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idea_picture",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("since_number", sa.Integer(), nullable=False),
        sa.Column("until_number", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_idea_picture_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "idea_id"],
            ["idea.registration_id", "idea.id"],
            name=op.f("fk_idea_picture_registration_id_idea"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_idea_picture")),
    )
    op.create_index("ix_idea_picture_idea", "idea_picture", ["registration_id", "idea_id"])


def downgrade() -> None:
    op.drop_table("idea_picture")
