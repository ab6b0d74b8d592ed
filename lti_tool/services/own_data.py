"""What „Meine Daten“ tells: how much is held of whoever acts, how long, and what erasing would take along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lti_tool.db.base import Base
from lti_tool.db.models import Attempt, LtiUser, Registration, ScoreDelivery
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.privacy import Kind, erased_from
from lti_tool.domain.scores import Delivery
from lti_tool.services.personal_data import People, PersonalData


@dataclass(frozen=True, slots=True)
class Overview:
    """How much is held.

    Attributes:
        counts: rows by kind.
        months: so long without a launch, and all of it goes.
        goes_from: the first month in which that may happen.
        waiting: grades that the platform has not got yet.
        running: attempts that are not handed in.
        unmarked: handed in, and nobody has marked them yet.
    """

    counts: Mapping[Kind, int]
    months: int
    goes_from: datetime
    waiting: int
    running: int
    unmarked: int


class OwnData:
    """Of the person who acts, and of nobody else."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def people(self, actor: Actor) -> People:
        """Return the person, with identities that were merged.

        Raises:
            Refusal: `not_found` for an anonymous launch.
        """
        if actor.user_id is None:
            raise Refusal(Code.NOT_FOUND, "nothing is held of nobody")
        return PersonalData(self._session).by_user(actor.registration_id, actor.user_id)

    def overview(self, actor: Actor) -> Overview:
        """Count."""
        people = self.people(actor)
        registration_id = people.registration_id
        months = self._session.scalars(
            select(Registration.retention_months).where(Registration.id == registration_id)
        ).one()
        seen = self._session.scalars(
            select(func.max(func.coalesce(LtiUser.seen_in, LtiUser.created_at))).where(
                LtiUser.registration_id == registration_id, LtiUser.id.in_(people.user_ids)
            )
        ).one()
        return Overview(
            counts=PersonalData(self._session).counts(people),
            months=months,
            goes_from=erased_from(seen, months),
            waiting=self._count(ScoreDelivery, people, ScoreDelivery.state == Delivery.WAITING),
            running=self._count(Attempt, people, Attempt.submitted_at.is_(None)),
            unmarked=self._count(Attempt, people, Attempt.needs_marking.is_(True)),
        )

    def _count(self, model: type[Base], people: People, which: ColumnElement[bool]) -> int:
        columns = model.__table__.c
        mine = columns.registration_id == people.registration_id, columns.user_id.in_(people.user_ids)
        return self._session.scalar(select(func.count()).select_from(model).where(*mine, which)) or 0
