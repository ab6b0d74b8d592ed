"""How each table's rows move from one identity to another, and exactly back again.

Tables with one row per person and thing (a module, a page, a course, a grade column) move alike: the rows of both are
noted before, joined, and noted after. Attempts have numbers of their own and are numbered anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.db.base import Base, UtcDateTime
from lti_tool.db.models import (
    Attempt,
    Attendance,
    AttendanceEntry,
    CalendarFeed,
    ExtraTime,
    IssuedTranscript,
    KeptSelfAssessment,
    LaunchSession,
    Membership,
    ModuleCredit,
    ModuleProgress,
    PageVisit,
    PresentedTranscript,
    Review,
    ScoreDelivery,
)
from lti_tool.db.upsert import insert_once, upsert
from lti_tool.domain.scores import Delivery

Row = dict[str, Any]
Joined = Callable[[Row | None, Row | None, datetime], Row]
"""Makes the row of the identity that stays: (row of the one that goes, row of the one that stays, now)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two identities of one registration: the one that goes and the one that stays."""

    registration_id: int
    goes: UUID
    stays: UUID


def join_rows(session: Session, table: type[Base], joined: Joined, pair: Pair, now: datetime) -> Row:
    """Give the rows of one identity to the other; return what was before and after, as JSON."""
    gone, stayed = _rows(session, table, pair, pair.goes), _rows(session, table, pair, pair.stays)
    after = {key: joined(gone[key], stayed.get(key), now) for key in gone}
    _delete(session, table, pair, pair.goes)
    for row in after.values():
        _write(session, table, {**row, "user_id": pair.stays})
    return {
        "goes": [_encoded(row) for row in gone.values()],
        "stays": [_encoded(stayed[key]) for key in gone if key in stayed],
        "after": [_encoded({**row, "user_id": pair.stays}) for row in after.values()],
    }


def part_rows(session: Session, table: type[Base], moved: Row, pair: Pair, now: datetime) -> None:
    """Undo `join_rows`; what the identity that stays has done since is kept."""
    before = _by_key(table, (_decoded(table, row) for row in moved["stays"]))
    after = _by_key(table, (_decoded(table, row) for row in moved["after"]))
    present = _rows(session, table, pair, pair.stays)
    for key, row in after.items():
        if present.get(key) == row:
            _restore(session, table, before.get(key), row)
        elif table is ScoreDelivery and key in present:
            _take_score_back(session, before.get(key), row, present[key], now)
    for row in moved["goes"]:
        _write(session, table, _decoded(table, row))


def newest_progress(gone: Row | None, stayed: Row | None, _now: datetime) -> Row:
    """A pass is never taken back; the page to go on at is the one visited last."""
    rows = [row for row in (gone, stayed) if row]
    latest = max(rows, key=lambda row: row["updated_at"])
    passes = [row["passed_at"] for row in rows if row["passed_at"]]
    return {**latest, "passed_at": min(passes, default=None)}


def either(gone: Row | None, stayed: Row | None, _now: datetime) -> Row:
    """The row of the identity that stays, if it has one."""
    return stayed or gone or {}


def longer(gone: Row | None, stayed: Row | None, _now: datetime) -> Row:
    """The row that counts for more time."""
    return max((row for row in (stayed, gone) if row), key=lambda row: row["minutes"])


def best_score(gone: Row | None, stayed: Row | None, now: datetime) -> Row:
    """The better score is sent, unless it is the one the gradebook has been told for this identity."""
    if gone is None or (stayed is not None and _share(stayed) >= _share(gone)):
        return stayed or {}
    times = [row["timestamp"] for row in (gone, stayed) if row and row["timestamp"]]
    leased = stayed is not None and stayed["lease"] is not None
    return {
        **gone,
        "revision": (stayed or gone)["revision"] + 1,
        "state": Delivery.WAITING,
        "queued_at": now,
        "next_try_at": stayed["next_try_at"] if stayed and leased else now,
        "lease": stayed["lease"] if stayed else None,
        "tries": 0,
        "timestamp": max(times, default=None),
        "reason": None,
        "sent_at": None,
        **{name: stayed[name] if stayed else None for name in _IN_THE_GRADEBOOK},
        "overwrites": False,
    }


_IN_THE_GRADEBOOK = (
    *("sent_given", "sent_maximum", "tried_given", "tried_maximum"),
    *("held_given", "held_maximum", "held_at"),
)
"""What the platform was told and holds for the identity that stays."""

JOINED: Mapping[type[Base], Joined] = {
    ModuleProgress: newest_progress,
    PageVisit: either,
    Membership: either,
    ExtraTime: either,
    KeptSelfAssessment: either,
    ModuleCredit: either,
    Attendance: longer,
    AttendanceEntry: either,
    CalendarFeed: either,
    IssuedTranscript: either,
    PresentedTranscript: either,
    ScoreDelivery: best_score,
}


def join_attempts(session: Session, pair: Pair) -> list[list[Any]]:
    """Give the attempts of one identity to the other, numbered by when they began; return whose they were."""
    attempts = _attempts(session, pair)
    numbers: dict[tuple[UUID, str, str], Iterable[int]] = defaultdict(lambda: count(1))
    places = [(row, pair.stays, next(iter(numbers[_quiz(row)]))) for row in attempts]
    was = [[str(row.id), str(row.user_id), row.number] for row in attempts]
    _place(session, places)
    return was


def part_attempts(session: Session, was: list[list[Any]], pair: Pair) -> None:
    """Give attempts back under their old numbers; those made since follow after them."""
    owners = {UUID(attempt): (UUID(user), number) for attempt, user, number in was}
    attempts = _attempts(session, pair)
    places = [(row, *owners[row.id]) for row in attempts if row.id in owners]
    highest: dict[tuple[Any, ...], int] = defaultdict(int)
    for row, user, number in places:
        highest[user, *_quiz(row)] = max(number, highest[user, *_quiz(row)])
    for row in attempts:
        if row.id not in owners:
            highest[row.user_id, *_quiz(row)] += 1
            places.append((row, row.user_id, highest[row.user_id, *_quiz(row)]))
    _place(session, places)


def join_reviews(session: Session, pair: Pair) -> list[str]:
    """Let what one identity has marked count as marked by the other; return which rows."""
    moved = session.scalars(
        update(Review)
        .where(Review.registration_id == pair.registration_id, Review.marker_id == pair.goes)
        .values(marker_id=pair.stays)
        .returning(Review.id)
        .execution_options(synchronize_session=False),
    )
    return [str(review_id) for review_id in moved]


def part_reviews(session: Session, moved: list[str], pair: Pair) -> None:
    """Give marks back to who gave them."""
    session.execute(
        update(Review)
        .where(Review.registration_id == pair.registration_id, Review.id.in_([UUID(one) for one in moved]))
        .values(marker_id=pair.goes)
        .execution_options(synchronize_session=False),
    )


def join_sessions(session: Session, pair: Pair) -> list[str]:
    """Let the open launches of one identity go on as the other's; return which."""
    moved = session.scalars(
        update(LaunchSession)
        .where(LaunchSession.registration_id == pair.registration_id, LaunchSession.user_id == pair.goes)
        .values(user_id=pair.stays)
        .returning(LaunchSession.id)
        .execution_options(synchronize_session=False),
    )
    return [str(launch_id) for launch_id in moved]


def part_sessions(session: Session, moved: list[str], pair: Pair) -> None:
    """Give launches back that are still open."""
    session.execute(
        update(LaunchSession)
        .where(
            LaunchSession.registration_id == pair.registration_id, LaunchSession.id.in_([UUID(one) for one in moved])
        )
        .values(user_id=pair.goes)
        .execution_options(synchronize_session=False),
    )


def _attempts(session: Session, pair: Pair) -> list[Attempt]:
    query = (
        select(Attempt)
        .where(Attempt.registration_id == pair.registration_id, Attempt.user_id.in_([pair.goes, pair.stays]))
        .order_by(Attempt.started_at, Attempt.number, Attempt.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _quiz(row: Attempt) -> tuple[UUID, str, str]:
    return row.resource_link_id, row.module_id, row.part


def _place(session: Session, places: list[tuple[Attempt, UUID, int]]) -> None:
    """Write owners and numbers; by way of numbers that nobody has, as each must be unique at every moment."""
    for free, (row, _, _) in zip(count(-1, -1), places, strict=False):
        row.number = free
    session.flush()  # first all free the numbers they have
    for row, user_id, number in places:
        row.user_id, row.number = user_id, number
    session.flush()  # the rows are compared and locked by statements that follow


def _take_score_back(session: Session, before: Row | None, joined: Row, present: Row, now: datetime) -> None:
    """The joined score was sent meanwhile: send the one before it again; a newer value of the person's own stays."""
    if (present["given"], present["maximum"]) != (joined["given"], joined["maximum"]):
        return
    if before is None:
        _restore(session, ScoreDelivery, None, present)
        return
    again = {"state": Delivery.WAITING, "queued_at": now, "next_try_at": now, "lease": None, "tries": 0}
    later = {"revision": present["revision"] + 1, "timestamp": present["timestamp"]}
    _write(session, ScoreDelivery, {**before, **again, **later})


def _share(row: Row) -> Decimal:
    share: Decimal = row["given"] / row["maximum"]
    return share


def _rows(session: Session, table: type[Base], pair: Pair, user_id: UUID) -> dict[tuple[Any, ...], Row]:
    columns = table.__table__.c
    query = select(*columns).where(columns.registration_id == pair.registration_id, columns.user_id == user_id)
    return _by_key(table, (dict(row._mapping) for row in session.execute(query)))  # noqa: SLF001 -- SQLAlchemy's public name


def _by_key(table: type[Base], rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Index rows by their primary key without the person."""
    names = [name for name in _key_names(table) if name != "user_id"]
    return {tuple(row[name] for name in names): row for row in rows}


def _key_names(table: type[Base]) -> list[str]:
    return [column.name for column in table.__table__.primary_key]


def _delete(session: Session, table: type[Base], pair: Pair, user_id: UUID) -> None:
    columns = table.__table__.c
    session.execute(
        delete(table)
        .where(columns.registration_id == pair.registration_id, columns.user_id == user_id)
        .execution_options(synchronize_session=False),
    )


def _restore(session: Session, table: type[Base], before: Row | None, row: Row) -> None:
    """Bring back the row that was, or none if there was none."""
    if before is not None:
        _write(session, table, before)
        return
    columns = table.__table__.c
    session.execute(
        delete(table)
        .where(*(columns[name] == row[name] for name in _key_names(table)))
        .execution_options(synchronize_session=False),
    )


def _write(session: Session, table: type[Base], row: Row) -> None:
    names = _key_names(table)
    values = {name: value for name, value in row.items() if name not in names}
    key = {name: row[name] for name in names}
    if values:
        upsert(session, table, key=key, values=values)
    else:
        insert_once(session, table, key)


def _encoded(row: Row) -> Row:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _decoded(table: type[Base], row: Row) -> Row:
    columns = table.__table__.c
    kinds = {
        name: datetime if isinstance(columns[name].type, UtcDateTime) else columns[name].type.python_type
        for name in row
    }
    return {name: _value(kinds[name], value) for name, value in row.items()}


def _value(kind: type, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value) if kind in {UUID, Decimal} else value
