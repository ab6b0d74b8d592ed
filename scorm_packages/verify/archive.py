"""The archive as a whole: can it be opened without harm, and do its names work everywhere?"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from scorm_packages.archive import unpacked
from scorm_packages.errors import Finding, PackageError, Severity
from scorm_packages.verify.manifest import NAME, check_manifest
from scorm_packages.verify.pages import check_pages
from scorm_packages.verify.saving import check_saving
from scorm_packages.verify.signpost import check_signposts
from scorm_packages.verify.structure import check_structure, is_cmi5

LARGEST = 500 * 1024 * 1024
MOST_MEMBERS = 10_000
_LONGEST_NAME = 100
_LINK = 0o12  # the type of file that a Unix zip notes for a symbolic link
_PLAIN = re.compile(r"^[A-Za-z0-9._/-]+$")


def verify(data: bytes) -> tuple[Finding, ...]:
    """Return all findings; without an error an archive may be imported.

    What could do harm when it is unpacked is told alone: such an archive is not looked into any further.
    """
    harm = harmful(data)
    if harm:
        return harm
    try:
        files = unpacked(data)
    except PackageError:
        return (Finding("", "Das Archiv ist beschädigt", "das Paket neu bauen oder herunterladen"),)
    return tuple(_all(files))


def _all(files: dict[str, bytes]) -> Iterator[Finding]:
    cmi5 = is_cmi5(files)
    yield from _names(list(files))
    if cmi5:
        yield from check_structure(files)
    if NAME in files or not cmi5:
        yield from check_manifest(files)
    yield from check_pages(files, fetches=cmi5)
    yield from check_signposts(files)
    yield from check_saving(files)


def harmful(data: bytes) -> tuple[Finding, ...]:
    """Return what makes an archive unsafe to unpack, or no archive at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return (Finding("", "Die Datei ist kein ZIP-Archiv", "das Paket neu bauen oder herunterladen"),)
    return tuple(_harm(members))


def _harm(members: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    size = sum(member.file_size for member in members)
    if size > LARGEST or len(members) > MOST_MEMBERS:
        yield Finding("", "Das Archiv ist zu groß", "Medien verkleinern; höchstens 500 MiB und 10.000 Dateien")
    for member in members:
        name = member.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or re.match(r"^[A-Za-z]:", name):
            yield Finding(name, "Der Name führt aus dem Archiv heraus", "nur Namen unterhalb des Archivs verwenden")
        if member.flag_bits & 1:
            yield Finding(name, "Die Datei ist verschlüsselt", "das Archiv ohne Passwort packen")
        if (member.external_attr >> 28) == _LINK:
            yield Finding(name, "Die Datei ist ein Verweis auf eine andere", "die Datei selbst einpacken")


def _names(names: list[str]) -> Iterator[Finding]:
    for name in names:
        if not _PLAIN.match(name) or len(name) > _LONGEST_NAME:
            yield Finding(
                name,
                "Der Name hat andere Zeichen als A–Z, a–z, 0–9, Punkt, - und _ oder ist länger als 100 Zeichen",
                "die Datei kürzer und ohne Umlaute benennen",
                Severity.WARNING,
            )
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            yield Finding(name, "Zwei Dateien unterscheiden sich nur in Groß- und Kleinschreibung", "eine umbenennen")
