"""Makes a backup while the tool runs.

Files are copied first; then the database is held still in one view, the few files that are new in it follow, and the
view is dumped. So each file the dump knows is in the archive, however much is handed in meanwhile.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from lti_tool import __version__
from lti_tool.app import make_files
from lti_tool.cli.acting import moment, now
from lti_tool.cli.backup.archive import NewArchive, new_archive, streamed_archive
from lti_tool.cli.backup.manifest import DATABASE_MEMBERS, FORMAT, Held, Manifest, fingerprint, kind_of, moment_for_name
from lti_tool.cli.backup.views import View, view_of
from lti_tool.cli.database import unreachable
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.store_words import refused_by_store
from lti_tool.services.ports import FileStore
from lti_tool.settings import Settings
from lti_tool.storage.errors import StoreFailed

_VIEWS = 5
_TOLD_EVERY = 500


@dataclass(slots=True)
class _Copying:
    """Copies files into an archive, each once."""

    archive: NewArchive
    store: FileStore
    gone: set[str] = field(default_factory=set)

    def copy(self, files: Mapping[str, str]) -> Iterator[str]:
        """Copy what is not there yet; yield how far it is. What the store does not have, or has damaged, is `gone`."""
        self.gone = set()
        waiting = [(key, digest) for key, digest in files.items() if key not in self.archive.files]
        for number, (key, digest) in enumerate(waiting, 1):
            try:
                data = self.store.get(key)
            except FileNotFoundError:
                data = b""
            if sha256(data).hexdigest() == digest:
                self.archive.add_file(key, data)
            else:
                self.gone.add(key)
            if number % _TOLD_EVERY == 0:
                yield f"Dateien: {number} von {len(waiting)}"


def create_backup(target: Path) -> Iterator[str]:
    """Write an archive; yield how far it is and what came out.

    Raises:
        CommandFailed: the target is taken or cannot be written, or the database does not answer.
    """
    settings = settings_from_environment()
    target = _new_file(target, now())
    try:
        manifest = yield from _fill(new_archive(target), settings, target.parent)
    except OSError as error:
        raise _not_written(target, error) from None
    yield from _summary(f"{target}: {target.stat().st_size / 1024 / 1024:.1f} MiB", manifest)


def stream_backup() -> Iterator[str]:
    """Write an archive to standard output; yield the same, which has to go elsewhere.

    The copy of the database lies in the folder for temporary files meanwhile, as a member's size comes before it.

    Raises:
        CommandFailed: nobody reads to the end, there is no room, or the database does not answer.
    """
    settings = settings_from_environment()
    aside = Path(tempfile.gettempdir())
    if sys.stdout.isatty():
        raise CommandFailed(
            "Die Sicherung käme auf den Bildschirm. Leiten Sie die Ausgabe um, oder nennen Sie eine Datei."
        )
    try:
        manifest = yield from _fill(streamed_archive(), settings, aside)
    except BrokenPipeError:
        raise CommandFailed(
            "Die Sicherung ist unvollständig: Das Programm, das sie bekam, hat aufgehört zu lesen."
        ) from None
    except OSError as error:
        raise CommandFailed(
            f"Die Sicherung ist unvollständig ({error.strerror or error}). Ist in {aside} Platz für die Datenbank?"
        ) from None
    yield from _summary("Sicherung ausgegeben", manifest)


def _fill(
    opening: AbstractContextManager[NewArchive], settings: Settings, aside: Path
) -> Generator[str, None, Manifest]:
    made_at = now()
    if settings.sqlite_file and not settings.sqlite_file.exists():
        raise CommandFailed(f"Die Datenbank {settings.sqlite_file} gibt es nicht.")
    try:
        with opening as archive:
            copying = _Copying(archive, make_files(settings))
            with view_of(settings) as view:
                files = view.files()
            yield f"Dateien: {len(files)}"
            yield from copying.copy(files)
            manifest = yield from _held_still(settings, copying, aside)
            archive.add_manifest(manifest.model_copy(update={"made_at": made_at}))
    except StoreFailed as failure:
        raise refused_by_store(failure) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise unreachable(error) from None
    return manifest


def _new_file(target: Path, made_at: datetime) -> Path:
    try:
        if target.is_dir():
            target /= f"smartcity-{moment_for_name(made_at)}.tar"
        taken = target.exists()
    except OSError as error:  # a folder into which the service's user may not look
        raise _not_written(target, error) from None
    if taken:
        pipe = "" if target.is_file() else " Auf die Standardausgabe geht sie mit - als ZIEL."
        raise CommandFailed(f"{target} gibt es schon; eine Sicherung wird nie überschrieben.{pipe}")
    return target


def _not_written(target: Path, error: OSError) -> CommandFailed:
    return CommandFailed(f"{target} lässt sich nicht schreiben ({error.strerror or error}).")


def _held_still(settings: Settings, copying: _Copying, folder: Path) -> Generator[str, None, Manifest]:
    """Dump a view of which every file is in the archive.

    A file that is replaced just now is gone for the view that still knows it; the next view does not. What is gone in
    two views after each other is lost, and the manifest says so.
    """
    lost: set[str] = set()
    for _ in range(_VIEWS):
        with view_of(settings) as view:
            files = view.files()
            yield from copying.copy(files)
            if copying.gone <= lost:
                yield "Datenbank …"
                return _dumped(settings, view, copying, files, folder)
        lost = copying.gone
    raise CommandFailed("Gerade werden zu viele Dateien ersetzt. Versuchen Sie es in einigen Minuten noch einmal.")


def _dumped(settings: Settings, view: View, copying: _Copying, files: Mapping[str, str], folder: Path) -> Manifest:
    kind = kind_of(settings)
    with tempfile.TemporaryDirectory(prefix=".smartcity-backup-", dir=folder) as aside:
        copy = Path(aside) / "database"
        view.dump(copy)
        held = copying.archive.add_database(DATABASE_MEMBERS[kind], copy)
    kept: dict[str, Held] = {key: copying.archive.files[key] for key in files if key in copying.archive.files}
    return Manifest(
        format=FORMAT,
        tool=__version__,
        made_at=now(),
        kind=kind,
        server=view.server,
        migration=view.migration,
        key_fingerprint=fingerprint(settings),
        database=held,
        files=kept,
        lost=sorted(copying.gone),
    )


def _summary(what: str, manifest: Manifest) -> Iterator[str]:
    yield f"{what}, Datenbank, Dateien: {len(manifest.files)}, Stand {moment(now())}"
    if manifest.lost:
        yield f"Achtung: Dateien, die im Speicher für Dateien fehlen oder beschädigt sind: {len(manifest.lost)}."
    yield "Der geheime Schlüssel (SMARTCITY_SECRET_KEY) ist nicht dabei; ohne ihn nützt die Sicherung nichts."
