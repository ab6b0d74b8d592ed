"""Erases people who have not been here for as long as their platform keeps data, a batch in each transaction.

Stopped at any point it goes on where it was: who is erased is no longer found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import LtiUser, Registration, Roster
from lti_tool.domain.privacy import months_before
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.erasure import Erasure
from lti_tool.services.personal_data import People
from lti_tool.services.ports import Clock

BATCH = 50


@dataclass(frozen=True, slots=True)
class Term:
    """How long people are kept without a launch, and how many the next night erases."""

    months: int
    due: int


class Retention:
    """The nightly job's part for one platform at a time."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def platforms(self) -> Sequence[int]:
        """Return the numbers of all platforms."""
        return self._session.scalars(select(Registration.id).order_by(Registration.id)).all()

    def term(self, registration_id: int) -> Term:
        """Return what holds for a platform."""
        return Term(self._months(registration_id), self.due(registration_id))

    def due(self, registration_id: int) -> int:
        """Return how many people the next night erases."""
        query = select(func.count()).select_from(LtiUser).where(_idle(registration_id, self._since(registration_id)))
        return self._session.scalar(query) or 0

    def expire(self, registration_id: int) -> int:
        """Erase a batch of people and rosters nobody has read since; return how many people."""
        since = self._since(registration_id)
        rows = self._session.execute(
            select(LtiUser.id, LtiUser.subject)
            .where(_idle(registration_id, since))
            .order_by(LtiUser.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        self._session.execute(
            delete(Roster)
            .where(Roster.registration_id == registration_id, Roster.read_at < since)
            .execution_options(synchronize_session=False)
        )
        if rows:
            people = People(registration_id, tuple(row.id for row in rows), tuple(row.subject for row in rows))
            counts = Erasure(self._session, self._clock).erase(people)
            log = AuditLog(self._session, self._clock, Who.NIGHTLY_JOB)
            log.record(
                Action.PEOPLE_EXPIRED, registration_id=registration_id, people=len(rows), rows=sum(counts.values())
            )
        return len(rows)

    def _since(self, registration_id: int) -> datetime:
        return months_before(self._clock(), self._months(registration_id))

    def _months(self, registration_id: int) -> int:
        query = select(Registration.retention_months).where(Registration.id == registration_id)
        return self._session.scalars(query).one()


def _idle(registration_id: int, since: datetime) -> ColumnElement[bool]:
    """Whoever was last here before a month; for rows of an older version, whoever came first before it."""
    unseen = and_(LtiUser.seen_in.is_(None), LtiUser.created_at < since)
    return and_(LtiUser.registration_id == registration_id, or_(LtiUser.seen_in < since, unseen))
