"""Results read back: asked for by an instructor, read by the worker, kept beside the scores that were sent.

No page waits for a platform. What is known and when it was read is shown, so that nobody overwrites a mark that was
changed in the gradebook without knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.db.models import LineItem, LtiUser, Registration, ResourceLink, ResultReading, ScoreDelivery
from lti_tool.db.upsert import insert_or
from lti_tool.domain.actor import Actor
from lti_tool.domain.scores import Result
from lti_tool.services.ports import Clock

AGAIN_AFTER = timedelta(minutes=1)
"""Whoever presses the button twice asks the platform once."""
WHILE_READING = timedelta(minutes=30)
"""A worker that died with a column in hand leaves it alone for so long."""
_LARGEST = Decimal(9_999_999)


@dataclass(frozen=True, slots=True)
class DueReading:
    """A grade column that this worker is to read."""

    registration_id: int
    line_item_id: UUID
    url: str


class ResultReadings:
    """Readings of all grade columns."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def want(self, actor: Actor) -> int:
        """Ask for the columns of the actor's course to be read; return how many will be."""
        now = self._clock()
        columns = self._session.execute(
            select(LineItem.id, ResultReading.next_read_at)
            .join(ResourceLink, _same(LineItem.resource_link_id, ResourceLink))
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
        )
        rows = [
            {"registration_id": actor.registration_id, "line_item_id": column_id, "wanted": True, "next_read_at": now}
            for column_id, next_read_at in columns
            if next_read_at is None or next_read_at <= now
        ]
        if rows:
            statement = insert_or(self._session, ResultReading)
            self._session.connection().execute(
                statement.on_conflict_do_update(
                    index_elements=["registration_id", "line_item_id"],
                    set_={"wanted": statement.excluded.wanted, "next_read_at": statement.excluded.next_read_at},
                ),
                rows,
            )
        return len(rows)

    def take_due(self) -> DueReading | None:
        """Claim one column that is wanted; the caller commits before it reads."""
        now = self._clock()
        found = self._session.execute(
            select(ResultReading.registration_id, ResultReading.line_item_id, LineItem.url)
            .join(LineItem, _same(ResultReading.line_item_id, LineItem))
            .join(Registration, Registration.id == ResultReading.registration_id)
            .where(ResultReading.wanted, ResultReading.next_read_at <= now, Registration.active)
            .order_by(ResultReading.next_read_at)
            .limit(1)
            .with_for_update(of=ResultReading, skip_locked=True)
        ).one_or_none()
        if found is None:
            return None
        due = DueReading(found.registration_id, found.line_item_id, found.url or "")
        self._write(due, next_read_at=now + WHILE_READING)
        return due

    def store(self, due: DueReading, results: Mapping[str, Result]) -> None:
        """Keep what the gradebook holds for everybody whom a score was queued for."""
        now = self._clock()
        people = self._session.execute(
            select(ScoreDelivery.user_id, LtiUser.subject)
            .join(LtiUser, _same(ScoreDelivery.user_id, LtiUser))
            .where(
                ScoreDelivery.registration_id == due.registration_id, ScoreDelivery.line_item_id == due.line_item_id
            ),
        ).all()
        nothing = Result(None, None)
        rows = [
            {
                "its_user": user_id,
                "held_given": _storable(results.get(subject, nothing).given),
                "held_maximum": _storable(results.get(subject, nothing).maximum),
                "held_at": now,
            }
            for user_id, subject in people
        ]
        if rows:
            table = cast("Table", ScoreDelivery.__table__)
            self._session.connection().execute(
                update(table).where(
                    table.c.registration_id == due.registration_id,
                    table.c.line_item_id == due.line_item_id,
                    table.c.user_id == bindparam("its_user"),
                ),
                rows,
            )
        self._write(due, wanted=False, next_read_at=now + AGAIN_AFTER, read_at=now, reason=None)

    def record_failure(self, due: DueReading, reason: str) -> None:
        """Keep what was known, and why it could not be read; an instructor may ask again."""
        self._write(due, wanted=False, next_read_at=self._clock() + AGAIN_AFTER, reason=reason)

    def _write(self, due: DueReading, **values: object) -> None:
        self._session.execute(
            update(ResultReading)
            .where(ResultReading.registration_id == due.registration_id, ResultReading.line_item_id == due.line_item_id)
            .values(**values)
            .execution_options(synchronize_session=False),
        )


def _storable(value: Decimal | None) -> Decimal | None:
    """What fits the column; no honest gradebook holds more."""
    return value if value is not None and abs(value) < _LARGEST else None


def _same(column: InstrumentedAttribute[UUID], table: type[LineItem | LtiUser | ResourceLink]) -> ColumnElement[bool]:
    """Join a table by its id, within the tenant."""
    return and_(table.registration_id == column.class_.registration_id, table.id == column)
