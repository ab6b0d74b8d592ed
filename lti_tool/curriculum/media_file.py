"""One file of a module's media folder; its bytes stay on the disk, as a video may be large."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that is hashed and measured, and read only where a rule looks inside."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def digest(self) -> bytes:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()

    def read(self) -> bytes:
        return self.path.read_bytes()
