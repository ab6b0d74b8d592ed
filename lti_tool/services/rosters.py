"""Rosters: asked for when an instructor opens a course, read by the worker, kept as a copy (rows G28 to G30).

Only where the platform offers them and the registration switched them on. What is kept is the least that a course's
overview needs: who learns there, by the id the platform uses, whether that is active, and a name if one is sent and
the registration keeps names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import Context, Registration, RosterMember
from lti_tool.db.models import Roster as RosterRow
from lti_tool.db.upsert import insert_or, upsert
from lti_tool.domain.roster import Member, MemberStatus, Roster
from lti_tool.services.launch_lookup import KnownRoster
from lti_tool.services.ports import Clock

PEOPLE_PER_PAGE = 500
"""Without a limit Moodle sends everybody at once, which a large course would make larger than any answer may be."""
FRESH = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=1)
WHILE_READING = timedelta(minutes=30)
"""A worker that died with a roster in hand leaves it alone for so long."""
WHOLE_AGAIN_AFTER = timedelta(days=7)
"""Differences build on one another; now and then all is read afresh."""


@dataclass(frozen=True, slots=True)
class DueRoster:
    """A roster that this worker is to read; `url` tells only differences if `whole` is False."""

    registration_id: int
    context_id: UUID
    url: str
    whole: bool


@dataclass(frozen=True, slots=True)
class RosterState:
    """A course's roster as a page or a command shows it.

    Attributes:
        read_at: None if it was never read.
        reason: code of the latest failure, None after a success.
    """

    context_id: UUID
    course: str
    active: int
    inactive: int
    read_at: datetime | None
    reason: str | None


class Rosters:
    """Rosters of all courses."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def remember(
        self, registration_id: int, context_id: UUID, url: str, known: KnownRoster | None, *, wanted: bool
    ) -> None:
        """Store where a course's roster is read; `wanted` if whoever launches teaches there."""
        now = self._clock()
        due = wanted and (known is None or known.next_read_at <= now)
        if known and known.url == url and (known.wanted or not due):
            return
        upsert(
            self._session,
            RosterRow,
            key={"registration_id": registration_id, "context_id": context_id},
            values={"url": url, "wanted": due or (known is not None and known.wanted)},
            once={"next_read_at": now},
        )

    def take_due(self) -> DueRoster | None:
        """Claim one roster that is wanted; the caller commits before it reads."""
        now = self._clock()
        wanted = (
            select(RosterRow.registration_id, RosterRow.context_id)
            .join(Registration, Registration.id == RosterRow.registration_id)
            .where(RosterRow.wanted, Registration.nrps_enabled, Registration.active)
            .order_by(RosterRow.next_read_at)
            .limit(1)
            .with_for_update(of=RosterRow, skip_locked=True)
        )
        found = self._session.execute(wanted).one_or_none()
        if found is None:
            return None
        row = self._session.execute(
            update(RosterRow)
            .where(_is(found.registration_id, found.context_id), RosterRow.wanted)
            .values(wanted=False, next_read_at=now + WHILE_READING)
            .returning(RosterRow.url, RosterRow.differences_url, RosterRow.read_whole_at)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is None:
            return None
        fresh = row.read_whole_at is not None and now - row.read_whole_at < WHOLE_AGAIN_AFTER
        whole = not (row.differences_url and fresh)
        url = row.url if whole else row.differences_url
        return DueRoster(found.registration_id, found.context_id, url, whole)

    def store(self, due: DueRoster, roster: Roster, *, keeps_names: bool) -> None:
        """Replace what was known of the course's learners, or change it by the differences."""
        now = self._clock()
        members = RosterMember.registration_id == due.registration_id, RosterMember.context_id == due.context_id
        gone = [member.subject for member in roster.members if not _stays(member)]
        scope = members if due.whole else (*members, RosterMember.subject.in_(gone))
        self._session.execute(delete(RosterMember).where(*scope).execution_options(synchronize_session=False))
        self._put(due, [member for member in roster.members if _stays(member)], keeps_names=keeps_names)
        values = {"differences_url": roster.differences_url, "read_at": now, "reason": None}
        self._write(due, next_read_at=now + FRESH, **values, **({"read_whole_at": now} if due.whole else {}))

    def record_failure(self, due: DueRoster, reason: str, *, for_good: bool) -> None:
        """Keep what was known, and why it could not be read; differences that fail are given up for a whole reading."""
        pause = FRESH if for_good and due.whole else AFTER_FAILURE
        self._write(due, next_read_at=self._clock() + pause, reason=reason, differences_url=None)

    def states(self, registration_id: int) -> Sequence[RosterState]:
        """Return the rosters of a registration, by the courses' titles."""
        active = func.coalesce(func.sum(case((RosterMember.active, 1), else_=0)), 0)
        query = (
            select(
                Context.id, Context.title, RosterRow.read_at, RosterRow.reason, active, func.count(RosterMember.subject)
            )
            .join(
                RosterRow,
                and_(RosterRow.registration_id == Context.registration_id, RosterRow.context_id == Context.id),
            )
            .outerjoin(
                RosterMember,
                and_(
                    RosterMember.registration_id == RosterRow.registration_id,
                    RosterMember.context_id == RosterRow.context_id,
                ),
            )
            .where(Context.registration_id == registration_id)
            .group_by(Context.id, Context.title, RosterRow.read_at, RosterRow.reason)
            .order_by(Context.title)
        )
        return [
            RosterState(context_id, course, actives, everybody - actives, read_at, reason)
            for context_id, course, read_at, reason, actives, everybody in self._session.execute(query)
        ]

    def _put(self, due: DueRoster, members: Iterable[Member], *, keeps_names: bool) -> None:
        rows = [
            {
                "registration_id": due.registration_id,
                "context_id": due.context_id,
                "subject": member.subject,
                "name": member.name if keeps_names else None,
                "active": member.status is MemberStatus.ACTIVE,
            }
            for member in members
        ]
        if not rows:
            return
        statement = insert_or(self._session, RosterMember)
        self._session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=["registration_id", "context_id", "subject"],
                set_={"name": statement.excluded.name, "active": statement.excluded.active},
            ),
            rows,
        )

    def _write(self, due: DueRoster, **values: object) -> None:
        self._session.execute(
            update(RosterRow)
            .where(_is(due.registration_id, due.context_id))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _stays(member: Member) -> bool:
    """Instructors are nobody's learners; who was deleted from the course is deleted here."""
    return member.is_learner and member.status is not MemberStatus.DELETED


def _is(registration_id: int, context_id: UUID) -> ColumnElement[bool]:
    return and_(RosterRow.registration_id == registration_id, RosterRow.context_id == context_id)
