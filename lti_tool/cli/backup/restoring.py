"""Checks an archive, and puts it in the place of a database; everything is checked before anything is changed."""

from __future__ import annotations

import gzip
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lti_tool.app import make_files
from lti_tool.cli.acting import moment
from lti_tool.cli.backup.archive import STREAM, OpenArchive, open_archive
from lti_tool.cli.backup.manifest import Manifest, fingerprint, kind_of
from lti_tool.cli.backup.targets import target_of
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.store_words import refused_by_store
from lti_tool.db.revision import newest
from lti_tool.settings import Settings
from lti_tool.storage.errors import StoreFailed

_TOLD_EVERY = 500
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def verify_backup(path: Path) -> Iterator[str]:
    """Read an archive to its end; yield what it holds. Needs no settings and no database.

    Raises:
        CommandFailed: it is damaged or incomplete.
    """
    place = path.parent if path != STREAM and os.access(path.parent, os.W_OK) else None
    with (
        _room_and_rights(),
        open_archive(path) as archive,
        tempfile.TemporaryDirectory(prefix=".smartcity-", dir=place) as aside,
    ):
        manifest = archive.manifest
        copy = Path(aside) / "database"
        archive.copy_database(copy)
        if manifest.kind == "sqlite":
            _check_sqlite(copy, manifest)
        for number, key in enumerate(manifest.files, 1):
            archive.file(key)
            if number % _TOLD_EVERY == 0:
                yield f"Dateien: {number} von {len(manifest.files)}"
    yield (
        f"Unbeschädigt: {_KINDS[manifest.kind]}, Stand {manifest.migration}, Dateien: {len(manifest.files)}, "
        f"angelegt {moment(manifest.made_at)} von Version {manifest.tool}."
    )


def restore_backup(path: Path, *, replace: bool) -> Iterator[str]:
    """Restore an archive; yield how far it is and what is to be known afterwards.

    Raises:
        CommandFailed: the archive does not fit, or the target is in use or not empty. Nothing was changed then.
    """
    settings = settings_from_environment()
    with _room_and_rights(), open_archive(path) as archive:
        manifest = archive.manifest
        _refuse_what_does_not_fit(manifest, settings)
        target = target_of(settings)
        target.refuse_if_used()
        if not replace and not target.is_empty():
            raise CommandFailed(
                "Die Datenbank ist nicht leer. Soll ihr Inhalt der Sicherung weichen, geben Sie --replace an."
            )
        yield f"Sicherung vom {moment(manifest.made_at)} …"
        with tempfile.TemporaryDirectory(prefix=".smartcity-restore-", dir=_beside(settings)) as aside:
            dump = Path(aside) / "database"
            archive.copy_database(dump)
            yield from _put_files(archive, settings)
            yield "Datenbank …"
            old = target.restore(dump, manifest.made_at)
    yield from _afterwards(manifest, old)


@contextmanager
def _room_and_rights() -> Iterator[None]:
    """Say in a sentence what the disk does not let be done."""
    try:
        yield
    except StoreFailed as failure:
        raise refused_by_store(failure) from None
    except OSError as error:
        raise CommandFailed(f"So geht es auf dieser Platte nicht: {error.strerror or error}. Fehlt Platz?") from None


def _refuse_what_does_not_fit(manifest: Manifest, settings: Settings) -> None:
    if manifest.key_fingerprint != fingerprint(settings):
        raise CommandFailed(
            "Die Sicherung gehört zu einem anderen SMARTCITY_SECRET_KEY; die Schlüssel darin wären nicht lesbar. "
            "Setzen Sie den Wert, der galt, als sie angelegt wurde."
        )
    if manifest.kind != kind_of(settings):
        raise CommandFailed(
            f"Die Sicherung ist von {_KINDS[manifest.kind]}, SMARTCITY_DATABASE_URL nennt "
            f"{_KINDS[kind_of(settings)]}. Eine Sicherung geht nur in eine Datenbank derselben Art zurück."
        )
    if manifest.migration > newest():
        raise CommandFailed(
            f"Die Sicherung hat den Stand {manifest.migration}, diese Version kennt nur {newest()}. "
            f"Installieren Sie Version {manifest.tool} oder neuer."
        )
    if manifest.files and not settings.has_place_for_files:
        raise CommandFailed("Die Sicherung enthält Dateien. Setzen Sie SMARTCITY_FILES_DIR oder SMARTCITY_S3_….")


def _put_files(archive: OpenArchive, settings: Settings) -> Iterator[str]:
    store, files = make_files(settings), archive.manifest.files
    for number, key in enumerate(files, 1):
        store.put(key, archive.file(key))
        if number % _TOLD_EVERY == 0 or number == len(files):
            yield f"Dateien: {number} von {len(files)}"


def _afterwards(manifest: Manifest, old: str | None) -> Iterator[str]:
    yield f"Wiederhergestellt ist der Stand vom {moment(manifest.made_at)}. Was danach geschah, fehlt."
    if old:
        yield f"Die bisherige Datenbank liegt in {old}; löschen Sie sie, wenn alles stimmt."
    if manifest.lost:
        yield f"Dateien, die schon fehlten, als die Sicherung angelegt wurde: {len(manifest.lost)}."
    yield (
        "Starten Sie Werkzeug und Zustellung. Steht im LMS eine andere Bewertung als hier, wird sie nicht "
        "überschrieben; Lehrende entscheiden auf der Kursseite."
    )


def _check_sqlite(copy: Path, manifest: Manifest) -> None:
    plain = copy.with_suffix(".sqlite3")
    with gzip.open(copy, "rb") as source, plain.open("wb") as out:
        while chunk := source.read(1 << 20):
            out.write(chunk)
    with closing(sqlite3.connect(plain)) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        migration = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if not whole or migration != manifest.migration:
        raise CommandFailed("Die Datenbank in der Sicherung ist beschädigt. Nehmen Sie eine andere Sicherung.")


def _beside(settings: Settings) -> Path | None:
    """Return the folder on the same disk as the database, None for any."""
    path = settings.sqlite_file
    if path is None:
        return None
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    return path.absolute().parent
