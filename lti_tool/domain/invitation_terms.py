"""What an invitation may say: for which town, how long, and which hosts of a house network it lets through."""

from __future__ import annotations

import re
from datetime import timedelta

LONGEST = timedelta(days=90)
LONGEST_NAME = 255

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def town_name(given: str) -> str | None:
    """Return the name with single blanks, None if it is empty or too long."""
    name = " ".join(given.split())
    return name if 0 < len(name) <= LONGEST_NAME else None


def host_name(given: str) -> str | None:
    """Return a host's name in lower case, None if this is anything else, such as an address with a port."""
    host = given.strip().lower()
    return host if _HOST.fullmatch(host) else None
