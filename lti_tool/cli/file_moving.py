"""Brings all files from the folder to the object store or back, while the tool is in use; may be repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from lti_tool.app import make_s3
from lti_tool.cli.database import unreachable
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.store_words import refused_by_store
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.services.known_files import PAGE, KnownFiles
from lti_tool.settings import Settings
from lti_tool.storage.errors import StoreFailed
from lti_tool.storage.folder import FolderStore
from lti_tool.storage.moving import FileMove, Outcome

_SHOWN = 20
_AGAIN = "Was umgezogen ist, bleibt es; derselbe Befehl macht weiter."
_Result = TypeVar("_Result")


class _Books:
    """Asks the database in short transactions: none is open while a store works."""

    def __init__(self, settings: Settings) -> None:
        self._engine = make_engine(settings.database_url)
        self._sessions = make_sessions(self._engine)

    def ask(self, question: Callable[[KnownFiles], _Result]) -> _Result:
        with self._sessions() as session:
            session.connection(execution_options={"read_only": True})
            return question(KnownFiles(session))

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield key and SHA-256 of every file."""
        after = ""
        while page := self.ask(lambda known: known.page(after)):  # noqa: B023 -- asked at once
            yield from page
            after = page[-1][0]

    def close(self) -> None:
        self._engine.dispose()


def move_files(to: str) -> Iterator[str]:
    """Move every file; yield how far it is and what came out.

    Raises:
        CommandFailed: one of the places is not set, a store or the database is away, or files are lost.
    """
    settings = settings_from_environment()
    if settings.files_store != to:
        raise CommandFailed(
            f"Neue Dateien gehen noch woandershin. Setzen Sie zuerst SMARTCITY_FILES_STORE={to}, und starten Sie "
            "Werkzeug und Zustellung auf allen Rechnern neu."
        )
    bucket = make_s3(settings)
    if bucket is None or settings.files_folder is None:
        raise CommandFailed("Setzen Sie für den Umzug beides: den Objektspeicher (SMARTCITY_S3_…) und den Ordner.")
    folder = FolderStore(settings.files_folder)
    source, target = (folder, bucket) if to == "s3" else (bucket, folder)
    with closing(_Books(settings)) as books:
        move = FileMove(source, target, lambda key: books.ask(lambda known: known.knows(key)))
        try:
            yield from _move_all(books, move)
        except StoreFailed as failure:
            raise refused_by_store(failure, _AGAIN) from None
        except OSError as error:
            raise CommandFailed(f"Der Ordner macht nicht mit ({error.strerror}). {_AGAIN}") from None
        except SQLAlchemyError as error:
            raise unreachable(error) from None


def _move_all(books: _Books, move: FileMove) -> Iterator[str]:
    total, outcomes, lost = books.ask(KnownFiles.count), Counter[Outcome](), list[str]()
    yield f"Dateien: {total}"
    for number, (key, digest) in enumerate(books.files(), 1):
        outcome = move(key, digest)
        outcomes[outcome] += 1
        if outcome is Outcome.LOST:
            lost.append(key)
        if number % PAGE == 0:
            yield f"Dateien: {number} von {total}"
    yield (
        f"Umgezogen: {outcomes[Outcome.MOVED]}, schon dort und geprüft: {outcomes[Outcome.THERE_ALREADY]}, "
        f"inzwischen gelöscht: {outcomes[Outcome.GONE]}."
    )
    if lost:
        names = "".join(f"\n  {key}" for key in lost[:_SHOWN])
        raise CommandFailed(f"Dateien, die an keinem Ort unversehrt liegen: {len(lost)}.{names}")
