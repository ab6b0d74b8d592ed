"""Pictures made fit to be shown: known by their bytes, turned upright, small, and without anything but the picture.

What a camera writes beside it (place, time, owner) is not taken along, as the picture is written anew. Pillow is loaded
by the few requests that need it.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from lti_tool.domain.file_types import BadFile, FileFault

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
MEDIA_TYPE = "image/webp"
_QUALITY = 82
_PLAIN = ("RGB", "RGBA", "L", "CMYK", "YCbCr")
"""Pictures of these kinds can be made smaller as they are."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as it is stored."""

    data: bytes
    width: int
    height: int


def shown_picture(data: bytes) -> ShownPicture:
    """Write a JPEG, PNG or WebP anew.

    Raises:
        BadFile: with the fault; `too_large` also for more pixels than are decoded.
    """
    if not data:
        raise BadFile(FileFault.EMPTY)
    if len(data) > MOST_BYTES:
        raise BadFile(FileFault.TOO_LARGE)
    kind = _kind(data)
    if kind is None:
        raise BadFile(FileFault.WRONG_TYPE)
    return _written_anew(data, kind)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _written_anew(data: bytes, kind: str) -> ShownPicture:
    from PIL import Image, ImageOps  # noqa: PLC0415 -- see above

    too_large = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > MOST_PIXELS:  # only the header has been read
                raise BadFile(FileFault.TOO_LARGE)
            plain = image if image.mode in _PLAIN else image.convert("RGBA")
            plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(plain)
            shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except too_large as error:
        raise BadFile(FileFault.TOO_LARGE) from error
    except BadFile:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error) as error:
        raise BadFile(FileFault.DAMAGED) from error
    shown.info.clear()
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=_QUALITY)
    return ShownPicture(out.getvalue(), shown.width, shown.height)
