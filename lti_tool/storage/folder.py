"""Files that people hand in, in a folder of this machine that no web server shows."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


class FolderStore:
    """Fits `services.ports.FileStore`. A file is there wholly or not at all, also after a crash."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key.

        Raises:
            OSError: there is no folder, or no space in it.
        """
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = target.with_name(f"{target.name}.{uuid4().hex}.part")
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)

    def get(self, key: str) -> bytes:
        """Return the bytes of a key.

        Raises:
            OSError: there is no such file.
        """
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Delete a key's bytes; none there is as good."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if self._folder is None:
            raise FileNotFoundError("no folder for files is set: SMARTCITY_FILES_DIR")
        return self._folder.joinpath(*checked_key(key).split("/"))


def checked_key(key: str) -> str:
    """Return a key that can be a path: numbers and letters, never a person's or a file's name.

    Raises:
        ValueError: it is none.
    """
    if not all(part.isascii() and part.replace("-", "").isalnum() for part in key.split("/")):
        raise ValueError(f"not a key: {key}")
    return key
