"""The life of a signing key, told by one date and the clock.

next      published, signs from a later time; platforms that keep our key set meanwhile learn of it
active    the newest whose time has come; it alone signs
retired   still published until the last token it may have signed is over (row K1)
gone      no longer published; the worker deletes it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PUBLISHED_BEFORE = timedelta(days=1)
PUBLISHED_AFTER = timedelta(days=1)


class KeyState(StrEnum):
    """Where a key is in its life."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class KeyDates:
    """What is stored of a key besides its secret."""

    kid: str
    created_at: datetime
    signs_from: datetime


@dataclass(frozen=True, slots=True)
class KeyLife:
    """One key's dates and state; `published_until` is None as long as no later key is there to replace it."""

    kid: str
    state: KeyState
    created_at: datetime
    signs_from: datetime
    published_until: datetime | None


def lives(keys: Sequence[KeyDates], now: datetime) -> list[KeyLife]:
    """Return the state of each key, given in the order in which they sign.

    The oldest key signs whatever its date if no other may: without one nothing works, and a clock that was set back
    must not do that.
    """
    active = max((index for index, key in enumerate(keys) if key.signs_from <= now), default=0)
    return [_life(keys, index, active, now) for index in range(len(keys))]


def _life(keys: Sequence[KeyDates], index: int, active: int, now: datetime) -> KeyLife:
    key = keys[index]
    until = keys[index + 1].signs_from + PUBLISHED_AFTER if index + 1 < len(keys) else None
    if index > active:
        state = KeyState.NEXT
    elif index == active:
        state = KeyState.ACTIVE
    else:
        state = KeyState.GONE if until is not None and until <= now else KeyState.RETIRED
    return KeyLife(key.kid, state, key.created_at, key.signs_from, until)
