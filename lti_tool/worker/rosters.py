"""Rosters that instructors asked for by opening their course, read one at a time."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.roles import LEARNER
from lti_tool.services.ports import Clock, RosterReader
from lti_tool.services.rosters import PEOPLE_PER_PAGE, DueRoster, Rosters
from lti_tool.worker.handlers import Registrations

log = structlog.get_logger(__name__)


class RosterRefresher:
    """Brings rosters up to date. A failure leaves what was known, and disturbs no launch and no grade (G30)."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        registrations: Registrations,
        reader: RosterReader,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._registrations = registrations
        self._reader = reader
        self._clock = clock

    def __call__(self) -> None:
        """Read one roster that is due, if there is one."""
        with self._sessions.begin() as session:
            due = Rosters(session, self._clock).take_due()
        if due is None:
            return
        try:
            self._refresh(due)
        except DeliveryFailed as failure:
            self._failed(due, failure.reason, for_good=failure.kind is FailureKind.PERMANENT)
        except Exception:  # one roster that breaks our own code must not stop the grades
            log.exception("roster.not_read", registration_id=due.registration_id, code="internal")
            self._failed(due, "internal", for_good=True)

    def _refresh(self, due: DueRoster) -> None:
        registration = self._registrations.by_id(due.registration_id)
        if registration is None:
            raise DeliveryFailed(FailureKind.PERMANENT, "registration.inactive")
        if due.whole:
            roster = self._reader.read(registration, due.url, role=LEARNER, limit=PEOPLE_PER_PAGE)
        else:
            roster = self._reader.read(registration, due.url)
        with self._sessions.begin() as session:
            Rosters(session, self._clock).store(due, roster, keeps_names=registration.keeps_names)
        log.info("roster.read", registration_id=due.registration_id, whole=due.whole, members=len(roster.members))

    def _failed(self, due: DueRoster, reason: str, *, for_good: bool) -> None:
        log.warning("roster.not_read", registration_id=due.registration_id, code=reason)
        with self._sessions.begin() as session:
            Rosters(session, self._clock).record_failure(due, reason, for_good=for_good)
