"""full text over ideas, towns that take them over, and reports of cards that must not stay

Revision: 0026
Follows: 0025

The full text is a generated vector on PostgreSQL, and FTS5 kept by triggers on SQLite. What begins with `fulltext`
belongs to the database and is not in the models.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_UNIQUE = "uq_idea_adoption_registration_id_idea_id"
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
    _create("idea_adoption", *_adoption(), sa.UniqueConstraint("registration_id", "idea_id", name=_UNIQUE))
    op.create_index("ix_idea_adoption_idea", "idea_adoption", ["idea_registration_id", "idea_id"])
    _create("idea_report", *_report())
    op.create_index("ix_idea_report_idea", "idea_report", ["idea_registration_id", "idea_id", "settled_at"])
    for statement in _SQLITE if _on_sqlite() else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("idea_report")
    op.drop_table("idea_adoption")
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


def _create(table: str, *parts: sa.Column[Any] | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("idea_registration_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        *parts,
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=f"fk_{table}_registration_id_registration"
        ),
        sa.ForeignKeyConstraint(
            ["idea_registration_id", "idea_id"],
            ["published_idea.registration_id", "published_idea.id"],
            name=f"fk_{table}_idea_id_published_idea",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "id", name=f"pk_{table}"),
    )


def _adoption() -> list[sa.Column[Any]]:
    return [
        sa.Column("town", sa.String(length=255), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("experience_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _report() -> list[sa.Column[Any]]:
    return [
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
    ]


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
