"""Who was at a live date: minutes that count, and the short code that proves somebody was there."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from lti_tool.domain.certification import own_dates
from lti_tool.domain.live_dates import Occasion

LONGEST_REASON = 500
OPENS_BEFORE = timedelta(minutes=15)
CODE_AFTER = timedelta(minutes=15)
"""So long after the end a code is still taken."""
WINDOW = timedelta(minutes=5)
"""Codes change so often; the one before is taken, too, so nobody has to hurry."""
CODE_LENGTH = 6
_LETTERS = "ACDEFGHJKMNPQRTUVWXY3479"
"""None that looks like another one; no word can be read in them but by chance."""


class How(StrEnum):
    """How it became known that somebody was there."""

    INSTRUCTOR = "instructor"
    CODE = "code"


def minutes_of(occasion: Occasion) -> int:
    """Return how long a date is held."""
    return (occasion.plan.ends_at - occasion.plan.starts_at) // timedelta(minutes=1)


def subject_of(occasion: Occasion) -> str:
    """Return what the time counts for, as completions are named: a module's id, or `own_dates`."""
    subject = occasion.plan.subject
    return subject.module_id or own_dates(subject.certification_id or "")


def can_be_noted(occasion: Occasion, now: datetime) -> bool:
    """Whether attendance may be noted: from a little before the date begins, unless it was called off."""
    return not occasion.cancelled_at and now >= occasion.plan.starts_at - OPENS_BEFORE


def takes_codes(occasion: Occasion, now: datetime) -> bool:
    """Whether a code counts now."""
    return can_be_noted(occasion, now) and now < occasion.plan.ends_at + CODE_AFTER


def code_at(secret: str, occasion: Occasion, now: datetime) -> str:
    """Return the code to show. It follows from secret, date and time, so it is stored nowhere."""
    return _code(secret, occasion, _window(now))


def is_code(secret: str, occasion: Occasion, typed: str, now: datetime) -> bool:
    """Whether this is the date's code of now or of the window before; case, spaces and hyphens do not matter."""
    code = "".join(typed.split()).replace("-", "").upper().encode()
    valid = (_code(secret, occasion, _window(now) - back) for back in (0, 1))
    found = [hmac.compare_digest(code, one.encode()) for one in valid]
    return takes_codes(occasion, now) and any(found)


def until_next_code(now: datetime) -> timedelta:
    """Return how long the code of now is shown."""
    return WINDOW - timedelta(seconds=now.timestamp() % WINDOW.total_seconds())


def _window(now: datetime) -> int:
    return int(now.timestamp() // WINDOW.total_seconds())


def _code(secret: str, occasion: Occasion, window: int) -> str:
    mark = hmac.digest(secret.encode(), f"attendance {occasion.id} {window}".encode(), sha256)
    number, letters = int.from_bytes(mark, "big"), []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)
