"""Tells when the clock of this machine jumped: leases end by it, and would all seem to have ended, or none."""

from __future__ import annotations

import time
from collections.abc import Callable

from lti_tool.services.outbox import LEASE
from lti_tool.services.ports import Clock

LARGEST_SLEW_SECONDS = 10.0
"""What differs by less is the ordinary work of NTP, or a round that took its time."""


class ClockWatch:
    """Compares the clock with one that only runs on."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._offset = self._measured()
        self._trusted_at = float("-inf")

    def jumped(self) -> float:
        """Return by how many seconds the clock jumped since it was last looked at, 0 if it did not."""
        offset = self._measured()
        jump, self._offset = offset - self._offset, offset
        if abs(jump) < LARGEST_SLEW_SECONDS:
            return 0.0
        self._trusted_at = self._monotonic() + LEASE.total_seconds()
        return jump

    @property
    def is_trusted(self) -> bool:
        """Whether a lease that seems to have ended has: not for the length of a lease after a jump."""
        return self._monotonic() >= self._trusted_at

    def _measured(self) -> float:
        return self._clock().timestamp() - self._monotonic()
