"""Zips that are the same, byte for byte, whenever the same content is packed; and that are whole or not there."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from scorm_packages.errors import PackageError

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_UNIX = 3
_LEVEL = 6
_FIRST = ("imsmanifest.xml", "cmi5.xml")
_PACKED_ALREADY = (".woff2", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")


def packed(files: Mapping[str, bytes], onto: bytes = b"") -> bytes:
    """Return the archive: what lies in another one, then what says what there is, then everything by name."""
    buffer = io.BytesIO(onto)
    moment = build_moment()
    with zipfile.ZipFile(buffer, "a" if onto else "w") as archive:
        for name in sorted(files, key=lambda name: (name not in _FIRST, name)):
            member = zipfile.ZipInfo(name, moment)
            member.create_system = _UNIX
            member.external_attr = _MODE
            member.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name], compresslevel=_LEVEL)
    return buffer.getvalue()


def build_moment() -> tuple[int, int, int, int, int, int]:
    """SOURCE_DATE_EPOCH, as reproducible builds have it; else the first day a zip can tell."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if not said:
        return _FIRST_DAY
    try:
        there = datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise PackageError("SOURCE_DATE_EPOCH ist keine Zahl von Sekunden seit 1970.") from error
    return max(_FIRST_DAY, (there.year, there.month, there.day, there.hour, there.minute, there.second))


def write(data: bytes, folder: Path, name: str, *, replace: bool) -> Path:
    """Write an archive aside and put it in its place in one step; what a killed build left aside goes.

    Raises:
        PackageError: the folder, the disk or a file of the same name is in the way.
    """
    target = folder / name
    if not replace:
        check_free(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f".{name}.*.part"):
            left.unlink()
        handle, aside = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    except OSError as error:
        raise PackageError(f"In den Ordner {folder} lässt sich nicht schreiben: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(aside).chmod(0o644)
        Path(aside).replace(target)
    except OSError as error:
        raise PackageError(
            f"{target} ließ sich nicht schreiben: {error.strerror}. Es blieb keine halbe Datei."
        ) from error
    finally:
        with suppress(FileNotFoundError):
            Path(aside).unlink()
    return target


def check_free(target: Path) -> None:
    """Refuse a target that is there already.

    Raises:
        PackageError: it is.
    """
    if target.exists():
        raise PackageError(f"{target} gibt es schon. Mit --force wird die Datei ersetzt.")


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive that the checks of `verify` have let pass."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist() if not member.is_dir()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise PackageError(
            "Die Datei ist kein lesbares ZIP-Archiv; bitte laden Sie sie noch einmal herunter."
        ) from error
