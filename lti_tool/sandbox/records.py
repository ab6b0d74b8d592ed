from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_SCHEMA = "CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"


class Records:
    """A SQLite file of small JSON documents, written through on each change; without a path it forgets all.

    Each call opens the file anew: no connection is shared between threads, and none is left open at the end.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as database:
                database.execute(_SCHEMA)

    def load(self, kind: str) -> list[tuple[str, str]]:
        """Return key and body of all documents of a kind, oldest first."""
        if self._path is None:
            return []
        with self._open() as database:
            rows = database.execute("SELECT key, body FROM record WHERE kind = ? ORDER BY rowid", (kind,))
            return [(str(key), str(body)) for key, body in rows]

    def put(self, kind: str, key: str, body: str) -> None:
        self._write(
            "INSERT INTO record (kind, key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, body),
        )

    def drop(self, kind: str, key: str) -> None:
        self._write("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    def _write(self, statement: str, values: tuple[str, ...]) -> None:
        if self._path is None:
            return
        with self._open() as database:
            database.execute(statement, values)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(str(self._path), timeout=10)) as database:
            database.execute("PRAGMA synchronous = OFF")  # survives our crash, not the machine's: enough here
            with database:
                yield database
