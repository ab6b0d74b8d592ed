"""Results that instructors asked for, one grade column at a time."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.services.ports import Clock, ScorePublisher
from lti_tool.services.result_readings import DueReading, ResultReadings
from lti_tool.worker.handlers import Registrations

log = structlog.get_logger(__name__)


class ResultReader:
    """Reads results back. A failure leaves what was known, and disturbs no grade."""

    def __init__(
        self, sessions: sessionmaker[Session], registrations: Registrations, publisher: ScorePublisher, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._registrations = registrations
        self._publisher = publisher
        self._clock = clock

    def __call__(self) -> None:
        """Read one column that is due, if there is one."""
        with self._sessions.begin() as session:
            due = ResultReadings(session, self._clock).take_due()
        if due is None:
            return
        try:
            self._read(due)
        except DeliveryFailed as failure:
            self._failed(due, failure.reason)
        except Exception:  # one column that breaks our own code must not stop the grades
            log.exception("results.not_read", registration_id=due.registration_id, code="internal")
            self._failed(due, "internal")

    def _read(self, due: DueReading) -> None:
        registration = self._registrations.by_id(due.registration_id)
        if registration is None or not due.url:
            raise DeliveryFailed(FailureKind.PERMANENT, Reason.NO_COLUMN)
        results = self._publisher.read_all(registration, due.url)
        with self._sessions.begin() as session:
            ResultReadings(session, self._clock).store(due, results)
        log.info("results.read", registration_id=due.registration_id, results=len(results))

    def _failed(self, due: DueReading, reason: str) -> None:
        log.warning("results.not_read", registration_id=due.registration_id, code=reason)
        with self._sessions.begin() as session:
            ResultReadings(session, self._clock).record_failure(due, reason)
