"""Places that are written to: may they be, and is there room?"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.settings import Settings

_MIB = 1024 * 1024
_TOO_LITTLE = 200 * _MIB
_LITTLE = 1024 * _MIB


def examine_places(settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each folder, and one for the room on its disk."""
    places = {"Ordner für temporäre Dateien": Path(tempfile.gettempdir())}
    if settings.sqlite_file:
        places["Ordner der Datenbank"] = settings.sqlite_file.parent
    if settings.files_folder:
        places["Ordner für abgegebene Dateien"] = settings.files_folder
    elif not settings.has_place_for_files:
        yield hint(
            "places.files",
            "Für abgegebene Dateien ist kein Ordner gesetzt; Fragen, die eine Datei verlangen, warten darauf.",
            "Setzen Sie SMARTCITY_FILES_DIR.",
        )
    for name, folder in places.items():
        yield _writable(name, folder)
    yield from _room({name: _existing(folder) for name, folder in places.items()})


def _writable(name: str, folder: Path) -> Finding:
    probe = _existing(folder) / f".{secrets.token_hex(8)}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return bad(
            "places.writable",
            f"In den {name} lässt sich nicht schreiben: {folder} ({error.strerror}).",
            "Geben Sie dem Benutzer des Dienstes das Recht dazu.",
        )
    return good("places.writable", f"In den {name} lässt sich schreiben: {folder}.")


def _room(folders: dict[str, Path]) -> Iterator[Finding]:
    told: set[int] = set()
    for folder in folders.values():
        disk = folder.stat().st_dev
        if disk in told:
            continue
        told.add(disk)
        free = shutil.disk_usage(folder).free
        words = f"Auf der Platte von {folder} sind {free // _MIB} MiB frei."
        if free < _TOO_LITTLE:
            yield bad("places.room", words, "Schaffen Sie Platz, bevor nichts mehr gespeichert werden kann.")
        elif free < _LITTLE:
            yield hint("places.room", words, "Schaffen Sie Platz; unter 200 MiB wird es ernst.")
        else:
            yield good("places.room", words)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there: the tool makes the rest itself."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.is_dir())
