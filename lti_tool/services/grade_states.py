"""Where each grade of a course is on its way, and what an instructor can do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import LineItem, LtiUser, ResourceLink, ResultReading, RosterMember, ScoreDelivery
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import Reason
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.scores import Delivery, Result
from lti_tool.domain.standing import pseudonym
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.ports import Clock


class GradeFilter(StrEnum):
    """Which grades a list shows."""

    FAILED = "failed"
    CHANGED = "changed"
    """The gradebook holds something else than was sent."""
    WAITING = "waiting"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One person's grade in one activity.

    Attributes:
        at: when it was sent, or queued while it is not.
        held: what the gradebook held when it was read after the sending; None if nobody looked or it held nothing.
        changed: the gradebook holds something else than was sent.
    """

    line_item_id: UUID
    user_id: UUID
    name: str | None
    alias: str
    activity: str
    state: Delivery
    given: Decimal
    maximum: Decimal
    at: datetime
    reason: str | None
    held: Result | None
    held_at: datetime | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """How far the gradebook has been read back.

    Attributes:
        columns: how many columns the course has that can be read.
        read_at: since when at least all of them were read; None if one never was.
        under_way: the worker still has to read one.
        reason: why the latest one could not be read.
    """

    columns: int
    read_at: datetime | None
    under_way: bool
    reason: str | None


class GradeStates:
    """Grades of one course. Those of another course do not exist here."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def counts(self, actor: Actor) -> Mapping[GradeFilter, int]:
        """Return how many grades each filter would list."""
        query = _of_course(
            select(*(func.coalesce(func.sum(case((what, 1), else_=0)), 0) for what in _WHAT.values())), actor
        )
        return dict(zip(_WHAT, self._session.execute(query).one(), strict=True))

    def rows(
        self,
        actor: Actor,
        which: GradeFilter | None,
        people: Collection[UUID] | None,
        *,
        limit: int,
        offset: int = 0,
    ) -> Sequence[GradeRow]:
        """Return a page of the list, failures first; `people` None means everybody."""
        query = _of_course(select(ScoreDelivery, LtiUser, RosterMember.name, ResourceLink, CHANGED), actor)
        query = query.outerjoin(
            RosterMember,
            and_(
                RosterMember.registration_id == LtiUser.registration_id,
                RosterMember.context_id == ResourceLink.context_id,
                RosterMember.subject == LtiUser.subject,
            ),
        )
        if which:
            query = query.where(_WHAT[which])
        if people is not None:
            query = query.where(ScoreDelivery.user_id.in_(people))
        failed_first = case((ScoreDelivery.state == Delivery.FAILED, 0), (CHANGED, 1), else_=2)
        query = query.order_by(failed_first, ScoreDelivery.queued_at.desc(), ScoreDelivery.user_id)
        found = self._session.execute(query.limit(limit).offset(offset))
        return [_row(*entry) for entry in found]

    def send_again(self, actor: Actor, chosen: Collection[tuple[UUID, UUID]] | None = None) -> int:
        """Put grades that failed back into the queue; those that somebody changed in the LMS stay as they are.

        Args:
            actor: whose course it is.
            chosen: (line item, person) of the grades; None for all that failed.
        """
        count = self._requeue(actor, chosen, ScoreDelivery.state == Delivery.FAILED, _NOT_CHANGED)
        self._audit(Action.GRADES_SENT_AGAIN, actor, count)
        return count

    def overwrite(self, actor: Actor, line_item_id: UUID, user_id: UUID) -> None:
        """Send one grade although the gradebook holds another.

        Raises:
            Refusal: `not_found` if the course has no such grade.
        """
        if not self._requeue(actor, [(line_item_id, user_id)], overwrites=True):
            raise Refusal(Code.NOT_FOUND, "no such grade in this course")
        self._audit(Action.GRADE_OVERWRITTEN, actor, 1)

    def readings(self, actor: Actor) -> Readings:
        """Return how much of the gradebook is known."""
        rows = self._session.execute(
            select(ResultReading.read_at, ResultReading.wanted, ResultReading.reason)
            .select_from(LineItem)
            .join(ResourceLink, _IS_LINK)
            .outerjoin(
                ResultReading,
                and_(
                    ResultReading.registration_id == LineItem.registration_id, ResultReading.line_item_id == LineItem.id
                ),
            )
            .where(
                LineItem.registration_id == actor.registration_id,
                ResourceLink.context_id == actor.context_id,
                LineItem.url.is_not(None),
            ),
        ).all()
        times = [row.read_at for row in rows if row.read_at]
        return Readings(
            columns=len(rows),
            read_at=min(times) if rows and len(times) == len(rows) else None,
            under_way=any(row.wanted for row in rows),
            reason=next((row.reason for row in rows if row.reason), None),
        )

    def _requeue(
        self,
        actor: Actor,
        chosen: Collection[tuple[UUID, UUID]] | None,
        *which: ColumnElement[bool],
        overwrites: bool = False,
    ) -> int:
        now = self._clock()
        ours = (
            select(LineItem.id)
            .join(ResourceLink, _IS_LINK)
            .where(LineItem.registration_id == actor.registration_id, ResourceLink.context_id == actor.context_id)
        )
        wanted = [ScoreDelivery.registration_id == actor.registration_id, ScoreDelivery.line_item_id.in_(ours), *which]
        if chosen is not None:
            one_of = (
                and_(ScoreDelivery.line_item_id == line_item, ScoreDelivery.user_id == user)
                for line_item, user in chosen
            )
            wanted.append(or_(*one_of))
        if chosen is not None and not chosen:
            return 0
        sent = self._session.execute(
            update(ScoreDelivery)
            .where(*wanted)
            .values(
                state=Delivery.WAITING,
                revision=ScoreDelivery.revision + 1,
                queued_at=now,
                next_try_at=case((ScoreDelivery.lease.is_(None), now), else_=ScoreDelivery.next_try_at),
                tries=0 if overwrites else 1,  # the worker looks into the gradebook before it sends once more
                overwrites=overwrites,
            )
            .returning(ScoreDelivery.user_id)
            .execution_options(synchronize_session=False),
        )
        return len(sent.all())

    def _audit(self, action: Action, actor: Actor, count: int) -> None:
        log = AuditLog(self._session, self._clock, Who.INSTRUCTOR)
        log.record(action, registration_id=actor.registration_id, count=count, course=str(actor.context_id))


_IS_LINK = and_(ResourceLink.registration_id == LineItem.registration_id, ResourceLink.id == LineItem.resource_link_id)
_DIFFERENCE = func.abs(
    ScoreDelivery.held_given / ScoreDelivery.held_maximum - ScoreDelivery.sent_given / ScoreDelivery.sent_maximum
)
CHANGED = and_(
    ScoreDelivery.held_at.is_not(None),
    ScoreDelivery.held_given.is_not(None),
    ScoreDelivery.held_maximum > 0,
    ScoreDelivery.sent_maximum > 0,
    Decimal("0.0001") <= _DIFFERENCE,
)
"""What was read after the latest sending is not what was sent."""
_NOT_CHANGED = func.coalesce(ScoreDelivery.reason, "") != Reason.CHANGED_IN_LMS
_WHAT: Mapping[GradeFilter, ColumnElement[bool]] = {
    GradeFilter.FAILED: ScoreDelivery.state == Delivery.FAILED,
    GradeFilter.CHANGED: CHANGED,
    GradeFilter.WAITING: ScoreDelivery.state == Delivery.WAITING,
    GradeFilter.SENT: ScoreDelivery.state == Delivery.SENT,
}


def _of_course(query: Any, actor: Actor) -> Any:
    """Only grades of the actor's course, with whom and what they are about."""
    return (
        query.select_from(ScoreDelivery)
        .join(
            LineItem,
            and_(LineItem.registration_id == ScoreDelivery.registration_id, LineItem.id == ScoreDelivery.line_item_id),
        )
        .join(ResourceLink, _IS_LINK)
        .join(
            LtiUser, and_(LtiUser.registration_id == ScoreDelivery.registration_id, LtiUser.id == ScoreDelivery.user_id)
        )
        .where(
            ScoreDelivery.registration_id == actor.registration_id,
            ResourceLink.context_id == actor.context_id,
        )
    )


def _row(grade: ScoreDelivery, person: LtiUser, listed_name: str | None, link: ResourceLink, changed: bool) -> GradeRow:
    sent = grade.state == Delivery.SENT and grade.sent_at is not None
    held = Result(grade.held_given, grade.held_maximum) if grade.held_at and grade.held_given is not None else None
    return GradeRow(
        line_item_id=grade.line_item_id,
        user_id=grade.user_id,
        name=person.name or listed_name,
        alias=pseudonym(link.context_id or UUID(int=0), person.subject),
        activity=link.title,
        state=Delivery(grade.state),
        given=grade.given,
        maximum=grade.maximum,
        at=grade.sent_at if sent and grade.sent_at else grade.queued_at,
        reason=grade.reason,
        held=held,
        held_at=grade.held_at,
        changed=bool(changed),
    )
