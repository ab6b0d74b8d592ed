"""What becomes of an erased person's ideas: drafts go; what was released stays without a name, or goes as they chose.

Who copied a card has it under CC BY 4.0: that the card goes here takes nothing from them.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import Idea, IdeaPicture, IdeaVersion
from lti_tool.services.personal_data import People
from lti_tool.services.picture_doom import let_pictures_go
from lti_tool.services.ports import Clock


def let_ideas_go(session: Session, clock: Clock, people: People) -> dict[str, int]:
    """Delete drafts, what is not readable, and what shall not stay; return how many cards and versions."""
    mine = and_(Idea.registration_id == people.registration_id, Idea.author_id.in_(people.user_ids))
    readable = and_(Idea.reach.is_not(None), Idea.hidden_at.is_(None))
    # Whoever is adding a picture ends first, so that no file is left without a row.
    session.execute(select(Idea.id).where(mine).order_by(Idea.id).with_for_update()).all()
    going = and_(mine, or_(~readable, Idea.stays.is_(False)))
    pictures = let_pictures_go(session, clock, and_(_of(people), IdeaPicture.idea_id.in_(select(Idea.id).where(going))))
    gone = _rows(session, delete(Idea).where(going))
    shown = select(Idea.released_number).where(
        Idea.registration_id == IdeaPicture.registration_id, Idea.id == IdeaPicture.idea_id
    )
    number = shown.scalar_subquery()
    not_shown = or_(IdeaPicture.since_number > number, IdeaPicture.until_number < number)
    of_mine = IdeaPicture.idea_id.in_(select(Idea.id).where(mine))
    pictures += let_pictures_go(session, clock, and_(_of(people), of_mine, not_shown))
    released = select(Idea.released_number).where(
        Idea.registration_id == IdeaVersion.registration_id, Idea.id == IdeaVersion.idea_id
    )
    versions = _rows(
        session,
        delete(IdeaVersion).where(
            IdeaVersion.registration_id == people.registration_id,
            IdeaVersion.idea_id.in_(select(Idea.id).where(mine)),
            IdeaVersion.number != released.scalar_subquery(),
        ),
    )
    left = {"number": Idea.released_number, "asked": None, "asked_at": None, "rejected_for": None}
    _rows(session, update(Idea).where(mine).values(left))
    return {"idea": gone, "idea_version": versions, "idea_picture": pictures}


def _of(people: People) -> ColumnElement[bool]:
    return IdeaPicture.registration_id == people.registration_id


def _rows(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
