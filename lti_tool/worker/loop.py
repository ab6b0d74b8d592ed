"""The worker's loop: lease a batch, deliver each score on its own, settle, wait; stops cleanly at any point.

The scores of a batch go out in lanes, one for each platform, so that a platform that never answers holds up nobody but
itself; the smaller tasks have a lane of their own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from structlog.contextvars import bound_contextvars

from lti_tool import metrics
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.outbox import BROKEN, LEASE, LeasedScore, Outbox
from lti_tool.services.ports import Clock
from lti_tool.worker.clock_watch import ClockWatch
from lti_tool.worker.columns import ColumnBusy
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.heartbeat import Heartbeat
from lti_tool.worker.lanes import Lanes

log = structlog.get_logger(__name__)

SWEEP_EVERY_SECONDS = 600.0
SUSPECTS_EVERY_SECONDS = 60.0
BATCH_SECONDS = LEASE.total_seconds() / 2
"""After half the lease no further score of a batch is started; what is left goes back to the queue."""
FAILURES_OF_A_PLATFORM = 2
"""So many temporary failures in a row mean the platform, not the person: the rest of its batch waits as well."""
DATABASE_AWAY_SECONDS = 5.0
COLUMN_BUSY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at a time, and how long to wait when nothing is due."""

    batch: int
    interval: float
    lanes: int = 4


_TASKS = "tasks"


class Worker:
    """Works until `stop` is set. Several workers may run side by side on one database."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        handler: ScoreHandler,
        *,
        clock: Clock,
        pace: Pace,
        stop: Event,
        tasks: Sequence[Callable[[], None]] = (),
        heartbeat: Heartbeat | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._handler = handler
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._heartbeat = heartbeat
        self._tasks = tasks
        self._monotonic = monotonic
        self._swept_at = self._suspected_at = float("-inf")
        self._watch = ClockWatch(clock, monotonic)

    def run(self) -> None:
        """Work until told to stop; a database that is away for a while only makes it wait."""
        log.info("worker.started", batch=self._pace.batch, lanes=self._pace.lanes)
        with ThreadPoolExecutor(self._pace.lanes + 1, thread_name_prefix="lane") as pool:
            lanes = Lanes(pool, self._pace.lanes)
            while not self._stop.is_set():
                try:
                    self._beat()
                    idle = self._take_up(lanes) == 0
                    self._deliver_suspects_if_due(lanes)
                    self._sweep_if_due()
                except SQLAlchemyError as error:
                    _say_database_away(error)
                    self._stop.wait(DATABASE_AWAY_SECONDS)
                    continue
                lanes.start(_TASKS, self._work_on_tasks)
                if idle:
                    lanes.wait(self._stop, self._pace.interval, but=_TASKS)
        if self._heartbeat:
            self._heartbeat.end()
        log.info("worker.stopped")

    def _beat(self) -> None:
        if self._heartbeat:
            self._heartbeat()

    def work_once(self) -> int:
        """Take up one batch and settle it, then the suspects one by one; return how many scores the batch held."""
        with ThreadPoolExecutor(self._pace.lanes) as pool:
            lanes = Lanes(pool, self._pace.lanes)
            number = self._take_up(lanes)
            lanes.empty()
            self._deliver_suspects(lanes)
        return number

    def _take_up(self, lanes: Lanes) -> int:
        """Lease what is due and start a lane for each platform; return how many scores there were."""
        if lanes.are_full:
            return 0
        if jump := self._watch.jumped():
            log.warning("worker.clock_jumped", seconds=round(jump))
        busy = [name for name in lanes.taken if isinstance(name, int)]
        with self._sessions.begin() as session:
            outbox = Outbox(session, self._clock)
            batch = outbox.lease(self._pace.batch, without=busy, take_over=self._watch.is_trusted)
        by_platform: dict[int, list[LeasedScore]] = defaultdict(list)
        for leased in batch:
            by_platform[leased.registration_id].append(leased)
        end = self._monotonic() + BATCH_SECONDS
        for registration_id, scores in by_platform.items():
            lanes.start(registration_id, partial(self._deliver_all, scores, end))
        return len(batch)

    def _deliver_suspects_if_due(self, lanes: Lanes) -> None:
        now = self._monotonic()
        if now - self._suspected_at >= SUSPECTS_EVERY_SECONDS:
            self._suspected_at = now
            self._deliver_suspects(lanes)

    def _deliver_suspects(self, lanes: Lanes) -> None:
        """Deliver what workers died with, one score at a time and nothing beside it, so that nobody else is blamed."""
        while not self._stop.is_set() and self._watch.is_trusted:
            with self._sessions.begin() as session:
                suspects = Outbox(session, self._clock).lease(1, suspects=True)
            if not suspects:
                return
            lanes.empty()
            self._deliver_all(suspects, self._monotonic() + BATCH_SECONDS)

    def _deliver_all(self, scores: Sequence[LeasedScore], end: float) -> None:
        """Deliver the scores of one platform, until `end` or until it seems to be away."""
        failures: list[str] = []
        for leased in scores:
            if self._stop.is_set() or self._monotonic() > end:
                self._release(leased)
            elif len(failures) >= FAILURES_OF_A_PLATFORM:
                self._fail(leased, DeliveryFailed(FailureKind.TRY_AGAIN, failures[-1]))
            elif reason := self._deliver(leased):
                failures.append(reason)
            else:
                failures.clear()

    def _deliver(self, leased: LeasedScore) -> str | None:
        """Deliver one score and settle it; return why it failed if that is for the time being."""
        with bound_contextvars(registration_id=leased.registration_id, line_item_id=str(leased.line_item_id)):
            try:
                with metrics.GRADE_SECONDS.time():
                    self._handler.deliver(leased)
            except DeliveryFailed as failure:
                log.warning("score.not_delivered", code=failure.reason, kind=str(failure.kind), tries=leased.tries)
                self._fail(leased, failure)
                return failure.reason if failure.kind is FailureKind.TRY_AGAIN else None
            except ColumnBusy:
                self._settle(leased, lambda outbox: outbox.release(leased, seconds=COLUMN_BUSY_SECONDS))
                return None
            except Exception:  # one score that breaks our own code must not stop the others
                log.exception("score.not_delivered", code=BROKEN)
                self._fail(leased, DeliveryFailed(FailureKind.TRY_AGAIN, BROKEN))
                return None
            self._settle(leased, lambda outbox: outbox.settle_sent(leased))
            metrics.GRADES.labels("sent").inc()
            log.info("score.delivered")
            return None

    def _fail(self, leased: LeasedScore, failure: DeliveryFailed) -> None:
        metrics.count_failed_grade(leased.registration_id, failure.kind, failure.reason)
        self._settle(leased, lambda outbox: outbox.settle_failed(leased, failure))

    def _release(self, leased: LeasedScore) -> None:
        self._settle(leased, lambda outbox: outbox.release(leased))

    def _settle(self, leased: LeasedScore, how: Callable[[Outbox], None]) -> None:
        """Settle in a transaction of its own; if even that fails, the lease runs out and the score comes up again."""
        try:
            with self._sessions.begin() as session:
                how(Outbox(session, self._clock))
        except SQLAlchemyError as error:
            log.error("score.not_settled", code=type(error).__name__, registration_id=leased.registration_id)  # noqa: TRY400 -- the type says it; SQL text may hold values

    def _work_on_tasks(self) -> None:
        """Give each of the smaller tasks a turn; one that breaks must not stop the grades."""
        for task in self._tasks:
            if self._stop.is_set():
                return
            try:
                task()
            except SQLAlchemyError as error:
                _say_database_away(error)
                return
            except Exception:
                log.exception("worker.task_broken", task=type(task).__name__)

    def _sweep_if_due(self) -> None:
        now = self._monotonic()
        if now - self._swept_at >= SWEEP_EVERY_SECONDS:
            self._swept_at = now
            with self._sessions.begin() as session:
                Housekeeping(session, self._clock).sweep()


def _say_database_away(error: SQLAlchemyError) -> None:
    """A traceback every few seconds would help nobody."""
    log.error("worker.database_away", error=type(error).__name__)
