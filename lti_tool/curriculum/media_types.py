"""Which files a module may bring, and what each is used for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

PICTURES: Mapping[str, str] = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
VIDEOS: Mapping[str, str] = {".mp4": "video/mp4", ".webm": "video/webm"}
SOUNDS: Mapping[str, str] = {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4"}
CAPTIONS: Mapping[str, str] = {".vtt": "text/vtt"}
DOWNLOADS: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".csv": "text/csv",
    ".ics": "text/calendar",
    ".txt": "text/plain",
}
MEDIA_TYPES: Mapping[str, str] = {**PICTURES, **VIDEOS, **SOUNDS, **CAPTIONS, **DOWNLOADS}


def media_type(name: str) -> str | None:
    """Return a file's media type by its name; None if a module may not bring such a file."""
    return MEDIA_TYPES.get(suffix(name))


def is_download(name: str) -> bool:
    """Tell whether a file is saved, not shown."""
    return suffix(name) in DOWNLOADS


def suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def captions_for(name: str) -> str:
    """Return the name of the file that holds the captions of a video or audio file."""
    return f"{PurePosixPath(name).with_suffix('.vtt')}"
