"""Identifiers of our own rows: random, but in the order of their making.

UUID version 7 (RFC 9562, 5.7): new rows land at the right edge of their index, and no id tells how many there are.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> UUID:
    """Return a fresh UUIDv7."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def made_at(row_id: UUID) -> datetime:
    """Return when `new_id` made this id, to the millisecond."""
    return datetime.fromtimestamp((row_id.int >> 80) / 1000, tz=UTC)
