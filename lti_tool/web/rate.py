"""So many requests a minute and client address, and no more (row L16); each door counts for itself.

Counted in the memory of this process.
"""

from __future__ import annotations

import math
import time
from threading import Lock

import limits
from flask import Flask, current_app, request

from lti_tool.domain.errors import Code, Refusal

_EXTENSION = "rates"


class Rate:
    """A rate such as "200/minute", for each name that is counted.

    All names share their windows, so that what was counted is forgotten at once and nothing has to be swept; the
    storages of `limits` start a thread for that every few requests.
    """

    def __init__(self, rate: str) -> None:
        parsed = limits.parse(rate)
        self._most = parsed.amount
        self._seconds = parsed.get_expiry()
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._ends_at = 0.0

    def seconds_to_wait(self, name: str) -> int:
        """Count one more; return 0 if it is within the rate, else after how many seconds the next window begins."""
        now = time.monotonic()
        with self._lock:
            if now >= self._ends_at:
                self._counts, self._ends_at = {}, now + self._seconds
            count = self._counts.get(name, 0) + 1
            self._counts[name] = count
            return 0 if count <= self._most else math.ceil(self._ends_at - now)


def install(app: Flask, rates: dict[str, str]) -> None:
    """Set the rate of each door, such as `{"login": "200/minute"}`."""
    app.extensions[_EXTENSION] = {door: Rate(rate) for door, rate in rates.items()}


def limit_rate(door: str) -> None:
    """Count this request.

    Raises:
        Refusal: `rate_limited`, with the seconds to wait.
    """
    rates: dict[str, Rate] = current_app.extensions[_EXTENSION]
    seconds = rates[door].seconds_to_wait(request.remote_addr or "")
    if seconds:
        raise Refusal(Code.RATE_LIMITED, retry_after=seconds)
