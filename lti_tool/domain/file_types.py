"""What a file really is: told by its bytes, never by its name, and for archives by what they hold."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from lti_tool.curriculum.tasks import FileType

MOST_ENTRIES = 2000
LARGEST_UNPACKED = 100 * 1024 * 1024
_LARGEST_PART = 1024 * 1024
_HEAD, _TAIL = 1024, 2048
_LONGEST_NAME = 120
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1


class FileFault(Enum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    DAMAGED = "damaged"
    """Begins like a file of its type, but does not hold what belongs there, or far more when unpacked."""


class BadFile(ValueError):  # noqa: N818 -- said to whoever sent it, not an error of ours
    """A file that is not taken."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file whose bytes fit its type."""

    type: FileType
    media_type: str
    suffix: str


PDF = Recognised(FileType.PDF, "application/pdf", ".pdf")
PNG = Recognised(FileType.IMAGE, "image/png", ".png")
JPEG = Recognised(FileType.IMAGE, "image/jpeg", ".jpg")
ODT = Recognised(FileType.ODT, "application/vnd.oasis.opendocument.text", ".odt")
DOCX = Recognised(FileType.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
SUFFIXES = {
    FileType.PDF: (".pdf",),
    FileType.ODT: (".odt",),
    FileType.DOCX: (".docx",),
    FileType.IMAGE: (".png", ".jpg", ".jpeg"),
}


def recognise(data: bytes, types: tuple[FileType, ...], largest: int) -> Recognised:
    """Return what a file is.

    Args:
        data: its bytes.
        types: the types that are taken.
        largest: most bytes that are taken.

    Raises:
        BadFile: with the fault.
    """
    if not data:
        raise BadFile(FileFault.EMPTY)
    if len(data) > largest:
        raise BadFile(FileFault.TOO_LARGE)
    for begins, look in _LOOKS:
        if begins in data[:_HEAD] if begins == b"%PDF-" else data.startswith(begins):
            found = look(data)
            if found.type not in types:
                raise BadFile(FileFault.WRONG_TYPE)
            return found
    raise BadFile(FileFault.WRONG_TYPE)


def safe_name(name: str, found: Recognised) -> str:
    """Return a name that is no path, has no control characters, and ends as files of its type do."""
    plain = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", plain).strip()
    for suffix in SUFFIXES[found.type]:
        if stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
    return (stem[:_LONGEST_NAME].strip(" .") or "datei") + found.suffix


def _pdf(data: bytes) -> Recognised:
    return _complete(PDF, b"%%EOF" in data[-_TAIL:])


def _png(data: bytes) -> Recognised:
    return _complete(PNG, data[12:16] == b"IHDR" and b"IEND" in data[-_TAIL:])


def _jpeg(data: bytes) -> Recognised:
    return _complete(JPEG, b"\xff\xd9" in data[-_TAIL:])


def _complete(found: Recognised, complete: bool) -> Recognised:
    if not complete:
        raise BadFile(FileFault.DAMAGED)
    return found


def _archive(data: bytes) -> Recognised:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive)
            return _document(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise BadFile(FileFault.DAMAGED) from error


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Unpack every entry once, for its size alone: what an archive says of itself may be a lie."""
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    overlap = any(
        one.header_offset + _LOCAL_HEADER + one.compress_size > other.header_offset for one, other in pairwise(entries)
    )
    if len(entries) > MOST_ENTRIES or overlap or any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise BadFile(FileFault.DAMAGED)
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as part:
            while chunk := part.read(65536):
                unpacked += len(chunk)
                if unpacked > LARGEST_UNPACKED:
                    raise BadFile(FileFault.DAMAGED)


def _document(archive: zipfile.ZipFile) -> Recognised:
    names = set(archive.namelist())
    if "mimetype" in names and _part(archive, "mimetype").strip() == ODT.media_type.encode():
        return _complete(ODT, "content.xml" in names)
    if "[Content_Types].xml" in names:
        kinds = _part(archive, "[Content_Types].xml")
        is_word = b"wordprocessingml.document.main+xml" in kinds and "word/document.xml" in names
        has_macros = b"macroEnabled" in kinds or any(name.endswith("vbaProject.bin") for name in names)
        if is_word and not has_macros:
            return DOCX
    raise BadFile(FileFault.WRONG_TYPE)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LARGEST_PART)


_LOOKS: tuple[tuple[bytes, Callable[[bytes], Recognised]], ...] = (
    (b"PK\x03\x04", _archive),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"%PDF-", _pdf),
)
