"""assignments, drawn questions, marks of people, files handed in, more time

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OLD_NUMBER = "uq_attempt_registration_id_user_id_resource_link_id_module_id_number"
_WHOSE = ["registration_id", "user_id", "resource_link_id", "module_id"]


def upgrade() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("part", sa.String(length=20), nullable=False, server_default="quiz"))
        table.add_column(sa.Column("needs_marking", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("counts", sa.String(length=10), nullable=False, server_default="best"))
        table.add_column(sa.Column("seed", sa.Integer(), nullable=True))
        table.add_column(sa.Column("deadline_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("question_ids", sa.JSON(), nullable=True))
        table.drop_constraint(_old_number(), type_="unique")
        table.create_unique_constraint("uq_attempt_number", [*_WHOSE, "part", "number"])
    op.create_index(
        "ix_attempt_needs_marking",
        "attempt",
        ["registration_id", "resource_link_id", "submitted_at"],
        postgresql_where=sa.text("needs_marking"),
        sqlite_where=sa.text("needs_marking"),
    )
    op.create_index(
        "ix_attempt_overdue",
        "attempt",
        ["deadline_at"],
        postgresql_where=sa.text("submitted_at IS NULL"),
        sqlite_where=sa.text("submitted_at IS NULL"),
    )
    _create_extra_time()
    _create_review()
    _create_uploaded_file()


def _old_number() -> str:
    """PostgreSQL has cut the name that SQLite keeps."""
    constraints = sa.inspect(op.get_bind()).get_unique_constraints("attempt")
    return next(str(one["name"]) for one in constraints if one["column_names"] == [*_WHOSE, "number"])


def _create_extra_time() -> None:
    op.create_table(
        "extra_time",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("resource_link_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_extra_time_registration_id_registration"
        ),
        _within_tenant("extra_time", "resource_link_id", "resource_link"),
        _within_tenant("extra_time", "user_id", "lti_user"),
        sa.PrimaryKeyConstraint("registration_id", "resource_link_id", "user_id", name="pk_extra_time"),
    )
    op.create_index("ix_extra_time_user_id", "extra_time", ["user_id"])


def _create_review() -> None:
    op.create_table(
        "review",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("marker_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name="fk_review_registration_id_registration"),
        _within_tenant("review", "attempt_id", "attempt"),
        _within_tenant("review", "marker_id", "lti_user"),
        sa.PrimaryKeyConstraint("registration_id", "id", name="pk_review"),
    )
    op.create_index("ix_review_attempt", "review", ["registration_id", "attempt_id"])


def _create_uploaded_file() -> None:
    op.create_table(
        "uploaded_file",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_uploaded_file_registration_id_registration"
        ),
        _within_tenant("uploaded_file", "attempt_id", "attempt"),
        sa.PrimaryKeyConstraint("registration_id", "id", name="pk_uploaded_file"),
        sa.UniqueConstraint("registration_id", "attempt_id", "question_id", name="uq_uploaded_file_question"),
    )


def _within_tenant(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["registration_id", column],
        [f"{other}.registration_id", f"{other}.id"],
        name=f"fk_{table}_registration_id_{column}_{other}",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for name in ("uploaded_file", "review", "extra_time"):
        op.drop_table(name)
    op.execute("DELETE FROM response WHERE attempt_id IN (SELECT id FROM attempt WHERE part <> 'quiz')")
    op.execute("DELETE FROM attempt WHERE part <> 'quiz'")  # no place for them before
    for name in ("ix_attempt_needs_marking", "ix_attempt_overdue"):
        op.drop_index(name, table_name="attempt")
    with op.batch_alter_table("attempt") as table:
        table.drop_constraint("uq_attempt_number", type_="unique")
        for name in ("question_ids", "deadline_at", "seed", "counts", "needs_marking", "part"):
            table.drop_column(name)
        table.create_unique_constraint(op.f(_OLD_NUMBER), [*_WHOSE, "number"])
