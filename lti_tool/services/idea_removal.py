"""Taking a card from the shelf: its texts go, word is left why, and what was reported of it is settled."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaReport, PublishedIdea
from lti_tool.domain.idea_cards import Card
from lti_tool.domain.idea_states import State
from lti_tool.services.idea_rows import fill
from lti_tool.services.ports import Clock


def take_from_shelf(session: Session, clock: Clock, row: PublishedIdea, gone: State) -> None:
    """Let nobody read a card any more."""
    fill(row, Card())
    row.gone = gone
    settle_reports(session, clock, row.registration_id, row.id)
    session.flush()


def settle_reports(session: Session, clock: Clock, registration_id: int, idea_id: UUID) -> None:
    """Take note that somebody has decided about what was reported of a card."""
    session.execute(
        update(IdeaReport)
        .where(open_reports_of(registration_id, idea_id))
        .values(settled_at=clock())
        .execution_options(synchronize_session=False)
    )


def open_reports_of(registration_id: int, idea_id: UUID) -> ColumnElement[bool]:
    """Return the condition for reports of one card that nobody has settled."""
    of_card = and_(IdeaReport.idea_registration_id == registration_id, IdeaReport.idea_id == idea_id)
    return and_(of_card, IdeaReport.settled_at.is_(None))
