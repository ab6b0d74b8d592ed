"""Attendance as the class page sums it up: the course's last and next date, and people's time towards certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Certification
from lti_tool.db.models import Attendance, LiveDate, SignUp
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import LiveTime, live_time
from lti_tool.domain.live_dates import Occasion
from lti_tool.domain.seats import Place
from lti_tool.services.live_dates import occasion_of

LiveTimes = Mapping[tuple[UUID, str], LiveTime]
"""By person and certification."""


@dataclass(frozen=True, slots=True)
class DateFigures:
    """One date of the course in numbers.

    Attributes:
        attended: people who were there for a minute at least.
    """

    occasion: Occasion
    seats: int
    waiting: int
    attended: int


class CourseAttendance:
    """Reads; one query each, however many dates and people there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def dates(self, actor: Actor, now: datetime) -> Sequence[DateFigures]:
        """Return the course's own last date and its next one, which may have begun; cancelled ones are left out."""
        facts = {"registration": actor.registration_id, "context": actor.context_id, "now": now}
        rows = self._session.execute(_DATES, facts)
        return [DateFigures(occasion_of(row), row.taken, row.waiting, row.attended) for row in rows]

    def times(self, actor: Actor, people: Sequence[UUID], certifications: Sequence[Certification]) -> LiveTimes:
        """Return the time of people in live dates towards each certification that asks for it."""
        asking = [one for one in certifications if one.live_minutes]
        if not people or not asking:
            return {}
        minutes: dict[UUID, dict[str, int]] = {user_id: {} for user_id in people}
        rows = self._session.execute(_MINUTES, {"registration": actor.registration_id, "people": people})
        for user_id, about, attended in rows:
            minutes[user_id][about] = int(attended)
        times = {(user_id, one.id): live_time(one, minutes[user_id]) for user_id in people for one in asking}
        return {key: time for key, time in times.items() if time}


def _dates() -> Select[Any]:
    registration, context = bindparam("registration", type_=Integer), bindparam("context", type_=Uuid)
    own = (
        select(LiveDate.id)
        .where(LiveDate.registration_id == registration, LiveDate.context_id == context)
        .where(LiveDate.cancelled_at.is_(None))
    )
    last = own.where(LiveDate.ends_at <= bindparam("now")).order_by(LiveDate.starts_at.desc(), LiveDate.id).limit(1)
    coming = own.where(LiveDate.ends_at > bindparam("now")).order_by(LiveDate.starts_at, LiveDate.id).limit(1)
    both = union_all(*(select(one.subquery().c.id) for one in (last, coming)))
    signed_up = select(func.count()).where(SignUp.registration_id == registration, SignUp.date_id == LiveDate.id)
    there = select(func.count()).where(
        Attendance.registration_id == registration, Attendance.date_id == LiveDate.id, Attendance.minutes > 0
    )
    counts = {
        "taken": signed_up.where(SignUp.state == Place.SEAT),
        "waiting": signed_up.where(SignUp.state == Place.WAITING),
        "attended": there,
    }
    columns = [count.correlate(LiveDate).scalar_subquery().label(name) for name, count in counts.items()]
    return select(*LiveDate.__table__.c, *columns).where(LiveDate.id.in_(both)).order_by(LiveDate.starts_at)


def _minutes() -> Select[UUID, str, int]:
    of_people = Attendance.user_id.in_(bindparam("people", expanding=True))
    return (
        select(Attendance.user_id, Attendance.about, func.sum(Attendance.minutes))
        .where(Attendance.registration_id == bindparam("registration", type_=Integer), of_people)
        .group_by(Attendance.user_id, Attendance.about)
    )


# Made once: building a statement anew costs more than running it.
_DATES, _MINUTES = _dates(), _minutes()
