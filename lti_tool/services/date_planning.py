"""Making, changing and cancelling live dates: by instructors for course or town, by the operator for all towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import DateChange, LiveDate, LtiUser, Municipality, Registration, SignUp
from lti_tool.domain.date_series import moved_along
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.live_dates import (
    LONGEST_REASON,
    BadPlan,
    Deed,
    Fault,
    Occasion,
    Plan,
    differences,
    faults_of,
)
from lti_tool.domain.seats import News, Place, allows
from lti_tool.services.live_dates import occasion_of
from lti_tool.services.ports import Clock
from lti_tool.services.sign_ups import SignUps


@dataclass(frozen=True, slots=True)
class Planner:
    """Who plans: an instructor in a course, or the operator, who has none of the three."""

    registration_id: int | None = None
    context_id: UUID | None = None
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a date's history."""

    at: datetime
    deed: Deed
    changes: Mapping[str, Sequence[str]]
    reason: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who signed up, as whoever runs the date sees them."""

    registration_id: int
    user_id: UUID
    subject: str
    name: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class TownCount:
    """How many of a town signed up."""

    town: str
    seats: int
    waiting: int


class DatePlanning:
    """What one planner does; dates of others do not exist here (`not_found`)."""

    def __init__(self, session: Session, clock: Clock, planner: Planner) -> None:
        self._session = session
        self._clock = clock
        self._planner = planner

    def make(self, plans: Sequence[Plan], *, whole_town: bool = False) -> list[UUID]:
        """Offer one date, or a series of them; return their ids.

        Raises:
            BadPlan: nothing was made.
        """
        now = self._clock()
        if faults := [fault for plan in plans for fault in faults_of(plan, now)]:
            raise BadPlan(*dict.fromkeys(faults))
        series_id = new_id() if len(plans) > 1 else None
        made = [self._insert(plan, series_id, whole_town=whole_town) for plan in plans]
        self._session.flush()  # the history refers to them
        for date_id in made:
            self._note(date_id, Deed.MADE)
        self._session.flush()
        return made

    def own(self, date_id: UUID) -> Occasion:
        """Return a date that this planner may change.

        Raises:
            Refusal: `not_found`.
        """
        return self._mine(occasion_of(row) if (row := self._session.get(LiveDate, date_id)) else None)

    def all_own(self, since: datetime) -> list[Occasion]:
        """Return the planner's dates that end after a moment."""
        query = select(LiveDate).where(
            LiveDate.registration_id == self._planner.registration_id,
            LiveDate.context_id == self._planner.context_id,
            LiveDate.ends_at > since,
        )
        return [occasion_of(row) for row in self._session.scalars(query.order_by(LiveDate.starts_at, LiveDate.id))]

    def change(self, date_id: UUID, plan: Plan, *, reason: str = "", following: bool = False) -> int:
        """Change a date, or it and the later ones of its series; return how many. Freed seats go to those who wait.

        Raises:
            Refusal: `not_found`.
            BadPlan: nothing was changed; also for seats below those that are taken.
            NoSuchHour, HourTwice: a later date would fall into the night of a change of the clocks.
        """
        held = self._hold(date_id, following=following)
        before, later = held[0].plan, [one.plan for one in held[1:]]
        plans = [plan, *moved_along(before, plan, later)]
        changed = [self._change(occasion, new, _one_line(reason)) for occasion, new in zip(held, plans, strict=True)]
        self._session.flush()
        return sum(changed)

    def cancel(self, date_id: UUID, reason: str, *, following: bool = False) -> int:
        """Call a date off, or it and the later ones of its series; return how many. All who signed up are told why.

        Raises:
            Refusal: `not_found`.
            BadPlan: without a reason, or for a date that is over.
        """
        reason, now = _one_line(reason), self._clock()
        if not 0 < len(reason) <= LONGEST_REASON:
            raise BadPlan(Fault.REASON)
        cancelled = 0
        for occasion in self._hold(date_id, following=following):
            if occasion.plan.ends_at <= now:
                raise BadPlan(Fault.OVER)
            if occasion.cancelled_at is None:
                self._write(occasion, cancelled_at=now, cancelled_because=reason)
                self._tell(occasion.id, News.CANCELLED)
                self._note(occasion.id, Deed.CANCELLED, reason=reason)
                cancelled += 1
        self._session.flush()
        return cancelled

    def history(self, date_id: UUID) -> list[Change]:
        """Return what was done to a date, newest first.

        Raises:
            Refusal: `not_found`.
        """
        self.own(date_id)
        query = select(DateChange).where(DateChange.date_id == date_id).order_by(DateChange.id.desc())
        return [Change(row.at, Deed(row.action), row.changes, row.reason) for row in self._session.scalars(query)]

    def attendees(self, date_id: UUID) -> list[Attendee]:
        """Return who signed up for a date of this planner, in the order of arrival; the operator sees no people.

        Raises:
            Refusal: `not_found`.
        """
        self.own(date_id)
        if self._planner.registration_id is None:
            return []
        rows = self._session.execute(
            select(SignUp.user_id, LtiUser.subject, LtiUser.name, SignUp.state)
            .join(LtiUser, (LtiUser.registration_id == SignUp.registration_id) & (LtiUser.id == SignUp.user_id))
            .where(SignUp.registration_id == self._planner.registration_id, SignUp.date_id == date_id)
            .order_by(SignUp.number)
        )
        here = self._planner.registration_id
        return [Attendee(here, user_id, subject, name, Place(state)) for user_id, subject, name, state in rows]

    def towns(self, date_id: UUID) -> list[TownCount]:
        """Return how many of each town signed up for a date.

        Raises:
            Refusal: `not_found`.
        """
        self.own(date_id)
        seats, waiting = (
            func.count().filter(SignUp.state == place).label(place.value) for place in (Place.SEAT, Place.WAITING)
        )
        rows = self._session.execute(
            select(Municipality.name, seats, waiting)
            .select_from(SignUp)
            .join(Registration, Registration.id == SignUp.registration_id)
            .join(Municipality, Municipality.id == Registration.municipality_id)
            .where(SignUp.date_id == date_id)
            .group_by(Municipality.name)
            .order_by(Municipality.name)
        )
        return [TownCount(*row) for row in rows]

    def _hold(self, date_id: UUID, *, following: bool) -> list[Occasion]:
        """Lock a date, and the later ones of its series that take place; return them in the order of time.

        They are locked by their ids, as whoever erases a person does, so the two never wait for each other.
        """
        first = self.own(date_id)
        ids = [date_id]
        if following and first.series_id:
            ids += self._session.scalars(
                select(LiveDate.id)
                .where(
                    LiveDate.series_id == first.series_id,
                    LiveDate.starts_at > first.plan.starts_at,
                    LiveDate.cancelled_at.is_(None),
                )
                .order_by(LiveDate.starts_at, LiveDate.id)
            )
        sign_ups = SignUps(self._session, self._clock)
        held = {one: self._mine(sign_ups.hold(one)) for one in sorted(ids)}
        return [held[one] for one in ids]

    def _change(self, occasion: Occasion, plan: Plan, reason: str) -> bool:
        now = self._clock()
        if not (changes := differences(occasion.plan, plan)):
            return False
        sign_ups = SignUps(self._session, self._clock)
        faults = list(faults_of(plan, now, occasion.plan))
        if occasion.cancelled_at or occasion.plan.ends_at <= now:
            faults.append(Fault.OVER)
        if not allows(plan.limits, sign_ups.taken(occasion.id)):
            faults.append(Fault.SEATS_TAKEN)
        if faults:
            raise BadPlan(*faults)
        self._write(occasion, **_columns(plan))
        self._note(occasion.id, Deed.CHANGED, changes, reason)
        if "starts_at" in changes or "ends_at" in changes:
            self._tell(occasion.id, News.MOVED)
        if not replace(occasion, plan=plan).closed_to_leavers(now):
            sign_ups.move_up(occasion.id, plan.limits)
        return True

    def _insert(self, plan: Plan, series_id: UUID | None, *, whole_town: bool) -> UUID:
        row = LiveDate(
            id=new_id(),
            registration_id=self._planner.registration_id,
            context_id=self._planner.context_id,
            whole_town=whole_town,
            series_id=series_id,
            arrivals=0,
            sequence=0,
            cancelled_because="",
            made_at=self._clock(),
            changed_at=self._clock(),
            **_columns(plan),
        )
        self._session.add(row)
        return row.id

    def _write(self, occasion: Occasion, **columns: Any) -> None:
        self._session.execute(
            update(LiveDate)
            .where(LiveDate.id == occasion.id)
            .values(sequence=LiveDate.sequence + 1, changed_at=self._clock(), **columns)
            .execution_options(synchronize_session=False)
        )

    def _tell(self, date_id: UUID, news: News) -> None:
        """Who has moved up and does not know yet learns that with the new time; a cancellation is told in any case."""
        known = [SignUp.news.is_(None)] if news is News.MOVED else []
        self._session.execute(
            update(SignUp)
            .where(SignUp.date_id == date_id, *known)
            .values(news=news.value)
            .execution_options(synchronize_session=False)
        )

    def _note(self, date_id: UUID, deed: Deed, changes: Mapping[str, Any] | None = None, reason: str = "") -> None:
        self._session.add(
            DateChange(
                id=new_id(),
                date_id=date_id,
                registration_id=self._planner.registration_id,
                user_id=self._planner.user_id,
                at=self._clock(),
                action=deed.value,
                changes={name: list(pair) for name, pair in (changes or {}).items()},
                reason=reason[:LONGEST_REASON],
            )
        )

    def _mine(self, occasion: Occasion | None) -> Occasion:
        if occasion is None or not self._is_mine(occasion):
            raise Refusal(Code.NOT_FOUND, "no such date of this planner")
        return occasion

    def _is_mine(self, occasion: Occasion) -> bool:
        whose = (occasion.registration_id, occasion.context_id)
        return whose == (self._planner.registration_id, self._planner.context_id)


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "module_id": plan.subject.module_id,
        "certification_id": plan.subject.certification_id,
        "title": plan.title,
        "trainer": plan.trainer,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "sign_up_until": plan.sign_up_until,
        "join_url": plan.join_url,
        "seats": plan.limits.seats,
        "seats_per_town": plan.limits.per_town,
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
