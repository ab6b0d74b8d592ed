"""Where a backup is restored to: found empty and unused first, then filled wholly or not at all."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.cli.acting import now
from lti_tool.cli.backup.manifest import moment_for_name
from lti_tool.cli.backup.postgresql_tools import PostgresqlTools
from lti_tool.cli.database import transaction, unreachable
from lti_tool.cli.german import CommandFailed
from lti_tool.db.engine import make_engine
from lti_tool.db.upgrade import upgrade
from lti_tool.services.restorations import Restorations
from lti_tool.settings import SQLITE, Settings

_IN_USE = "Die Datenbank ist in Gebrauch. Beenden Sie erst `smartcity serve` und `smartcity worker` auf allen Rechnern."
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
_ROUTINES = """
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Target(Protocol):
    """A database to be."""

    def refuse_if_used(self) -> None:
        """Raise CommandFailed while somebody has it open."""

    def is_empty(self) -> bool:
        """Whether nothing would be lost."""

    def restore(self, dump: Path, backup_made_at: datetime) -> str | None:
        """Put the dump in its place, migrated; return where the old database lies now, if it is still there."""


def target_of(settings: Settings) -> Target:
    """Return the target that the settings name."""
    path = settings.sqlite_file
    return _SqliteTarget(path) if path else _PostgresqlTarget(settings.database_url)


class _SqliteTarget:
    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    def refuse_if_used(self) -> None:
        """Leaving WAL mode needs the file for oneself alone; it also brings everything into the one file."""
        if not self._path.exists():
            return
        try:
            with closing(sqlite3.connect(self._path, timeout=0)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise CommandFailed(_IN_USE) from None
        except sqlite3.DatabaseError:
            return  # no database, but a file all the same: it is not empty

    def is_empty(self) -> bool:
        return not self._path.exists() or self._path.stat().st_size == 0

    def restore(self, dump: Path, backup_made_at: datetime) -> str | None:
        part = dump.with_suffix(".sqlite3")
        with gzip.open(dump, "rb") as source, part.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        with closing(sqlite3.connect(part)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise CommandFailed("Die Datenbank in der Sicherung ist beschädigt. Nehmen Sie eine andere Sicherung.")
        finish(f"{SQLITE}{part}", backup_made_at)
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # everything in one file, to be renamed
        _sync(part)
        old = None
        if not self.is_empty():
            old = self._path.with_name(f"{self._path.name}.vor-{moment_for_name(now())}")
            os.link(self._path, old)
        part.replace(self._path)
        _sync(self._path.parent)
        return None if old is None else str(old)


class _PostgresqlTarget:
    def __init__(self, url: str) -> None:
        self._url = url

    def refuse_if_used(self) -> None:
        if self._ask(_OTHERS)[0] != 0:
            raise CommandFailed(_IN_USE)

    def is_empty(self) -> bool:
        return not self._ask(_TABLES)

    def restore(self, dump: Path, backup_made_at: datetime) -> str | None:
        version = int(str(self._ask("SHOW server_version_num")[0])) // 10_000
        drops = [f"DROP TABLE {name} CASCADE;" for name in self._ask(_TABLES)]
        drops += [f"DROP ROUTINE {name} CASCADE;" for name in self._ask(_ROUTINES)]
        PostgresqlTools.for_server(self._url, version).restore(dump, "\n".join(drops))
        finish(self._url, backup_made_at)
        self._ask("ANALYZE", rows=False)
        return None

    def _ask(self, statement: str, *, rows: bool = True) -> list[object]:
        engine = make_engine(self._url)
        try:
            with engine.connect() as connection:
                result = connection.execute(text(statement))
                found = list(result.scalars()) if rows else []
                connection.commit()
                return found
        except SQLAlchemyError as error:
            raise unreachable(error) from None
        finally:
            engine.dispose()


def finish(url: str, backup_made_at: datetime) -> None:
    """Bring the tables to this version, and note that scores may have been sent since the backup."""
    try:
        upgrade(url)
    except SQLAlchemyError as error:
        raise unreachable(error) from None
    with transaction(url) as session:
        Restorations(session, now).note(backup_made_at)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
