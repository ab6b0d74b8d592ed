"""A fixed view of a running database: what it shows and what is dumped from it is one and the same moment."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text

from lti_tool.cli.backup.postgresql_tools import PostgresqlTools
from lti_tool.db.engine import make_engine
from lti_tool.settings import Settings

_FILES = "SELECT key, digest FROM uploaded_file UNION ALL SELECT key, digest FROM idea_picture"
_MIGRATION = "SELECT version_num FROM alembic_version"


class View(Protocol):
    """One moment of a database."""

    server: str
    migration: str

    def files(self) -> Mapping[str, str]:
        """Return key -> SHA-256 of every file that people handed in."""

    def dump(self, target: Path) -> None:
        """Write a copy to a file."""


class _SqliteView:
    """A read transaction: in WAL mode it sees its own moment, and nobody waits for it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("BEGIN")
        self.migration = str(connection.execute(_MIGRATION).fetchone()[0])  # the first reading fixes the moment
        self.server = sqlite3.sqlite_version

    def files(self) -> Mapping[str, str]:
        return dict(self._connection.execute(_FILES))

    def dump(self, target: Path) -> None:
        copy = target.with_suffix(".copy")
        try:
            with closing(sqlite3.connect(copy)) as out:
                self._connection.backup(out)
            with copy.open("rb") as source, gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as packed:
                shutil.copyfileobj(source, packed, 1 << 20)
        finally:
            copy.unlink(missing_ok=True)


class _PostgresqlView:
    """A transaction whose snapshot pg_dump shares."""

    def __init__(self, connection: Connection, tools: PostgresqlTools) -> None:
        self._connection = connection
        self._tools = tools
        self._snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        self.migration = str(connection.scalar(text(_MIGRATION)))
        self.server = str(connection.scalar(text("SHOW server_version")))

    def files(self) -> Mapping[str, str]:
        return {row.key: row.digest for row in self._connection.execute(text(_FILES))}

    def dump(self, target: Path) -> None:
        self._tools.dump(target, self._snapshot)


@contextmanager
def view_of(settings: Settings) -> Iterator[View]:
    """Open a view; it must end before the next one begins."""
    if settings.sqlite_file:
        with closing(sqlite3.connect(settings.sqlite_file)) as connection:
            connection.isolation_level = None
            yield _SqliteView(connection)
        return
    engine = make_engine(settings.database_url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            tools = PostgresqlTools.for_server(settings.database_url, _major(connection))
            yield _PostgresqlView(connection, tools)
    finally:
        engine.dispose()


def _major(connection: Connection) -> int:
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
