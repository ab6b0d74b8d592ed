"""How far a whole registration is on the way to a certificate: numbers, and nothing that could tell who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.db.engine import connection_of
from lti_tool.db.models import ModuleProgress
from lti_tool.domain.checklist import checklist
from lti_tool.domain.forecast import Forecast, forecast
from lti_tool.domain.way_figures import Alike, WayFigures, way_figures
from lti_tool.services.ports import Clock
from lti_tool.services.way_marks import WayMarks

RESTS_AFTER = timedelta(days=28)
"""A module that was begun, not passed, and left alone for so long."""


@dataclass(frozen=True, slots=True)
class TownWay:
    """Exact numbers about one certification.

    Attributes:
        forecast: None while nothing can be said.
        resting: module id -> people who have begun it, not passed it, and opened no new page of it for 28 days; most
            people first.
    """

    figures: WayFigures
    forecast: Forecast | None
    resting: Sequence[tuple[str, int]]


class TownWays:
    """Counts in two queries, however many people learn there."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def of(self, registration_id: int, certification: Certification) -> TownWay:
        """Return the numbers of everybody who has begun at least one module of it."""
        way = checklist(certification, self._catalogue)
        marks = WayMarks(registration_id, way, self._catalogue, self._clock())
        people = marks.by_person().subquery()
        times = (people.c.earlier, people.c.later, people.c.before)
        went_on = people.c.earlier + people.c.later > 0
        rows = connection_of(self._session).execute(
            select(people.c.marks, func.count(), *(func.sum(time) for time in times)).group_by(people.c.marks, went_on)
        )
        alike = [Alike(marks, number, *map(int, passed)) for marks, number, *passed in rows]
        figures = way_figures(way, alike)
        estimate = forecast(figures.pace, figures.missing) if way.can_be_done else None
        return TownWay(figures, estimate, self._resting(registration_id, certification))

    def _resting(self, registration_id: int, certification: Certification) -> Sequence[tuple[str, int]]:
        table, number = ModuleProgress, func.count().label("number")
        rows = connection_of(self._session).execute(
            select(table.module_id, number)
            .where(
                table.registration_id == registration_id,
                table.module_id.in_(certification.module_ids),
                table.passed_at.is_(None),
                table.updated_at <= self._clock() - RESTS_AFTER,
            )
            .group_by(table.module_id)
            .order_by(number.desc(), table.module_id)
        )
        return [(module_id, people) for module_id, people in rows]
