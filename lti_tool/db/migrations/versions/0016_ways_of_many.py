"""indexes that tell of thousands of people how far they are

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_attempt_not_passed",
        "attempt",
        ["registration_id", "part", "user_id", "module_id", "points", "maximum"],
        postgresql_where=sa.text("passed IS FALSE AND needs_marking IS FALSE"),
        sqlite_where=sa.text("passed IS 0 AND needs_marking IS 0"),
    )
    op.create_index(
        "ix_attempt_assignment",
        "attempt",
        ["registration_id", "module_id", "user_id", "points", "maximum"],
        postgresql_where=sa.text("part = 'assignment' AND needs_marking IS FALSE"),
        sqlite_where=sa.text("part = 'assignment' AND needs_marking IS 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_assignment", "attempt")
    op.drop_index("ix_attempt_not_passed", "attempt")
