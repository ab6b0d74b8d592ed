"""The archive: a plain tar, written aside and renamed when it is whole, and read with every checksum checked.

It can go through a pipe as well, in both directions.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from lti_tool.cli.backup.manifest import MEMBER, Held, Manifest, file_member, parsed
from lti_tool.cli.german import CommandFailed

STREAM = Path("-")
"""Standard output or input instead of a file."""
_CHUNK = 1 << 20


class NewArchive:
    """Takes members; nothing of it is seen under its name before the end."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, Held] = {}

    def add_file(self, key: str, data: bytes) -> None:
        """Add what somebody handed in."""
        self.files[key] = Held(size=len(data), sha256=sha256(data).hexdigest())
        self._add(file_member(key), len(data), BytesIO(data))

    def add_database(self, name: str, path: Path) -> Held:
        """Add the copy of the database."""
        held = held_by(path)
        with path.open("rb") as source:
            self._add(name, held.size, source)
        return held

    def add_manifest(self, manifest: Manifest) -> None:
        """Add the last member."""
        data = manifest.model_dump_json(indent=1).encode()
        self._add(MEMBER, len(data), BytesIO(data))

    def _add(self, name: str, size: int, source: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, source)


@contextmanager
def new_archive(target: Path) -> Iterator[NewArchive]:
    """Open an archive that gets its name when everything went well, readable for its owner only."""
    part = target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield NewArchive(tar)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def streamed_archive() -> Iterator[NewArchive]:
    """Open an archive that goes to standard output as it grows; only whoever reads its last member has all of it."""
    with (
        open(sys.stdout.fileno(), "wb", closefd=False) as out,
        tarfile.open(fileobj=out, mode="w|") as tar,
    ):
        yield NewArchive(tar)


class OpenArchive:
    """An archive to read."""

    def __init__(self, name: str, tar: tarfile.TarFile) -> None:
        self._name = name
        self._tar = tar
        self._members = {member.name: member for member in tar.getmembers()}
        self.manifest = parsed(self._member(MEMBER).read(), name)

    def file(self, key: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            CommandFailed: they are not those that were put in.
        """
        data = self._member(file_member(key)).read()
        self._refuse_other(Held(size=len(data), sha256=sha256(data).hexdigest()), self.manifest.files[key])
        return data

    def copy_database(self, target: Path) -> None:
        """Write the copy of the database to a file.

        Raises:
            CommandFailed: it is not the one that was put in.
        """
        with target.open("wb") as out:
            shutil.copyfileobj(self._member(self.manifest.database_member), out, _CHUNK)
        self._refuse_other(held_by(target), self.manifest.database)

    def _member(self, name: str) -> IO[bytes]:
        try:
            member = self._tar.extractfile(self._members[name])
        except (KeyError, tarfile.TarError, OSError):
            member = None
        if member is None:
            raise CommandFailed(f"{self._name} ist keine vollständige Sicherung: {name} fehlt oder ist unlesbar.")
        return member

    def _refuse_other(self, found: Held, promised: Held) -> None:
        if found != promised:
            raise CommandFailed(
                f"{self._name} ist beschädigt: Eine Prüfsumme stimmt nicht. Nehmen Sie eine andere Sicherung."
            )


@contextmanager
def open_archive(path: Path) -> Iterator[OpenArchive]:
    """Open an archive; what comes from standard input is kept aside first, as its last member is needed first.

    Raises:
        CommandFailed: it is not there, or is none.
    """
    name = "Die Eingabe" if path == STREAM else str(path)
    try:
        with _received() if path == STREAM else _opened(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield OpenArchive(name, tar)
    except (tarfile.TarError, EOFError) as error:
        raise CommandFailed(f"{name} ist keine Sicherung, oder sie ist abgeschnitten ({error}).") from None


@contextmanager
def _received() -> Iterator[IO[bytes]]:
    if sys.stdin.isatty():
        raise CommandFailed(
            "Auf der Eingabe kommt nichts an. Leiten Sie eine Sicherung dorthin, oder nennen Sie ihre Datei."
        )
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file, _CHUNK)
        file.seek(0)
        yield file


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise CommandFailed(f"Die Datei {path} gibt es nicht.") from None
    except OSError as error:  # a folder, or a file of somebody else
        raise CommandFailed(f"{path} lässt sich nicht lesen ({error.strerror or error}).") from None


def held_by(path: Path) -> Held:
    """Return size and checksum of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return Held(size=path.stat().st_size, sha256=digest.hexdigest())
