"""full text over ideas: a generated vector on PostgreSQL, FTS5 kept by triggers on SQLite

Revision: 0026
Follows: 0022

What begins with `fulltext` belongs to the database and is not in the models.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0022"
branch_labels = None
depends_on = None

_COLUMNS = "search_title, search_words, search_tags"
_INDEXES = {
    "ix_published_idea_search_number": ["search_number"],
    "ix_published_idea_newest": ["reach", "search_number"],
    "ix_published_idea_newest_here": ["registration_id", "reach", "search_number"],
}
_VECTOR = """
setweight(to_tsvector('german'::regconfig, coalesce(search_title, '')), 'A') ||
setweight(to_tsvector('german'::regconfig, coalesce(search_words, '')), 'B') ||
to_tsvector('simple'::regconfig, coalesce(search_tags, ''))
"""
_POSTGRES = (
    f"ALTER TABLE published_idea ADD COLUMN fulltext tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED",
    "CREATE INDEX fulltext_published_idea ON published_idea USING gin (fulltext)",
    "ALTER TABLE published_idea SET (toast_tuple_target = 128)",
)


def _row(which: str) -> str:
    return ", ".join(f"{which}.{column}" for column in ("search_number", *_COLUMNS.split(", ")))


_ADD = f"INSERT INTO fulltext_idea (rowid, {_COLUMNS}) SELECT {_row('new')} WHERE new.search_number IS NOT NULL;"
_TAKE = (
    f"INSERT INTO fulltext_idea (fulltext_idea, rowid, {_COLUMNS}) "
    f"SELECT 'delete', {_row('old')} WHERE old.search_number IS NOT NULL;"
)
_SQLITE = (
    f"CREATE VIRTUAL TABLE fulltext_idea USING fts5({_COLUMNS}, content='published_idea', "
    "content_rowid='search_number', tokenize='unicode61 remove_diacritics 2', prefix='2 3 4 5 6')",
    f"CREATE TRIGGER fulltext_idea_insert AFTER INSERT ON published_idea BEGIN {_ADD} END",
    f"CREATE TRIGGER fulltext_idea_delete AFTER DELETE ON published_idea BEGIN {_TAKE} END",
    f"CREATE TRIGGER fulltext_idea_update AFTER UPDATE OF search_number, {_COLUMNS} ON published_idea "
    f"BEGIN {_TAKE} {_ADD} END",
)


def upgrade() -> None:
    # No batch here: on SQLite it would drop and refill a table with triggers.
    op.add_column("published_idea", sa.Column("search_number", sa.BigInteger(), nullable=True))
    for name in _COLUMNS.split(", "):
        op.add_column("published_idea", sa.Column(name, sa.Text(), nullable=True))
    for name, columns in _INDEXES.items():
        op.create_index(name, "published_idea", columns)
    for statement in _SQLITE if _on_sqlite() else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if _on_sqlite():
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER fulltext_idea_{event}")
        op.drop_table("fulltext_idea")
    else:
        op.drop_index("fulltext_published_idea", "published_idea")
        op.drop_column("published_idea", "fulltext")
    for name in _INDEXES:
        op.drop_index(name, "published_idea")
    for name in ("search_number", *_COLUMNS.split(", ")):
        op.drop_column("published_idea", name)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
