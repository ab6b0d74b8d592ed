"""Strings that come from a platform: ids are taken as they are or refused, texts for people are cleaned."""

from __future__ import annotations

import re
from typing import Any

LONGEST_ID = 255
"""LTI 1.3 core 5.3: ids have at most 255 characters."""

_UNPRINTABLE = r"\x00-\x1f\x7f-\x9f\ud800-\udfff"
_NOT_IN_AN_ID = re.compile(f"[{_UNPRINTABLE}]")
_NOT_IN_A_TEXT = re.compile(
    f"[{_UNPRINTABLE}"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reverse the reading direction, also of what follows (A62)
    "\u2028\u2029\ufeff]"
)


def identifier(value: Any) -> str | None:
    """Return an id as sent; None if it is no string of 1 to 255 printable characters."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        return None
    return None if _NOT_IN_AN_ID.search(value) else value


def text(value: Any, longest: int = 255) -> str:
    """Return a text for people without control characters and direction marks, cut; "" if it is none."""
    if not isinstance(value, str):
        return ""
    return _NOT_IN_A_TEXT.sub("", " ".join(value[: longest * 4].split()))[:longest].strip()


def parameter(value: str) -> str:
    """Return a custom parameter's value without what no database and no page takes; line breaks stay."""
    return re.sub(r"[\x00\ud800-\udfff]", "", value).strip()
