"""More time for one person, as an instructor grants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Attempt, ExtraTime, LtiUser, ResourceLink
from lti_tool.db.upsert import upsert
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.standing import pseudonym
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class GrantedTime:
    """More time that one person has in one activity."""

    name: str | None
    alias: str
    activity: str
    minutes: int


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

    def granted(self, actor: Actor) -> list[GrantedTime]:
        """Return who has more time in the actor's course."""
        rows = self._session.execute(
            select(ExtraTime.minutes, ResourceLink.title, LtiUser.subject, LtiUser.name)
            .join(
                ResourceLink,
                and_(
                    ResourceLink.registration_id == ExtraTime.registration_id,
                    ResourceLink.id == ExtraTime.resource_link_id,
                ),
            )
            .join(LtiUser, and_(LtiUser.registration_id == ExtraTime.registration_id, LtiUser.id == ExtraTime.user_id))
            .where(
                ExtraTime.registration_id == actor.registration_id,
                ResourceLink.context_id == actor.context_id,
                ExtraTime.minutes > 0,
            )
            .order_by(ResourceLink.title, LtiUser.name, LtiUser.id)
        )
        context_id = actor.context_id or UUID(int=0)
        return [
            GrantedTime(name, pseudonym(context_id, subject), title, minutes) for minutes, title, subject, name in rows
        ]

    def grant_in_course(self, actor: Actor, resource_link_id: UUID, user_id: UUID, minutes: int) -> None:
        """Grant time in an activity of the actor's course.

        Raises:
            Refusal: `not_found` if the course has no such activity.
        """
        link = self._session.get(ResourceLink, (actor.registration_id, resource_link_id))
        if link is None or link.context_id is None or link.context_id != actor.context_id:
            raise Refusal(Code.NOT_FOUND, "no such activity in this course")
        self.grant(actor.registration_id, resource_link_id, user_id, minutes)

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
