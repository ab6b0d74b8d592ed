"""The outbox as its worker sees it: lease, then settle.

A lease is a conditional claim for a minute. Whoever dies with a lease loses it; the next worker finds the old lease's
token in the row, knows that the score may have arrived, and looks into the gradebook before it sends again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import LineItem, LtiUser, ScoreDelivery
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.scores import Delivery, Score, Submission
from lti_tool.services.ports import Clock
from lti_tool.services.restorations import Restorations

LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_DELAY_SECONDS = 5.0
LONGEST_DELAY_SECONDS = 900.0
NOT_NEWER_TRIES = 3
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class LeasedScore:
    """A score that this worker, and no other, may send until the lease ends.

    Attributes:
        timestamp: strictly later, by whole seconds, than any time sent before for this person and column.
        line_item_url: None while the activity's column must be found or made first.
        interrupted: an earlier worker vanished with this row; the platform may hold the score already.
        earlier: values (given, maximum) sent before; anything else in the gradebook was put there by somebody else.
        overwrites: it is to be sent whatever the gradebook holds.
        cautious: a backup was restored, so scores may have been sent that nobody here knows of: look before sending.
        column_outdated: the tool made the column, and it should have another label or maximum by now.
    """

    registration_id: int
    line_item_id: UUID
    user_id: UUID
    revision: int
    lease: str
    tries: int
    queued_at: datetime
    line_item_url: str | None
    subject: str
    given: Decimal
    maximum: Decimal
    timestamp: datetime
    interrupted: bool
    comment: str = ""
    submission: Submission | None = None
    column_outdated: bool = False
    earlier: tuple[tuple[Decimal, Decimal], ...] = ()
    overwrites: bool = False
    cautious: bool = False

    @property
    def score(self) -> Score:
        """The score to send."""
        return Score(self.subject, self.given, self.maximum, self.timestamp, self.comment, self.submission)


class Outbox:
    """Scores waiting to be sent."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def lease(self, limit: int) -> list[LeasedScore]:
        """Claim up to `limit` scores that are due, oldest first; the caller commits before it sends."""
        now = self._clock()
        leased: list[LeasedScore] = []
        due = self._due(now, limit)
        restored_at = Restorations(self._session, self._clock).latest() if due else None
        for row, url, outdated, subject in due:
            timestamp = _next_timestamp(row.timestamp, now)
            if timestamp > now:  # a score's time must never lie in the future: wait for that second to come
                self._write(_is(row), next_try_at=timestamp)
                continue
            entry = _leased(row, subject, timestamp, url=url, column_outdated=outdated, restored_at=restored_at)
            tried = {"tried_given": entry.given, "tried_maximum": entry.maximum}
            self._write(_is(row), lease=entry.lease, next_try_at=now + LEASE, timestamp=timestamp, **tried)
            leased.append(entry)
        return leased

    def settle_sent(self, leased: LeasedScore) -> None:
        """Record the delivery; a newer value that came in meanwhile is due at once."""
        now = self._clock()
        mine = and_(_is(leased), ScoreDelivery.lease == leased.lease)
        unchanged = and_(mine, ScoreDelivery.revision == leased.revision)
        sent = {"sent_given": leased.given, "sent_maximum": leased.maximum, "held_at": None, "overwrites": False}
        if not self._write(unchanged, state=Delivery.SENT, lease=None, sent_at=now, reason=None, tries=0, **sent):
            self._write(mine, lease=None, next_try_at=now, **sent)

    def settle_failed(self, leased: LeasedScore, failure: DeliveryFailed) -> None:
        """Record a failed try: again later, or given up until a person acts."""
        now = self._clock()
        mine = and_(_is(leased), ScoreDelivery.lease == leased.lease)
        values: dict[str, Any] = {"lease": None, "reason": failure.reason, "tries": leased.tries + 1}
        if failure.held:
            values |= {"held_given": failure.held.given, "held_maximum": failure.held.maximum, "held_at": now}
        if self._is_final(leased, failure, now):
            unchanged = and_(mine, ScoreDelivery.revision == leased.revision)
            if not self._write(unchanged, state=Delivery.FAILED, **values):
                self._return(leased, now)
            return
        self._write(mine, next_try_at=now + timedelta(seconds=_delay(leased, failure)), **values)

    def release(self, leased: LeasedScore, *, seconds: float = 0.0) -> None:
        """Give an unused lease back: the worker stops before it sent, or what it needs takes some seconds yet."""
        self._return(leased, self._clock() + timedelta(seconds=seconds))

    def _due(self, now: datetime, limit: int) -> Sequence[Any]:
        query = (
            select(ScoreDelivery, LineItem.url, _OUTDATED, LtiUser.subject)
            .join(LineItem, _same(LineItem, ScoreDelivery.line_item_id))
            .join(LtiUser, _same(LtiUser, ScoreDelivery.user_id))
            .where(ScoreDelivery.state == Delivery.WAITING, ScoreDelivery.next_try_at <= now)
            .order_by(ScoreDelivery.next_try_at)
            .limit(limit)
            .with_for_update(of=ScoreDelivery, skip_locked=True)
            .execution_options(populate_existing=True)
        )
        return self._session.execute(query).all()

    def _return(self, leased: LeasedScore, at: datetime) -> None:
        self._write(and_(_is(leased), ScoreDelivery.lease == leased.lease), lease=None, next_try_at=at)

    def _write(self, where: ColumnElement[bool], **values: Any) -> bool:
        changed = self._session.execute(
            update(ScoreDelivery)
            .where(where)
            .values(**values)
            .returning(ScoreDelivery.user_id)
            .execution_options(synchronize_session=False),
        )
        return changed.first() is not None

    def _is_final(self, leased: LeasedScore, failure: DeliveryFailed, now: datetime) -> bool:
        if failure.kind is FailureKind.PERMANENT:
            return True
        if failure.kind is FailureKind.NOT_NEWER:
            return leased.tries + 1 >= NOT_NEWER_TRIES
        if failure.most_tries is not None and leased.tries + 1 >= failure.most_tries:
            return True
        return now - leased.queued_at >= GIVE_UP_AFTER


_OUTDATED = and_(
    LineItem.written_maximum.is_not(None),
    or_(LineItem.written_label != LineItem.label, LineItem.written_maximum != LineItem.maximum),
)


def _leased(
    row: ScoreDelivery,
    subject: str,
    timestamp: datetime,
    *,
    url: str | None,
    column_outdated: bool,
    restored_at: datetime | None,
) -> LeasedScore:
    return LeasedScore(
        registration_id=row.registration_id,
        line_item_id=row.line_item_id,
        user_id=row.user_id,
        revision=row.revision,
        lease=str(uuid4()),
        tries=row.tries,
        queued_at=row.queued_at,
        line_item_url=url,
        subject=subject,
        given=row.given,
        maximum=row.maximum,
        timestamp=timestamp,
        interrupted=row.lease is not None,
        comment=row.comment,
        submission=Submission(row.started_at, row.submitted_at) if row.started_at and row.submitted_at else None,
        column_outdated=bool(column_outdated),
        earlier=_earlier(row),
        overwrites=row.overwrites,
        cautious=restored_at is not None and (row.sent_at is None or row.sent_at < restored_at),
    )


def _earlier(row: ScoreDelivery) -> tuple[tuple[Decimal, Decimal], ...]:
    """What may stand in the gradebook because of us; nothing as long as nothing is known to have arrived."""
    if row.sent_given is None or row.sent_maximum is None:
        return ()
    sent = (row.sent_given, row.sent_maximum)
    if row.tried_given is None or row.tried_maximum is None:
        return (sent,)
    return (sent, (row.tried_given, row.tried_maximum))


def _next_timestamp(last: datetime | None, now: datetime) -> datetime:
    """Whole seconds, strictly later than the last time (rows G15, G21)."""
    present = now.replace(microsecond=0)
    return present if last is None or last < present else last.replace(microsecond=0) + ONE_SECOND


def _delay(leased: LeasedScore, failure: DeliveryFailed) -> float:
    """Seconds until the next try: as told, else doubling with jitter (rows G16, G17)."""
    if failure.kind is FailureKind.NOT_NEWER:
        return 1.0
    if failure.retry_after is not None:
        return min(max(failure.retry_after, 1.0), GIVE_UP_AFTER.total_seconds())
    doubled: float = min(FIRST_DELAY_SECONDS * 2 ** min(leased.tries, 16), LONGEST_DELAY_SECONDS)
    return doubled * random.uniform(0.8, 1.2)


def _is(row: ScoreDelivery | LeasedScore) -> ColumnElement[bool]:
    return and_(
        ScoreDelivery.registration_id == row.registration_id,
        ScoreDelivery.line_item_id == row.line_item_id,
        ScoreDelivery.user_id == row.user_id,
    )


def _same(table: type[LineItem | LtiUser], column: Any) -> ColumnElement[bool]:
    return and_(table.registration_id == ScoreDelivery.registration_id, table.id == column)
