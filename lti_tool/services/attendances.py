"""Notes who was at a live date. What counts stands in one row; each decision about it stays in the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, union
from sqlalchemy.orm import Session

from lti_tool.db.models import Attendance, AttendanceEntry, LtiUser, Membership, SignUp
from lti_tool.db.upsert import insert_once, upsert
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.attendance import LONGEST_REASON, How, can_be_noted, is_code, minutes_of, subject_of
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.live_dates import Occasion
from lti_tool.domain.seats import Place
from lti_tool.domain.standing import pseudonym
from lti_tool.services.course_people import LEARNERS_PARTS
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who may have been there.

    Attributes:
        name: as the platform sent it; None if it sends none.
        alias: what stands for the person where no name can be shown, and in forms.
        place: the seat or place in the waiting list; None for others of the course.
        minutes: None until something is noted.
    """

    user_id: UUID
    name: str | None
    alias: str
    place: Place | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry of a date's history."""

    user_id: UUID
    minutes: int
    how: How
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Decision:
    minutes: int
    how: How
    reason: str = ""


class Attendances:
    """For the dates that whoever acts may see; `services/live_dates.py` has said which those are."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def people(self, actor: Actor, occasion: Occasion) -> Sequence[Listed]:
        """Return who learns in the instructor's course, and of the course's own dates everybody who signed up."""
        rows = self._session.execute(self._people(actor, occasion))
        course = actor.context_id or actor.launch_id
        listed = [
            Listed(row.id, row.name or None, pseudonym(course, row.subject), _place(row.state), row.minutes)
            for row in rows
        ]
        return sorted(listed, key=lambda one: (one.place is None, one.place or "", one.name is None, one.name or ""))

    def note(self, actor: Actor, occasion: Occasion, people: Iterable[UUID]) -> int:
        """Note that people were there from beginning to end; return how many were not noted before.

        Raises:
            Refusal: `role.forbidden`, `not_found` for anybody who is not listed, `bad_request` too early.
        """
        known = self._known(actor, occasion)
        chosen = list(people)
        if not known.keys() >= set(chosen):
            raise Refusal(Code.NOT_FOUND, "nobody of this date")
        there = _Decision(minutes_of(occasion), How.INSTRUCTOR)
        new = [self._note_first(actor, one, occasion, there) for one in chosen if known[one].minutes is None]
        self._session.flush()  # pages shown next read the table
        return sum(new)

    def correct(self, actor: Actor, occasion: Occasion, user_id: UUID, minutes: int, reason: str) -> None:
        """Change how long somebody was there; 0 for not at all.

        Raises:
            Refusal: as `note`; `bad_request` also without a reason, and for more minutes than the date has.
        """
        if user_id not in self._known(actor, occasion):
            raise Refusal(Code.NOT_FOUND, "nobody of this date")
        reason = " ".join(reason.split())
        if not 0 < len(reason) <= LONGEST_REASON or not 0 <= minutes <= minutes_of(occasion):
            raise Refusal(Code.BAD_REQUEST, "a correction needs a reason, and minutes of the date")
        decision = _Decision(minutes, How.INSTRUCTOR, reason)
        key, values = _key(actor, user_id, occasion), self._values(occasion, decision)
        upsert(self._session, Attendance, key=key, values=values)
        self._remember(actor, user_id, occasion, decision)
        self._session.flush()  # pages shown next read the table

    def prove(self, actor: Actor, occasion: Occasion, typed: str, secret: str) -> bool:
        """Note a learner's own attendance by the code of the session; return whether the code was right.

        What an instructor has decided before stays.

        Raises:
            Refusal: `role.forbidden` for previews.
        """
        if not actor.keeps_progress or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews keep nothing")
        if not is_code(secret, occasion, typed, self._clock()):
            return False
        self._note_first(actor, actor.user_id, occasion, _Decision(minutes_of(occasion), How.CODE))
        return True

    def own(self, actor: Actor, occasion: Occasion) -> int | None:
        """Return the minutes noted for whoever acts; None while there are none."""
        row = self._session.get(Attendance, (actor.registration_id, actor.user_id, occasion.id))
        return row.minutes if row else None

    def times(self, person: Actor | Learner) -> Mapping[str, int]:
        """Return the minutes a person has attended, by what they count for."""
        if not person.keeps_progress:
            return {}
        rows = self._session.execute(
            select(Attendance.about, func.sum(Attendance.minutes))
            .where(Attendance.registration_id == person.registration_id, Attendance.user_id == person.user_id)
            .group_by(Attendance.about)
        )
        return {about: int(minutes) for about, minutes in rows if minutes}

    def history(self, actor: Actor, occasion: Occasion) -> Sequence[Noted]:
        """Return what was noted about the people that an instructor sees, newest first."""
        listed = {one.user_id for one in self.people(actor, occasion)}
        rows = self._session.scalars(
            select(AttendanceEntry)
            .where(AttendanceEntry.registration_id == actor.registration_id, AttendanceEntry.date_id == occasion.id)
            .order_by(AttendanceEntry.decided_at.desc(), AttendanceEntry.id.desc())
        )
        return [
            Noted(row.user_id, row.minutes, How(row.how), row.reason, row.decided_at)
            for row in rows
            if row.user_id in listed
        ]

    def _known(self, actor: Actor, occasion: Occasion) -> Mapping[UUID, Listed]:
        if not actor.is_instructor:
            raise Refusal(Code.ROLE_FORBIDDEN, "not an instructor of the course")
        if not can_be_noted(occasion, self._clock()):
            raise Refusal(Code.BAD_REQUEST, "the date has not begun, or was called off")
        return {one.user_id: one for one in self.people(actor, occasion)}

    def _people(self, actor: Actor, occasion: Occasion) -> Any:
        here = actor.registration_id
        course = select(Membership.user_id).where(
            Membership.registration_id == here,
            Membership.context_id == actor.context_id,
            Membership.parts.in_(LEARNERS_PARTS),
        )
        signed_up = select(SignUp.user_id).where(
            SignUp.registration_id == here,
            SignUp.date_id == occasion.id,
            literal(occasion.context_id is not None and occasion.context_id == actor.context_id),
        )
        of_person, of_date = SignUp.user_id == LtiUser.id, SignUp.date_id == occasion.id
        noted = (Attendance.registration_id == here) & (Attendance.user_id == LtiUser.id)
        return (
            select(LtiUser.id, LtiUser.subject, LtiUser.name, SignUp.state, Attendance.minutes)
            .outerjoin(SignUp, (SignUp.registration_id == here) & of_person & of_date)
            .outerjoin(Attendance, noted & (Attendance.date_id == occasion.id))
            .where(LtiUser.registration_id == here, LtiUser.id.in_(union(course, signed_up)))
        )

    def _note_first(self, actor: Actor, user_id: UUID, occasion: Occasion, decision: _Decision) -> bool:
        """Note what nobody has decided before; whoever decides at the same moment is not overruled."""
        row = _key(actor, user_id, occasion) | self._values(occasion, decision)
        if new := insert_once(self._session, Attendance, row):
            self._remember(actor, user_id, occasion, decision)
        return new

    def _values(self, occasion: Occasion, decision: _Decision) -> dict[str, Any]:
        return {
            "about": subject_of(occasion),
            "title": occasion.plan.title,
            "minutes": decision.minutes,
            "changed_at": self._clock(),
        }

    def _remember(self, actor: Actor, user_id: UUID, occasion: Occasion, decision: _Decision) -> None:
        self._session.add(
            AttendanceEntry(
                registration_id=actor.registration_id,
                user_id=user_id,
                id=new_id(),
                date_id=occasion.id,
                minutes=decision.minutes,
                how=decision.how,
                reason=decision.reason,
                decided_at=self._clock(),
                decided_by=actor.user_id if decision.how is How.INSTRUCTOR else None,
            )
        )


def _key(actor: Actor, user_id: UUID, occasion: Occasion) -> dict[str, Any]:
    return {"registration_id": actor.registration_id, "user_id": user_id, "date_id": occasion.id}


def _place(state: str | None) -> Place | None:
    return Place(state) if state else None
