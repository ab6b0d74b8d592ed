"""What may be read of ideas: the own course's, the own town's, and what was released for all towns.

`visible_to` is the one condition by which a row of another town is ever read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import PublishedIdea
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import Card
from lti_tool.domain.idea_states import Reach, State
from lti_tool.services.idea_rows import card_of

_GONE = {State.WITHDRAWN: Code.IDEA_WITHDRAWN, State.HIDDEN: Code.IDEA_HIDDEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableIdea:
    """A card as others read it.

    Attributes:
        registration_id: of the platform it was written on.
        own_town: written in the reader's town.
    """

    registration_id: int
    id: UUID
    card: Card
    reach: Reach
    town: str
    number: int
    released_at: datetime
    own_town: bool


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for what somebody may read, or could until it was withdrawn or hidden."""
    in_course = and_(PublishedIdea.reach == Reach.COURSE, PublishedIdea.context_id == actor.context_id)
    own = and_(
        PublishedIdea.registration_id == actor.registration_id, or_(PublishedIdea.reach == Reach.TOWN, in_course)
    )
    return or_(PublishedIdea.reach == Reach.ALL, own)


class IdeaShelf:
    """Readable ideas."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, actor: Actor, idea_id: UUID) -> ReadableIdea:
        """Return one card.

        Raises:
            Refusal: `not_found`; `idea.withdrawn` or `idea.hidden` for one that could be read until then.
        """
        row = self._session.scalar(select(PublishedIdea).where(PublishedIdea.id == idea_id, visible_to(actor)))
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such card for this reader")
        if row.gone:
            raise Refusal(_GONE[State(row.gone)])
        return readable(row, actor)


def readable(row: PublishedIdea, actor: Actor) -> ReadableIdea:
    """Return a row that somebody may read as they read it."""
    return ReadableIdea(
        registration_id=row.registration_id,
        id=row.id,
        card=card_of(row),
        reach=Reach(row.reach),
        town=row.town,
        number=row.number,
        released_at=row.released_at,
        own_town=row.registration_id == actor.registration_id,
    )
