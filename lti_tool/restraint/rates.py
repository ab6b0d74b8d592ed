"""So many requests a minute for each name, counted in the memory of this process.

A bucket that fills evenly (GCRA): after a pause all requests of a minute may come at once, then one for each that the
bucket gained meanwhile. All that is kept of a name is the moment when its bucket will be full again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

_RATE = re.compile(
    r"(?P<amount>[1-9]\d*)\s*(/|per\b)\s*(?P<many>[1-9]\d*)?\s*(?P<unit>[a-z]+?)s?", re.ASCII | re.IGNORECASE
)
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "month": 30 * 86_400, "year": 360 * 86_400}

MOST_NAMES = 20_000
"""Beyond that the name that was quiet longest is forgotten: a flood from many addresses costs no memory."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many within so many seconds."""

    amount: int
    seconds: float

    @classmethod
    def parse(cls, rate: str) -> Quota:
        """Read a rate such as `200/minute`, `5 per hour` or `100/2 hours`.

        Raises:
            ValueError: this is none.
        """
        found = _RATE.fullmatch(rate.strip())
        if found is None or found["unit"].lower() not in _SECONDS:
            raise ValueError(rate)
        return cls(int(found["amount"]), float(int(found["many"] or 1) * _SECONDS[found["unit"].lower()]))


class Rates(Protocol):
    """Counts."""

    def seconds_to_wait(self, name: str, quota: Quota, *, count: bool = True) -> float:
        """Return 0 if one more is within the quota, and count it; else the seconds until it will be."""


class MemoryRates:
    """Fits `Rates`; for all threads of a process."""

    def __init__(self, now: Callable[[], float] = time.monotonic, most_names: int = MOST_NAMES) -> None:
        self._now = now
        self._most_names = most_names
        self._lock = Lock()
        self._full_at: dict[str, float] = {}

    def seconds_to_wait(self, name: str, quota: Quota, *, count: bool = True) -> float:
        """See `Rates`."""
        now = self._now()
        with self._lock:
            full_at = max(self._full_at.get(name, now), now) + quota.seconds / quota.amount
            if full_at - now > quota.seconds + 1e-6:
                return full_at - now - quota.seconds
            if count:
                self._full_at.pop(name, None)  # so that the oldest stand first
                self._full_at[name] = full_at
                if len(self._full_at) > self._most_names:
                    del self._full_at[next(iter(self._full_at))]
        return 0.0
