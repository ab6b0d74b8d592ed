"""ideas that towns copy from each other

Revision: 0022
Follows: 0021
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "idea",
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("released_number", sa.Integer(), nullable=True),
        sa.Column("reach", sa.String(length=20), nullable=True),
        sa.Column("asked", sa.String(length=20), nullable=True),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("rejected_for", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("hidden_at", moment, nullable=True),
        sa.Column("hidden_for", sa.Text(), nullable=True),
        sa.Column("stays", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_idea_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "author_id"],
            ["lti_user.registration_id", "lti_user.id"],
            name=op.f("fk_idea_registration_id_lti_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "context_id"],
            ["context.registration_id", "context.id"],
            name=op.f("fk_idea_registration_id_context"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_idea")),
    )
    op.create_index("ix_idea_author", "idea", ["registration_id", "author_id"])
    op.create_index("ix_idea_context", "idea", ["registration_id", "context_id"])
    op.create_index("ix_idea_asked", "idea", ["asked", "asked_at"])
    op.create_table(
        "idea_version",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("licence_agreed_at", moment, nullable=True),
        sa.Column("saved_at", moment, nullable=False),
        sa.Column("released_at", moment, nullable=True),
        *_card(),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_idea_version_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "idea_id"],
            ["idea.registration_id", "idea.id"],
            name=op.f("fk_idea_version_registration_id_idea"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "idea_id", "number", name=op.f("pk_idea_version")),
    )
    op.create_table(
        "idea_step",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("reach", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_idea_step_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "idea_id"],
            ["idea.registration_id", "idea.id"],
            name=op.f("fk_idea_step_registration_id_idea"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "idea_id", "id", name=op.f("pk_idea_step")),
    )
    op.create_index("ix_idea_step_decider", "idea_step", ["registration_id", "decided_by"])
    op.create_table(
        "published_idea",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reach", sa.String(length=20), nullable=False),
        sa.Column("town", sa.String(length=255), nullable=False),
        sa.Column("released_at", moment, nullable=False),
        sa.Column("gone", sa.String(length=100), nullable=True),
        *_card(),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_published_idea_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "id"],
            ["idea.registration_id", "idea.id"],
            name=op.f("fk_published_idea_registration_id_idea"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_published_idea")),
        sa.UniqueConstraint("id", name=op.f("uq_published_idea_id")),
    )
    op.create_index("ix_published_idea_reach", "published_idea", ["reach", "released_at"])
    op.create_index("ix_published_idea_context", "published_idea", ["registration_id", "context_id"])


def downgrade() -> None:
    for table in ("published_idea", "idea_step", "idea_version", "idea"):
        op.drop_table(table)


def _card() -> list[sa.Column[Any]]:
    return [
        sa.Column("title", sa.String(length=120), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("problem", "solution", "effect", "law", "needs")),
        sa.Column("effort", sa.String(length=20), nullable=True),
        sa.Column("cost", sa.String(length=20), nullable=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("links", "themes", "competences")),
        sa.Column("signed", sa.String(length=20), nullable=False),
        sa.Column("author_line", sa.String(length=120), nullable=False),
    ]
