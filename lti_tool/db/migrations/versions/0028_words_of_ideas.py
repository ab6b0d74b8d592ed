"""by which rules a card was made searchable, so that it is written anew when they change

Revision: 0028
Follows: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No batch here: on SQLite it would drop and refill a table with triggers.
    op.add_column("published_idea", sa.Column("search_rules", sa.Integer(), nullable=True))
    op.create_index("ix_published_idea_search_rules", "published_idea", ["search_rules"])


def downgrade() -> None:
    op.drop_index("ix_published_idea_search_rules", "published_idea")
    op.drop_column("published_idea", "search_rules")
