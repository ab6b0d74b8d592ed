"""Which migrations a database has, told without Alembic: processes that answer requests need not load it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

_VERSIONS = Path(__file__).with_name("migrations") / "versions"


def is_at_head(connection: Connection) -> bool:
    """Return whether every migration of this version has run.

    A database that is further on is as good: a rolling upgrade migrates first, and until all processes are replaced the
    old ones go on.
    """
    return str(connection.scalar(text("SELECT version_num FROM alembic_version"))) >= newest()


def newest() -> str:
    """Return the newest migration of this version; their files are numbered in order (`0001_….py`)."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def present(connection: Connection) -> str | None:
    """Return the migration a database stands at, None if it has no tables of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)
