"""More time for one person, as an instructor grants it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import Attempt, ExtraTime
from lti_tool.db.upsert import upsert
from lti_tool.services.ports import Clock


class ExtraTimes:
    """Time beyond the limit, by activity and person."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def minutes(self, registration_id: int, resource_link_id: UUID, user_id: UUID) -> int:
        """Return what a person has beyond the limit."""
        found = self._session.scalar(
            select(ExtraTime.minutes).where(
                ExtraTime.registration_id == registration_id,
                ExtraTime.resource_link_id == resource_link_id,
                ExtraTime.user_id == user_id,
            )
        )
        return found or 0

    def grant(self, registration_id: int, resource_link_id: UUID, user_id: UUID, minutes: int) -> None:
        """Set how many minutes a person has beyond the limit; an attempt that is open ends later (or sooner) by it."""
        more = timedelta(minutes=minutes - self.minutes(registration_id, resource_link_id, user_id))
        upsert(
            self._session,
            ExtraTime,
            key={"registration_id": registration_id, "resource_link_id": resource_link_id, "user_id": user_id},
            values={"minutes": minutes, "granted_at": self._clock()},
        )
        open_attempts = self._session.scalars(
            select(Attempt).where(
                Attempt.registration_id == registration_id,
                Attempt.resource_link_id == resource_link_id,
                Attempt.user_id == user_id,
                Attempt.submitted_at.is_(None),
                Attempt.deadline_at.is_not(None),
            )
        )
        for attempt in open_attempts:
            attempt.deadline_at = (attempt.deadline_at or self._clock()) + more
        self._session.flush()
