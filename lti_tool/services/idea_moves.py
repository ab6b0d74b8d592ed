"""How ideas move from one identity to another, and back again: what was written, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.db.models import Idea, IdeaStep
from lti_tool.services.identity_moves import Pair

Moved = Mapping[str, Sequence[str]]


def join_ideas(session: Session, pair: Pair) -> Moved:
    """Give the cards and decisions of one identity to the other; return which rows."""
    written = session.scalars(
        update(Idea)
        .where(Idea.registration_id == pair.registration_id, Idea.author_id == pair.goes)
        .values(author_id=pair.stays)
        .returning(Idea.id)
        .execution_options(synchronize_session=False),
    ).all()
    decided = session.scalars(
        update(IdeaStep)
        .where(IdeaStep.registration_id == pair.registration_id, IdeaStep.decided_by == pair.goes)
        .values(decided_by=pair.stays)
        .returning(IdeaStep.id)
        .execution_options(synchronize_session=False),
    ).all()
    return {"written": [str(one) for one in written], "decided": [str(one) for one in decided]}


def part_ideas(session: Session, moved: Moved, pair: Pair) -> None:
    """Give cards and decisions back."""
    written, decided = ([UUID(one) for one in moved.get(name, ())] for name in ("written", "decided"))
    session.execute(
        update(Idea)
        .where(Idea.registration_id == pair.registration_id, Idea.id.in_(written), Idea.author_id == pair.stays)
        .values(author_id=pair.goes)
        .execution_options(synchronize_session=False),
    )
    session.execute(
        update(IdeaStep)
        .where(
            IdeaStep.registration_id == pair.registration_id,
            IdeaStep.id.in_(decided),
            IdeaStep.decided_by == pair.stays,
        )
        .values(decided_by=pair.goes)
        .execution_options(synchronize_session=False),
    )
