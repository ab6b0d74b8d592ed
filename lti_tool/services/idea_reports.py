"""Reports of cards that must not stay: anybody who reads a card may make one, those who may hide it read them.

Who reports is not kept. Hiding or withdrawing a card settles what was said about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaReport, PublishedIdea
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_reports import LONGEST_WORDS, Ground
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.ids import new_id
from lti_tool.services.audit import Action, AuditLog
from lti_tool.services.idea_releases import Decider
from lti_tool.services.idea_removal import open_reports_of, settle_reports
from lti_tool.services.idea_shelf import IdeaShelf
from lti_tool.services.ports import Clock

MOST_OPEN = 20
"""Further reports of one card tell nobody more, and are not kept."""
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """A report that nobody has settled."""

    registration_id: int
    idea_id: UUID
    title: str
    town: str
    ground: Ground
    words: str
    at: datetime


class IdeaReports:
    """Writes and settles them."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def report(self, actor: Actor, idea_id: UUID, ground: Ground, words: str) -> None:
        """Keep a report of a card that somebody reads.

        Raises:
            Refusal: `not_found`; `idea.withdrawn` or `idea.hidden`; `bad_request` for a long text.
        """
        idea = IdeaShelf(self._session).read(actor, idea_id)
        if len(words) > LONGEST_WORDS:
            raise Refusal(Code.BAD_REQUEST, f"more than {LONGEST_WORDS} characters")
        open_ones = select(func.count()).where(open_reports_of(idea.registration_id, idea.id))
        if (self._session.scalar(open_ones) or 0) >= MOST_OPEN:
            return
        self._session.add(
            IdeaReport(
                registration_id=actor.registration_id,
                id=new_id(),
                idea_registration_id=idea.registration_id,
                idea_id=idea.id,
                ground=ground,
                words=words,
                reported_at=self._clock(),
            )
        )
        self._session.flush()

    def waiting(self, decider: Decider) -> Sequence[OpenReport]:
        """Return what waits for somebody who may hide the card, the oldest first."""
        rows = self._session.execute(
            select(IdeaReport, PublishedIdea.title, PublishedIdea.town)
            .join(PublishedIdea, _same_idea())
            .where(IdeaReport.settled_at.is_(None), PublishedIdea.gone.is_(None), _may_hide(decider))
            .order_by(IdeaReport.reported_at, IdeaReport.id)
            .limit(MOST_SHOWN)
        )
        return [
            OpenReport(
                registration_id=row.idea_registration_id,
                idea_id=row.idea_id,
                title=title,
                town=town,
                ground=Ground(row.ground),
                words=row.words,
                at=row.reported_at,
            )
            for row, title, town in rows
        ]

    def settle(self, decider: Decider, registration_id: int, idea_id: UUID) -> None:
        """Say that a card may stay as it is.

        Raises:
            Refusal: `not_found` if there is no such card whose reports may be settled.
        """
        here = PublishedIdea.registration_id == registration_id, PublishedIdea.id == idea_id
        if self._session.scalar(select(PublishedIdea.id).where(*here, _may_hide(decider))) is None:
            raise Refusal(Code.NOT_FOUND, "no such card for this decider")
        settle_reports(self._session, self._clock, registration_id, idea_id)
        log = AuditLog(self._session, self._clock, decider.who)
        log.record(Action.IDEA_REPORTS_SETTLED, str(idea_id), registration_id=registration_id)


def _may_hide(decider: Decider) -> ColumnElement[bool]:
    """The operator, of what all towns read; instructors and administrators, of what their own town wrote."""
    if decider.registration_id is None:
        return PublishedIdea.reach == Reach.ALL
    own_town = PublishedIdea.registration_id == decider.registration_id
    in_course = PublishedIdea.context_id == decider.context_id
    return and_(own_town, (PublishedIdea.reach != Reach.COURSE) | in_course)


def _same_idea() -> ColumnElement[bool]:
    return and_(
        IdeaReport.idea_registration_id == PublishedIdea.registration_id, IdeaReport.idea_id == PublishedIdea.id
    )
