"""Who releases ideas: instructors in the course and for the town, the operator for all towns; and who hides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Context, Idea, IdeaStep, IdeaVersion, Municipality, PublishedIdea, Registration
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import Card
from lti_tool.domain.idea_states import Reach, Stand, State, Step
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.idea_removal import take_from_shelf
from lti_tool.services.idea_rows import card_of, fill, keep_stand, must_be_seen, stand_of, wording
from lti_tool.services.ports import Clock

LONGEST_REASON = 1000
PAGE = 100
_ACTIONS = {
    Step.RELEASED: Action.IDEA_RELEASED,
    Step.REJECTED: Action.IDEA_REJECTED,
    Step.HIDDEN: Action.IDEA_HIDDEN,
    Step.SHOWN_AGAIN: Action.IDEA_SHOWN_AGAIN,
}


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: an instructor or administrator in their course, or the operator (no registration)."""

    who: Who
    registration_id: int | None = None
    context_id: UUID | None = None
    user_id: UUID | None = None


OPERATOR = Decider(Who.OPERATOR)


def deciding(actor: Actor) -> Decider:
    """Return an instructor or administrator as one who decides.

    Raises:
        Refusal: `role.forbidden`.
    """
    if not actor.is_instructor:
        raise Refusal(Code.ROLE_FORBIDDEN, "not an instructor of the course")
    who = Who.ADMINISTRATOR if actor.is_administrator else Who.INSTRUCTOR
    return Decider(who, actor.registration_id, actor.context_id, actor.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaToDecide:
    """A card that somebody may decide about.

    Attributes:
        number: of the version that is shown.
        card: the wording that is asked for, or else the readable one.
        seen: names that wording.
        asked: how far it shall go; None for one that is only readable or hidden.
        replaces: an older version is readable until then.
    """

    registration_id: int
    id: UUID
    number: int
    card: Card
    seen: str
    stand: Stand
    asked: Reach | None
    asked_at: datetime | None
    town: str
    course: str
    replaces: bool
    hidden_for: str | None


class IdeaReleases:
    """The desk of one who decides."""

    def __init__(self, session: Session, clock: Clock, decider: Decider) -> None:
        self._session = session
        self._clock = clock
        self._decider = decider

    def waiting(self) -> Sequence[IdeaToDecide]:
        """Return what is asked for, the oldest first."""
        return self._shown(self._may_release(), Idea.asked_at, Idea.id)

    def count_waiting(self) -> int:
        """Return how much is asked for."""
        return self._session.scalar(select(func.count()).select_from(Idea).where(self._may_release())) or 0

    def hidden(self) -> Sequence[IdeaToDecide]:
        """Return what is hidden, the newest first."""
        return self._shown(and_(self._may_hide(), Idea.hidden_at.is_not(None)), Idea.hidden_at.desc())

    def one(self, registration_id: int, idea_id: UUID) -> IdeaToDecide:
        """Return one card that may be decided about.

        Raises:
            Refusal: `not_found`.
        """
        here = and_(Idea.registration_id == registration_id, Idea.id == idea_id)
        shown = self._shown(and_(here, or_(self._may_release(), self._may_hide())))
        if not shown:
            raise _not_found()
        return shown[0]

    def release(self, registration_id: int, idea_id: UUID, reach: Reach, seen: str) -> None:
        """Let it be read as far as was asked.

        Raises:
            Refusal: `not_found`; `idea.other_state` if it is no longer asked for; `idea.changed`.
        """
        idea, version = self._asked(registration_id, idea_id, reach)
        stand = stand_of(idea).released(reach)
        must_be_seen(version, seen)
        keep_stand(idea, stand, self._clock())
        version.released_at = version.released_at or self._clock()
        self._publish(idea, version)
        self._note(idea, Step.RELEASED, reach)

    def reject(self, registration_id: int, idea_id: UUID, reach: Reach, reason: str) -> None:
        """Turn a request down; the author reads why.

        Raises:
            Refusal: `not_found`; `idea.other_state`; `idea.no_reason`.
        """
        reason = _given(reason)
        idea, _ = self._asked(registration_id, idea_id, reach)
        keep_stand(idea, stand_of(idea).turned_down(reach), self._clock(), reason)
        self._note(idea, Step.REJECTED, reach, reason)

    def hide(self, registration_id: int, idea_id: UUID, reason: str) -> None:
        """Let nobody but the author read it; the author reads why.

        Raises:
            Refusal: `not_found`; `idea.other_state` if nobody can read it; `idea.no_reason`.
        """
        reason = _given(reason)
        idea = self._fetch(registration_id, idea_id, self._may_hide(), lock=True)
        keep_stand(idea, stand_of(idea).concealed(), self._clock(), reason)
        row = self._session.get_one(PublishedIdea, (idea.registration_id, idea.id))
        take_from_shelf(self._session, self._clock, row, State.HIDDEN)
        self._note(idea, Step.HIDDEN, stand_of(idea).reach, reason)

    def show_again(self, registration_id: int, idea_id: UUID) -> None:
        """Let it be read as before.

        Raises:
            Refusal: `not_found`.
        """
        idea = self._fetch(registration_id, idea_id, self._may_hide(), lock=True)
        if idea.hidden_at is None:
            return
        keep_stand(idea, stand_of(idea).shown_again(), self._clock())
        self._publish(idea, self._version(idea, idea.released_number or idea.number))
        self._note(idea, Step.SHOWN_AGAIN, stand_of(idea).reach)

    def _may_release(self) -> ColumnElement[bool]:
        decider, alive = self._decider, and_(Idea.hidden_at.is_(None), Idea.withdrawn_at.is_(None))
        if decider.registration_id is None:
            return and_(alive, Idea.asked == Reach.ALL)
        in_course = and_(Idea.asked == Reach.COURSE, Idea.context_id == decider.context_id)
        return and_(alive, Idea.registration_id == decider.registration_id, or_(in_course, Idea.asked == Reach.TOWN))

    def _may_hide(self) -> ColumnElement[bool]:
        decider = self._decider
        if decider.registration_id is None:
            return Idea.reach == Reach.ALL
        in_course = and_(Idea.reach == Reach.COURSE, Idea.context_id == decider.context_id)
        further = Idea.reach.in_((Reach.TOWN, Reach.ALL))
        return and_(Idea.registration_id == decider.registration_id, or_(in_course, further))

    def _fetch(self, registration_id: int, idea_id: UUID, may: ColumnElement[bool], *, lock: bool = False) -> Idea:
        query = select(Idea).where(Idea.registration_id == registration_id, Idea.id == idea_id, may)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        idea = self._session.scalar(query)
        if idea is None:
            raise _not_found()
        return idea

    def _asked(self, registration_id: int, idea_id: UUID, reach: Reach) -> tuple[Idea, IdeaVersion]:
        """Whoever may decide about such a reach here is told that something else has happened meanwhile."""
        may_have = or_(self._may_release(), self._may_hide(), self._may_look())
        idea = self._fetch(registration_id, idea_id, may_have, lock=True)
        if stand_of(idea).asked is not reach or not self._session.scalar(
            select(Idea.id).where(Idea.registration_id == registration_id, Idea.id == idea_id, self._may_release())
        ):
            raise Refusal(Code.IDEA_OTHER_STATE, f"not asked for {reach}")
        return idea, self._version(idea, idea.number)

    def _may_look(self) -> ColumnElement[bool]:
        """Cards of the own course: that there is one may be told, what stands on a draft may not."""
        decider = self._decider
        return and_(Idea.registration_id == decider.registration_id, Idea.context_id == decider.context_id)

    def _version(self, idea: Idea, number: int) -> IdeaVersion:
        key = (idea.registration_id, idea.id, number)
        return self._session.get_one(IdeaVersion, key, populate_existing=True)

    def _publish(self, idea: Idea, version: IdeaVersion) -> None:
        town = self._town(idea.registration_id)
        row = self._session.get(PublishedIdea, (idea.registration_id, idea.id))
        if row is None:
            row = PublishedIdea(registration_id=idea.registration_id, id=idea.id)
            self._session.add(row)
        fill(row, card_of(version))
        row.context_id, row.number, row.gone = idea.context_id, version.number, None
        row.reach, row.town, row.released_at = idea.reach or "", town, self._clock()
        self._session.flush()

    def _town(self, registration_id: int) -> str:
        query = select(Municipality.name).join(Registration).where(Registration.id == registration_id)
        return self._session.scalars(query).one()

    def _note(self, idea: Idea, step: Step, reach: Reach | None, reason: str = "") -> None:
        self._session.add(
            IdeaStep(
                registration_id=idea.registration_id,
                idea_id=idea.id,
                number=idea.number,
                step=step,
                reach=reach,
                reason=reason,
                at=self._clock(),
                decided_by=self._decider.user_id,
            )
        )
        self._session.flush()
        AuditLog(self._session, self._clock, self._decider.who).record(
            _ACTIONS[step], str(idea.id), registration_id=idea.registration_id, reach=str(reach)
        )

    def _shown(self, which: ColumnElement[bool], *order: Any) -> list[IdeaToDecide]:
        """Read cards with the version to be decided about: the newest if its release is this one's to decide."""
        releases = self._may_release()
        number = case((releases, Idea.number), else_=Idea.released_number)
        rows = self._session.execute(
            select(Idea, IdeaVersion, Context, Municipality.name, releases)
            .join(IdeaVersion, and_(_same_idea(), IdeaVersion.number == number))
            .join(Context, and_(Context.registration_id == Idea.registration_id, Context.id == Idea.context_id))
            .join(Registration, Registration.id == Idea.registration_id)
            .join(Municipality, Municipality.id == Registration.municipality_id)
            .where(which)
            .order_by(*order)
            .limit(PAGE)
        )
        return [
            _to_decide(idea, version, course, town, idea.asked if releases else None)
            for idea, version, course, town, releases in rows
        ]


def _same_idea() -> ColumnElement[bool]:
    return and_(IdeaVersion.registration_id == Idea.registration_id, IdeaVersion.idea_id == Idea.id)


def _to_decide(idea: Idea, version: IdeaVersion, course: Context, town: str, asked: str | None) -> IdeaToDecide:
    stand = stand_of(idea)
    return IdeaToDecide(
        registration_id=idea.registration_id,
        id=idea.id,
        number=version.number,
        card=card_of(version),
        seen=wording(version),
        stand=stand,
        asked=Reach(asked) if asked else None,
        asked_at=idea.asked_at,
        town=town,
        course=course.title or course.label,
        replaces=stand.reach is not None and stand.changed,
        hidden_for=idea.hidden_for,
    )


def _not_found() -> Refusal:
    return Refusal(Code.NOT_FOUND, "no such card to decide about")


def _given(reason: str) -> str:
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Refusal(Code.IDEA_NO_REASON)
    return reason
