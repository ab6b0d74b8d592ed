"""„Das übernehmen wir“: which towns take over an idea, and how it went there.

A town speaks through those who may release its ideas, its instructors and administrators; so what they write needs no
release, and no person is named or kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaAdoption, Municipality, Registration
from lti_tool.db.upsert import insert_once
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.idea_shelf import IdeaShelf, ReadableIdea
from lti_tool.services.ports import Clock

LONGEST_EXPERIENCE = 3000
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Adoption:
    """A town that takes an idea over."""

    town: str
    since: datetime
    experience: str
    experience_at: datetime | None
    is_own: bool


class IdeaAdoptions:
    """Of ideas that whoever acts may read."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def of(self, actor: Actor, idea: ReadableIdea) -> Sequence[Adoption]:
        """Return the towns, those with a report first."""
        rows = self._session.scalars(
            select(IdeaAdoption)
            .where(IdeaAdoption.idea_registration_id == idea.registration_id, IdeaAdoption.idea_id == idea.id)
            .order_by(IdeaAdoption.experience_at.is_(None), IdeaAdoption.adopted_at, IdeaAdoption.id)
            .limit(MOST_SHOWN)
        )
        mine = actor.registration_id
        return [
            Adoption(row.town, row.adopted_at, row.experience, row.experience_at, row.registration_id == mine)
            for row in rows
        ]

    def adopt(self, actor: Actor, idea_id: UUID) -> None:
        """Say that the own town takes an idea over; a second time changes nothing.

        Raises:
            Refusal: `role.forbidden` for learners; `not_found`; `idea.withdrawn` or `idea.hidden`.
        """
        idea = self._for_town(actor, idea_id)
        values = {
            "registration_id": actor.registration_id,
            "id": new_id(),
            "idea_registration_id": idea.registration_id,
            "idea_id": idea.id,
            "town": self._town(actor),
            "adopted_at": self._clock(),
            "experience": "",
        }
        if insert_once(self._session, IdeaAdoption, values):
            self._note(Action.IDEA_ADOPTED, actor, idea_id)

    def tell(self, actor: Actor, idea_id: UUID, experience: str) -> None:
        """Write how it went in the own town; "" takes the report away.

        Raises:
            Refusal: as `adopt`; `not_found` as well if the town has not taken it over; `bad_request` for a long text.
        """
        row = self._own(actor, self._for_town(actor, idea_id))
        if len(experience) > LONGEST_EXPERIENCE:
            raise Refusal(Code.BAD_REQUEST, f"more than {LONGEST_EXPERIENCE} characters")
        row.experience, row.experience_at = experience, self._clock() if experience else None
        self._session.flush()

    def give_up(self, actor: Actor, idea_id: UUID) -> None:
        """Say that the own town does not take it over after all; its report goes with that.

        Raises:
            Refusal: as `tell`.
        """
        self._session.delete(self._own(actor, self._for_town(actor, idea_id)))
        self._session.flush()
        self._note(Action.IDEA_GIVEN_UP, actor, idea_id)

    def _for_town(self, actor: Actor, idea_id: UUID) -> ReadableIdea:
        idea = IdeaShelf(self._session).read(actor, idea_id)
        if not actor.is_instructor:
            raise Refusal(Code.ROLE_FORBIDDEN, "does not speak for the town")
        return idea

    def _own(self, actor: Actor, idea: ReadableIdea) -> IdeaAdoption:
        row = self._session.scalar(
            select(IdeaAdoption).where(
                IdeaAdoption.registration_id == actor.registration_id,
                IdeaAdoption.idea_registration_id == idea.registration_id,
                IdeaAdoption.idea_id == idea.id,
            )
        )
        if row is None:
            raise Refusal(Code.NOT_FOUND, "the town has not taken it over")
        return row

    def _town(self, actor: Actor) -> str:
        here = Registration.id == actor.registration_id
        return self._session.scalars(select(Municipality.name).join(Registration).where(here)).one()

    def _note(self, action: Action, actor: Actor, idea_id: UUID) -> None:
        who = Who.ADMINISTRATOR if actor.is_administrator else Who.INSTRUCTOR
        AuditLog(self._session, self._clock, who).record(action, str(idea_id), registration_id=actor.registration_id)
