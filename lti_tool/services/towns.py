"""Municipalities, as the operator looks for them among thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Deployment, Municipality, Registration, ScoreDelivery
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.scores import Delivery

PAGE = 50
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class TownLine:
    """A municipality in a list, with what wants attention."""

    id: int
    name: str
    platforms: int
    paused: int
    deployments_waiting: int
    grades_failed: int


@dataclass(frozen=True, slots=True)
class TownList:
    """One page; `after` is where the next one starts, None at the end."""

    towns: Sequence[TownLine]
    after: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a municipality's contract; all None while it runs."""

    closes_at: datetime | None
    erases_at: datetime | None
    erased_at: datetime | None


class Towns:
    """Finds municipalities."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, words: str = "", after: str = "") -> TownList:
        """Return those whose name, or one of whose platforms' name, issuer or client id holds the words.

        Pages follow the index on the name: page 200 costs as much as page 1.
        """
        query = select(Municipality.id, Municipality.name).order_by(Municipality.name).limit(PAGE + 1)
        if after:
            query = query.where(Municipality.name > after)
        if words:
            query = query.where(_holds(words))
        rows = self._session.execute(query).all()
        shown = rows[:PAGE]
        lines = self._lines([(row.id, row.name) for row in shown])
        return TownList(lines, shown[-1].name if len(rows) > PAGE else None)

    def name(self, municipality_id: int) -> str:
        """Return a municipality's name.

        Raises:
            Refusal: `not_found`.
        """
        name = self._session.scalar(select(Municipality.name).where(Municipality.id == municipality_id))
        if name is None:
            raise Refusal(Code.NOT_FOUND, "no such municipality")
        return name

    def closing(self, municipality_id: int) -> Closing:
        """Return when a municipality's contract ends and its data go.

        Raises:
            Refusal: `not_found`.
        """
        row = self._session.get(Municipality, municipality_id)
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such municipality")
        return Closing(row.closes_at, row.erases_at, row.erased_at)

    def platforms(self, municipality_id: int) -> list[int]:
        """Return the numbers of its registrations."""
        query = select(Registration.id).where(Registration.municipality_id == municipality_id).order_by(Registration.id)
        return list(self._session.scalars(query))

    def of_platform(self, registration_id: int) -> int:
        """Return the municipality of a registration.

        Raises:
            Refusal: `not_found`.
        """
        found = self._session.scalar(select(Registration.municipality_id).where(Registration.id == registration_id))
        if found is None:
            raise Refusal(Code.NOT_FOUND, "no such platform")
        return found

    def _lines(self, towns: Sequence[tuple[int, str]]) -> list[TownLine]:
        ids = [town_id for town_id, _ in towns]
        here = Registration.municipality_id.in_(ids)
        platforms = select(Registration.municipality_id, func.count()).where(here)
        waiting = platforms.join(Deployment, Deployment.registration_id == Registration.id).where(
            Deployment.active.is_(False), Deployment.declined_at.is_(None)
        )
        failed = platforms.join(ScoreDelivery, ScoreDelivery.registration_id == Registration.id).where(
            ScoreDelivery.state == Delivery.FAILED
        )
        counts = [
            {row[0]: row[1] for row in self._session.execute(query.group_by(Registration.municipality_id))}
            for query in (platforms, platforms.where(Registration.active.is_(False)), waiting, failed)
        ]
        return [TownLine(town_id, name, *(count.get(town_id, 0) for count in counts)) for town_id, name in towns]


def _holds(words: str) -> ColumnElement[bool]:
    """Upper and lower case are the same; databases differ in whether they know that of „Ö“, so both are asked for."""
    escaped = words
    for special in (_ESCAPE, "%", "_"):
        escaped = escaped.replace(special, _ESCAPE + special)
    forms = {escaped, escaped[:1].upper() + escaped[1:], escaped[:1].lower() + escaped[1:]}
    columns = (Registration.name, Registration.issuer, Registration.client_id)
    of_platforms = select(Registration.municipality_id).where(
        or_(*(column.ilike(f"%{escaped}%", escape=_ESCAPE) for column in columns))
    )
    names = (Municipality.name.ilike(f"%{form}%", escape=_ESCAPE) for form in forms)
    return or_(*names, Municipality.id.in_(of_platforms))
