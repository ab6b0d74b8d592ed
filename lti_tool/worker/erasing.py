"""What goes by itself: people after their time, towns after their contract, files of erased people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.services.audit import Who
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.ports import Clock, FileStore
from lti_tool.services.retention import Retention
from lti_tool.services.town_closing import TownClosing

log = structlog.get_logger(__name__)

NIGHT = range(1, 5)
"""Hours in which the nightly job begins, as clocks in Germany show them."""
SECONDS_AT_A_TIME = 1.0
FILES_EVERY = timedelta(minutes=1)


class FileRemoval:
    """A task of the worker's loop: files whose rows are gone, where whoever erased them did not come to it."""

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, store: FileStore) -> None:
        self._sessions = sessions
        self._clock = clock
        self._store = store
        self._looked_at: datetime | None = None

    def __call__(self) -> None:
        """Delete a batch, once a minute."""
        now = self._clock()
        if self._looked_at and now - self._looked_at < FILES_EVERY:
            return
        self._looked_at = now
        try:
            with self._sessions() as session:
                keys = DoomedFiles(session, self._clock).due(older_than=FILES_EVERY)
            for key in keys:
                self._store.delete(key)
        except OSError as error:
            log.warning("files.not_deleted", error=type(error).__name__, detail=str(error))
            return
        if keys:
            with self._sessions.begin() as session:
                DoomedFiles(session, self._clock).strike_off(keys)
            log.info("files.deleted", count=len(keys))


class NightlyErasure:
    """A task of the worker's loop: each turn is a second of short transactions, so that grades do not wait.

    Several workers may do this side by side: they skip what another one has in hand.
    """

    def __init__(
        self, sessions: sessionmaker[Session], clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._monotonic = monotonic
        self._night: date | None = None
        self._left: Iterator[int] = iter(())

    def __call__(self) -> None:
        """Begin once a night; then go on at each turn until every platform was looked at."""
        local = self._clock().astimezone(TOWN_TIME)
        if local.hour in NIGHT and self._night != local.date():
            self._night, self._left = local.date(), self._steps()
        end = self._monotonic() + SECONDS_AT_A_TIME
        for _ in self._left:
            if self._monotonic() > end:
                break

    def all_at_once(self) -> int:
        """Do a whole night's work; return how many people and towns' batches were erased."""
        return sum(self._steps())

    def _steps(self) -> Iterator[int]:
        """Yield after each transaction what it erased."""
        with self._sessions() as session:
            platforms = Retention(session, self._clock).platforms()
            towns = TownClosing(session, self._clock, Who.NIGHTLY_JOB).due()
        for number in platforms:
            while count := self._expire(number):
                yield count
            yield 0
        for number in towns:
            while self._empty(number):
                yield 1

    def _expire(self, number: int) -> int:
        with self._sessions.begin() as session:
            count = Retention(session, self._clock).expire(number)
        if count:
            log.info("people.expired", registration_id=number, count=count)
        return count

    def _empty(self, number: int) -> bool:
        with self._sessions.begin() as session:
            return TownClosing(session, self._clock, Who.NIGHTLY_JOB).empty(number)
