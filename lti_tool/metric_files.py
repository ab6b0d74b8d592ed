"""Lets all processes of one server count together: each writes a small file, whoever is asked adds them up.

The library names a file by process id, and would keep one for each process that ever lived. Here a process takes a
numbered seat that is free and goes on with its file: so many files as there were processes at the same time, however
often they are replaced. The seat is a lock on a file, which the system gives back whatever ends the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from prometheus_client import values

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "smartcity-metrics-"
_SEATS: dict[int, tuple[int, str]] = {}
"""Process id -> descriptor of the lock and number of the seat; what a parent held is the parent's."""


def share_between_processes() -> None:
    """Count in files from now on; call this before any metric is made. A second call changes nothing."""
    if FOLDER in os.environ:
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _delete_if_left_behind(folder)
    os.environ[FOLDER] = str(_made_and_seated())
    values.ValueClass = values.MultiProcessValue(_seat)  # type: ignore[no-untyped-call]  # the library has no types here


def shared_folder() -> Path | None:
    """Return where the processes of this server count, None if this one counts alone."""
    folder = os.environ.get(FOLDER)
    return Path(folder) if folder else None


def delete_shared_folder() -> None:
    """Clean up at the end of the server."""
    folder = shared_folder()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def forget_gauges_of_the_dead(folder: Path) -> None:
    """Delete what ended processes said of themselves; what they counted stays."""
    for lock in folder.glob("*.seat"):
        with suppress(OSError), lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _delete_gauges(folder, lock.stem)


def _made_and_seated() -> Path:
    """Make the folder under another name and sit down before others can find it, and think that nobody lives there."""
    begun = Path(tempfile.mkdtemp(prefix="smartcity-begins-"))
    _SEATS[os.getpid()] = next(_free_seats(begun))
    return begun.rename(begun.with_name(begun.name.replace("smartcity-begins-", _PREFIX)))


def _seat() -> str:
    """Return the number of this process's seat, taking the first free one."""
    held = _SEATS.get(os.getpid())
    if held is None:
        held = next(_free_seats(Path(os.environ[FOLDER])))
        _SEATS.clear()
        _SEATS[os.getpid()] = held
        _delete_gauges(Path(os.environ[FOLDER]), held[1])
    return held[1]


def _free_seats(folder: Path) -> Iterator[tuple[int, str]]:
    for number in count():
        descriptor = os.open(folder / f"{number}.seat", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        yield descriptor, str(number)


def _delete_gauges(folder: Path, seat: str) -> None:
    for file in folder.glob(f"gauge_*_{seat}.db"):
        file.unlink(missing_ok=True)


def _delete_if_left_behind(folder: Path) -> None:
    """Delete the folder of a server that was killed; one that lives holds a seat in its own."""
    with suppress(OSError):
        if folder.stat().st_uid != os.getuid():
            return
        for lock in folder.glob("*.seat"):
            with lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
