"""Pictures made fit to be shown: known by their bytes, turned upright, small, and without anything but the picture.

What a camera writes beside it (place, time, owner) is not taken along, as the picture is written anew. Pillow is loaded
by the few requests that need it.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lti_tool.domain.file_types import BadFile, FileFault

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 24_000_000, "WEBP": 12_000_000}
"""Below 200 MB while they are decoded: WebP takes four times its pixels, a JPEG is read in a smaller size."""
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
    from PIL import Image  # noqa: PLC0415 -- see above

    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            fits = image.width * image.height <= MOST_PIXELS[kind]  # only the header has been read
            shown = _small(image) if fits else None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile(FileFault.TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error) as error:
        raise BadFile(FileFault.DAMAGED) from error
    if shown is None:
        raise BadFile(FileFault.TOO_LARGE)
    out = io.BytesIO()
    shown.save(out, "WEBP", quality=_QUALITY)
    return ShownPicture(out.getvalue(), shown.width, shown.height)


def _small(image: ImageFile) -> Image:
    """Turn a picture upright and make it small; what is written beside it stays behind."""
    from PIL import ImageOps  # noqa: PLC0415 -- as above

    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read no larger than needed
    plain = image if image.mode in _PLAIN else image.convert("RGBA")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(plain)
    shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    shown.info.clear()
    return shown
