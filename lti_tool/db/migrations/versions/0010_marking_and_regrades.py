"""news for learners whose work was marked; questions graded anew for a course

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_POINTS = sa.Numeric(precision=9, scale=2)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("marks_unseen", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_attempt_marks_unseen",
        "attempt",
        ["registration_id", "user_id"],
        postgresql_where=sa.text("marks_unseen"),
        sqlite_where=sa.text("marks_unseen"),
    )
    _regrade()
    _regraded_attempt()


def _regrade() -> None:
    op.create_table(
        "regrade",
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.String(length=100), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("applied_at", _MOMENT, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("next_try_at", _MOMENT, nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_regrade_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id", "context_id"],
            ["context.registration_id", "context.id"],
            name=op.f("fk_regrade_registration_id_context_id_context"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=op.f("pk_regrade")),
    )
    op.create_index("ix_regrade_context", "regrade", ["registration_id", "context_id", "module_id"])
    op.create_index(
        "ix_regrade_due",
        "regrade",
        ["next_try_at"],
        postgresql_where=sa.text("stage IN ('counting', 'applying')"),
        sqlite_where=sa.text("stage IN ('counting', 'applying')"),
    )


def _regraded_attempt() -> None:
    op.create_table(
        "regraded_attempt",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("points_before", _POINTS, nullable=False),
        sa.Column("points_after", _POINTS, nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.Column("sheet_before", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_regraded_attempt_registration_id_registration")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["registration_id", column],
                [f"{table}.registration_id", f"{table}.id"],
                name=op.f(f"fk_regraded_attempt_registration_id_{column}_{table}"),
                ondelete="CASCADE",
            )
            for table, column in (("regrade", "regrade_id"), ("attempt", "attempt_id"))
        ),
        sa.PrimaryKeyConstraint("registration_id", "regrade_id", "attempt_id", name=op.f("pk_regraded_attempt")),
    )
    op.create_index("ix_regraded_attempt_attempt_id", "regraded_attempt", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("regraded_attempt")
    op.drop_table("regrade")
    op.drop_index("ix_attempt_marks_unseen", "attempt")
    op.drop_column("attempt", "marks_unseen")
