"""Which migrations a database has, told without Alembic: processes that answer requests need not load it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

_VERSIONS = Path(__file__).with_name("migrations") / "versions"


def is_at_head(connection: Connection) -> bool:
    """Return whether every migration has run; their files are numbered in order (`0001_….py`)."""
    newest = max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == newest)
