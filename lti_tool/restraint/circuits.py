"""A circuit breaker for each platform: who does not answer is left alone for a while, then asked once.

Closed: calls go out. Open after some calls in a row without an answer: no call goes out until a moment that moves
further away with each failure. Half open: one caller may try, the others wait until it is known how that ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

PROBE_SECONDS = 15.0
"""For so long nobody else tries while one does; longer than any call may last."""
MOST_CIRCUITS = 20_000


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many failures in a row a circuit opens, and for how many seconds: the first time, and at most."""

    failures: int
    first: float
    longest: float

    def pause(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row; they double."""
        if failures < self.failures:
            return 0.0
        return min(self.first * 2.0 ** min(failures - self.failures, 32), self.longest)


class Circuits(Protocol):
    """Knows which calls are not worth trying."""

    def seconds_to_pause(self, name: str) -> float:
        """Return 0 if a call may go out, which may be the one that tries; else how long to leave it."""

    def failed(self, name: str, patience: Patience) -> float:
        """Take note that no answer came; return how long to leave it."""

    def answered(self, name: str) -> None:
        """Take note of an answer, whatever it says."""


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    open_until: float = float("-inf")


class MemoryCircuits:
    """Fits `Circuits`; for all threads of a process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._failing: dict[str, _Circuit] = {}

    def seconds_to_pause(self, name: str) -> float:
        """See `Circuits`."""
        if name not in self._failing:
            return 0.0
        with self._lock:
            circuit, now = self._failing.get(name), self._now()
            if circuit is None or circuit.open_until == float("-inf"):
                return 0.0
            if now < circuit.open_until:
                return circuit.open_until - now
            circuit.open_until = now + PROBE_SECONDS
            return 0.0

    def failed(self, name: str, patience: Patience) -> float:
        """See `Circuits`."""
        with self._lock:
            circuit = self._failing.pop(name, None) or _Circuit()
            circuit.failures += 1
            pause = patience.pause(circuit.failures)
            if pause:
                circuit.open_until = self._now() + pause
            self._failing[name] = circuit
            if len(self._failing) > MOST_CIRCUITS:
                del self._failing[next(iter(self._failing))]
            return pause

    def answered(self, name: str) -> None:
        """See `Circuits`."""
        if name in self._failing:
            with self._lock:
                self._failing.pop(name, None)
