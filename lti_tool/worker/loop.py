"""The worker's loop: lease a batch, deliver each score on its own, settle, wait; stops cleanly at any point."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from structlog.contextvars import bound_contextvars

from lti_tool import metrics
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.outbox import LEASE, LeasedScore, Outbox
from lti_tool.services.ports import Clock
from lti_tool.worker.columns import ColumnBusy
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.heartbeat import Heartbeat

log = structlog.get_logger(__name__)

SWEEP_EVERY_SECONDS = 600.0
BATCH_SECONDS = LEASE.total_seconds() / 2
"""After half the lease no further score of a batch is started; what is left goes back to the queue."""
FAILURES_OF_A_PLATFORM = 2
"""So many temporary failures in a row mean the platform, not the person: the rest of its batch waits as well."""
DATABASE_AWAY_SECONDS = 5.0
COLUMN_BUSY_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much at a time, and how long to wait when nothing is due."""

    batch: int
    interval: float


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
        self._swept_at = float("-inf")

    def run(self) -> None:
        """Work until told to stop; a database that is away for a while only makes it wait."""
        log.info("worker.started", batch=self._pace.batch)
        while not self._stop.is_set():
            try:
                self._beat()
                idle = self.work_once() == 0
                self._work_on_tasks()
                self._sweep_if_due()
            except SQLAlchemyError as error:
                log.error("worker.database_away", error=type(error).__name__)  # noqa: TRY400 -- a traceback every few seconds helps nobody
                self._stop.wait(DATABASE_AWAY_SECONDS)
                continue
            if idle:
                self._stop.wait(self._pace.interval)
        if self._heartbeat:
            self._heartbeat.end()
        log.info("worker.stopped")

    def _beat(self) -> None:
        if self._heartbeat:
            self._heartbeat()

    def work_once(self) -> int:
        """Take up one batch and settle it; return how many scores it held."""
        with self._sessions.begin() as session:
            batch = Outbox(session, self._clock).lease(self._pace.batch)
        self._deliver_all(batch)
        return len(batch)

    def _deliver_all(self, batch: Sequence[LeasedScore]) -> None:
        end = self._monotonic() + BATCH_SECONDS
        failures: Counter[int] = Counter()
        for leased in batch:
            if self._stop.is_set() or self._monotonic() > end:
                self._release(leased)
                continue
            if failures[leased.registration_id] >= FAILURES_OF_A_PLATFORM:
                self._fail(leased, DeliveryFailed(FailureKind.TRY_AGAIN, "platform.away"))
                continue
            failures[leased.registration_id] = (failures[leased.registration_id] + 1) * self._deliver(leased)

    def _deliver(self, leased: LeasedScore) -> bool:
        """Deliver one score and settle it; return whether it failed for the time being."""
        with bound_contextvars(registration_id=leased.registration_id, line_item_id=str(leased.line_item_id)):
            try:
                with metrics.GRADE_SECONDS.time():
                    self._handler.deliver(leased)
            except DeliveryFailed as failure:
                log.warning("score.not_delivered", code=failure.reason, kind=str(failure.kind), tries=leased.tries)
                self._fail(leased, failure)
                return failure.kind is FailureKind.TRY_AGAIN
            except ColumnBusy:
                self._settle(leased, lambda outbox: outbox.release(leased, seconds=COLUMN_BUSY_SECONDS))
                return False
            except Exception:  # one score that breaks our own code must not stop the others
                log.exception("score.not_delivered", code="internal")
                self._fail(leased, DeliveryFailed(FailureKind.TRY_AGAIN, "internal"))
                return False
            self._settle(leased, lambda outbox: outbox.settle_sent(leased))
            metrics.GRADES.labels("sent").inc()
            log.info("score.delivered")
            return False

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
            try:
                task()
            except SQLAlchemyError:
                raise
            except Exception:
                log.exception("worker.task_broken", task=type(task).__name__)

    def _sweep_if_due(self) -> None:
        now = self._monotonic()
        if now - self._swept_at >= SWEEP_EVERY_SECONDS:
            self._swept_at = now
            with self._sessions.begin() as session:
                Housekeeping(session, self._clock).sweep()
