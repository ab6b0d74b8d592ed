"""So many requests a minute and client address, and no more (row L16); each door counts for itself."""

from __future__ import annotations

import time

import limits
from flask import Flask, current_app, request

from lti_tool.domain.errors import Code, Refusal

_EXTENSION = "rates"


def install(app: Flask, rates: dict[str, str]) -> None:
    """Set the rate of each door, such as `{"login": "200/minute"}`."""
    limiter = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())
    app.extensions[_EXTENSION] = (limiter, {door: limits.parse(rate) for door, rate in rates.items()})


def limit_rate(door: str) -> None:
    """Count this request.

    Raises:
        Refusal: `rate_limited`, with the seconds to wait.
    """
    limiter, rates = current_app.extensions[_EXTENSION]
    address = request.remote_addr or ""
    if not limiter.hit(rates[door], door, address):
        reset_at, _ = limiter.get_window_stats(rates[door], door, address)
        raise Refusal(Code.RATE_LIMITED, retry_after=max(1, int(reset_at - time.time()) + 1))
