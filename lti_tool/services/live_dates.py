"""Live dates as one person sees them: which there are, how full they are, and where the person stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Select, Uuid, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.db.engine import connection_of
from lti_tool.db.models import LiveDate, Registration, SignUp
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.live_dates import Occasion, Plan, Subject
from lti_tool.domain.seats import Limits, News, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDate:
    """A date with what one person may know about it.

    Attributes:
        place: the person's seat or place in the waiting list; None without a sign-up.
        number_waiting: 1 for whoever waits longest; None without a place in the waiting list.
        taken_here: seats that people of the person's town have.
        news: what the person has not been told yet.
    """

    occasion: Occasion
    place: Place | None
    number_waiting: int | None
    taken: int
    taken_here: int
    waiting: int
    news: News | None = None

    @property
    def free(self) -> int:
        """Seats left for the person's town."""
        limits = self.occasion.plan.limits
        per_town = limits.seats if limits.per_town is None else limits.per_town
        return max(0, min(limits.seats - self.taken, per_town - self.taken_here))


@dataclass(frozen=True, slots=True)
class Told:
    """News about a date somebody signed up for."""

    occasion: Occasion
    news: News


class LiveDates:
    """Reads. A date that is not for the actor's course, town or all towns does not exist here (`not_found`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def between(self, actor: Actor, first: datetime, end: datetime) -> list[SeenDate]:
        """Return the dates that begin in a span of time, in their order."""
        span = {"first": first, "end": end}
        return self._seen(actor, self._session.execute(_BETWEEN, _facts_of(actor) | span).all())

    def coming(self, actor: Actor, now: datetime, most: int) -> list[SeenDate]:
        """Return the dates that have not ended, the next ones first."""
        query = _WITH_PLACE.where(LiveDate.ends_at > now).order_by(LiveDate.starts_at, LiveDate.id).limit(most)
        return self._seen(actor, self._session.execute(query, _facts_of(actor)).all())

    def one(self, actor: Actor, date_id: UUID) -> SeenDate:
        """Return one date.

        Raises:
            Refusal: `not_found`.
        """
        signed_up = SignUp.user_id.is_not(None)  # perhaps through another course
        query = _PLACED.where(LiveDate.id == date_id, or_(visible_to(actor), signed_up))
        seen = self._seen(actor, self._session.execute(query, _facts_of(actor)).all())
        if not seen:
            raise Refusal(Code.NOT_FOUND, "no such date for this course")
        return seen[0]

    def of_person(self, actor: Actor) -> list[SeenDate]:
        """Return all dates that a person has signed up for, in whatever course, past and cancelled ones as well."""
        if not actor.keeps_progress:
            return []
        query = _PLACED.where(SignUp.user_id.is_not(None)).order_by(LiveDate.starts_at, LiveDate.id)
        return self._seen(actor, self._session.execute(query, _facts_of(actor)).all())

    def news(self, actor: Actor, now: datetime) -> list[Told]:
        """Return what a person has not been told yet about dates that have not ended."""
        if not actor.keeps_progress:
            return []
        who = {"registration": actor.registration_id, "person": actor.user_id, "now": now}
        rows = connection_of(self._session).execute(_UNTOLD, who)
        return [Told(occasion_of(row), News(row.news)) for row in rows]

    def _seen(self, actor: Actor, rows: Sequence[Row[Any]]) -> list[SeenDate]:
        counts = self._counts(actor, (row.id for row in rows))
        return [
            SeenDate(
                occasion=occasion_of(row),
                place=Place(row.state) if row.state else None,
                number_waiting=row.ahead + 1 if row.state == Place.WAITING else None,
                taken=counts.get((row.id, Place.SEAT), (0, 0))[0],
                taken_here=counts.get((row.id, Place.SEAT), (0, 0))[1],
                waiting=counts.get((row.id, Place.WAITING), (0, 0))[0],
                news=News(row.news) if row.news else None,
            )
            for row in rows
        ]

    def _counts(self, actor: Actor, ids: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[int, int]]:
        """Count sign-ups by date and state: all of them, and those of the actor's town."""
        listed = list(ids)
        if not listed:
            return {}
        rows = self._session.execute(_COUNTS, {"registration": actor.registration_id, "dates": listed})
        return {(date_id, state): (count, in_town) for date_id, state, count, in_town in rows}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for dates that a person may know of: the operator's, the town's, and the course's own."""
    return _visible(actor.registration_id, actor.context_id)


def occasion_of(row: LiveDate | Row[Any]) -> Occasion:
    """Read a row of the table."""
    return Occasion(
        id=row.id,
        registration_id=row.registration_id,
        context_id=row.context_id,
        whole_town=row.whole_town,
        series_id=row.series_id,
        plan=Plan(
            subject=Subject(row.module_id, row.certification_id),
            title=row.title,
            trainer=row.trainer,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            sign_up_until=row.sign_up_until,
            join_url=row.join_url,
            limits=Limits(row.seats, row.seats_per_town),
        ),
        sequence=row.sequence,
        cancelled_at=row.cancelled_at,
        cancelled_because=row.cancelled_because,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _facts_of(actor: Actor) -> dict[str, Any]:
    """Return what the statements below ask about a person."""
    return {
        "registration": actor.registration_id,
        "context": actor.context_id,
        "person": actor.user_id if actor.keeps_progress else None,
    }


def _visible(registration_id: Any, context_id: Any) -> ColumnElement[bool]:
    own = or_(LiveDate.whole_town, LiveDate.context_id == context_id)
    return or_(LiveDate.registration_id.is_(None), and_(LiveDate.registration_id == registration_id, own))


def _placed() -> Select[Any]:
    """Select dates with the person's own sign-up and how many wait before it."""
    before = aliased(SignUp)
    ahead = (
        select(func.count())
        .where(
            SignUp.state == Place.WAITING,
            before.date_id == SignUp.date_id,
            before.state == Place.WAITING,
            before.number < SignUp.number,
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    here, person = bindparam("registration", type_=Integer), bindparam("person", type_=Uuid)
    own = and_(SignUp.date_id == LiveDate.id, SignUp.registration_id == here, SignUp.user_id == person)
    return select(*LiveDate.__table__.c, SignUp.state, SignUp.news, ahead.label("ahead")).outerjoin(SignUp, own)


def _counts() -> Select[UUID, str, int, Any]:
    """Count sign-ups by date and state: all of them, and those of the person's town."""
    town = select(Registration.municipality_id).where(Registration.id == bindparam("registration")).scalar_subquery()
    in_town = select(Registration.id).where(Registration.municipality_id == town)
    return (
        select(
            SignUp.date_id,
            SignUp.state,
            func.count(),
            func.sum(case((SignUp.registration_id.in_(in_town), 1), else_=0)),
        )
        .where(SignUp.date_id.in_(bindparam("dates", expanding=True)))
        .group_by(SignUp.date_id, SignUp.state)
    )


def _untold() -> Select[Any]:
    """Select dates to come that a person has signed up for and not been told the news of."""
    date, sign_up = LiveDate.__table__, SignUp.__table__
    return (
        select(*date.c, sign_up.c.news)
        .join(sign_up, sign_up.c.date_id == date.c.id)
        .where(
            sign_up.c.registration_id == bindparam("registration"),
            sign_up.c.user_id == bindparam("person"),
            sign_up.c.news.is_not(None),
            date.c.ends_at > bindparam("now"),
        )
        .order_by(date.c.starts_at)
    )


# Made once: building a statement anew costs more than running it.
_UNTOLD = _untold()
_PLACED, _COUNTS = _placed(), _counts()
_WITH_PLACE = _PLACED.where(_visible(bindparam("registration", type_=Integer), bindparam("context", type_=Uuid)))
_BETWEEN = _WITH_PLACE.where(LiveDate.starts_at >= bindparam("first"), LiveDate.starts_at < bindparam("end")).order_by(
    LiveDate.starts_at, LiveDate.id
)
