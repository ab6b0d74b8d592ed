"""Lanes: one thread for each platform that grades go to at the moment, so that none waits for another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from threading import Event

_LOOK_AGAIN_SECONDS = 1.0
"""Somebody may want the worker to stop while all lanes are busy."""


class Lanes:
    """At most one lane for each name; a name is taken until its work is done."""

    def __init__(self, pool: Executor, number: int) -> None:
        self._pool = pool
        self._number = number
        self._running: dict[object, Future[None]] = {}

    @property
    def taken(self) -> set[object]:
        """The names that somebody works for."""
        self._running = {name: future for name, future in self._running.items() if not future.done()}
        return set(self._running)

    @property
    def are_full(self) -> bool:
        """Whether more work would only wait."""
        return len(self.taken) >= self._number

    def start(self, name: object, work: Callable[[], None]) -> None:
        """Begin the work of a name that is not taken."""
        if name not in self.taken:
            self._running[name] = self._pool.submit(work)

    def wait(self, stop: Event, seconds: float, *, but: object) -> None:
        """Wait until a lane is free, so many seconds have passed or somebody wants to stop.

        The end of the lane named `but` is no reason to go on.
        """
        running = [future for name, future in self._running.items() if name != but and not future.done()]
        if running:
            wait(running, min(seconds, _LOOK_AGAIN_SECONDS), FIRST_COMPLETED)
        else:
            stop.wait(seconds)

    def empty(self) -> None:
        """Wait until nobody works any more; what ended a lane for good is raised here."""
        running = list(self._running.values())
        wait(running)
        for future in running:
            future.result()
