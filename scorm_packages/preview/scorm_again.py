"""scorm-again, a SCORM run-time that others make (MIT): authors may have it fetched; it is no part of this project."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from scorm_packages.errors import PackageError

NAME = "scorm-again"
VERSION = "3.4.3"
SHA512 = "Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg=="
"""Of what npm hands out; anything else is not unpacked."""
SCRIPTS = {"1.2": "scorm12.min.js", "2004": "scorm2004.min.js"}
_PATIENCE = 120


def folder() -> Path:
    """Return where it is kept between two looks."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "smart-city-lernen" / NAME / VERSION


def script(edition: str) -> bytes | None:
    """Return the run-time of an edition; None where it has not been fetched."""
    path = folder() / SCRIPTS[edition]
    return path.read_bytes() if path.is_file() else None


def fetch() -> None:
    """Fetch it by npm, unless it is there.

    Raises:
        PackageError: npm is missing, gives nothing, or gives something else.
    """
    if all((folder() / name).is_file() for name in SCRIPTS.values()):
        return
    npm = shutil.which("npm")
    if not npm:
        raise PackageError(f"{NAME} kommt über npm, und npm ist nicht installiert. Ohne --scorm-again geht es auch.")
    with tempfile.TemporaryDirectory() as work:
        try:
            command = [npm, "pack", "--silent", f"{NAME}@{VERSION}"]
            subprocess.run(command, cwd=work, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603 -- fixed words
            (archive,) = Path(work).glob("*.tgz")
        except (subprocess.SubprocessError, ValueError) as error:
            raise PackageError(f"npm konnte {NAME} {VERSION} nicht holen. Ohne --scorm-again geht es auch.") from error
        if digest(archive.read_bytes()) != SHA512:
            raise PackageError(
                f"npm hat ein anderes {NAME} {VERSION} geliefert als das bekannte; es wird nicht benutzt."
            )
        _unpack(archive)


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha512(data).digest()).decode()


def _unpack(archive: Path) -> None:
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            for name in SCRIPTS.values():
                member = packed.extractfile(f"package/dist/{name}")
                (folder() / name).write_bytes(member.read() if member else b"")
    except OSError as error:
        raise PackageError(f"In den Ordner {folder()} lässt sich nicht schreiben: {error.strerror}.") from error
