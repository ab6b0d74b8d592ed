"""Counts that outlive people: how many began and passed a module in a month, by registration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Attempt, KeptStatistic, ModuleProgress
from lti_tool.db.upsert import insert_or
from lti_tool.domain.privacy import FEWEST_PEOPLE
from lti_tool.services.personal_data import People

Place = tuple[str, str]
"""Month and module."""


@dataclass(frozen=True, slots=True)
class Figure:
    """People of a module and a month, erased ones included; None where they are fewer than five."""

    month: str
    module_id: str
    begun: int | None
    passed: int | None


class KeptStatistics:
    """Adds people up before they are erased, and tells sums that point at nobody."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, people: People) -> None:
        """Count people who are about to be erased."""
        here = ModuleProgress.registration_id == people.registration_id
        begun, passed = self._count(and_(here, ModuleProgress.user_id.in_(people.user_ids)))
        for month, module_id in sorted(begun | passed):
            place = {"registration_id": people.registration_id, "month": month, "module_id": module_id}
            statement = insert_or(self._session, KeptStatistic)
            self._session.execute(
                statement.values(**place, begun=begun[month, module_id], passed=passed[month, module_id])
                .on_conflict_do_update(
                    index_elements=list(place),
                    set_={
                        "begun": KeptStatistic.begun + statement.excluded.begun,
                        "passed": KeptStatistic.passed + statement.excluded.passed,
                    },
                )
                .execution_options(synchronize_session=False)
            )

    def figures(self, registration_id: int) -> list[Figure]:
        """Return the sums of people who are here and who were."""
        begun, passed = self._count(ModuleProgress.registration_id == registration_id)
        kept = select(KeptStatistic).where(KeptStatistic.registration_id == registration_id)
        for row in self._session.scalars(kept.execution_options(populate_existing=True)):
            begun[row.month, row.module_id] += row.begun
            passed[row.month, row.module_id] += row.passed
        return [Figure(*place, _shown(begun, place), _shown(passed, place)) for place in sorted(begun | passed)]

    def forget_few(self, registration_id: int) -> None:
        """Delete counts that will never be shown, as nobody comes any more."""
        few = and_(KeptStatistic.begun < FEWEST_PEOPLE, KeptStatistic.passed < FEWEST_PEOPLE)
        self._session.execute(
            delete(KeptStatistic)
            .where(KeptStatistic.registration_id == registration_id, few)
            .execution_options(synchronize_session=False)
        )

    def _count(self, which: ColumnElement[bool]) -> tuple[Counter[Place], Counter[Place]]:
        """Count beginnings by the first attempt, else by when the module was last opened; and passes."""
        first = (
            select(func.min(Attempt.started_at))
            .where(
                Attempt.registration_id == ModuleProgress.registration_id,
                Attempt.user_id == ModuleProgress.user_id,
                Attempt.module_id == ModuleProgress.module_id,
            )
            .scalar_subquery()
        )
        query = select(ModuleProgress.module_id, ModuleProgress.updated_at, ModuleProgress.passed_at, first.label("at"))
        begun: Counter[Place] = Counter()
        passed: Counter[Place] = Counter()
        for row in self._session.execute(query.where(which)):
            begun[_month(row.at or row.updated_at), row.module_id] += 1
            if row.passed_at:
                passed[_month(row.passed_at), row.module_id] += 1
        return begun, passed


def _month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"


def _shown(counts: Mapping[Place, int], place: Place) -> int | None:
    count = counts.get(place, 0)
    return count if count >= FEWEST_PEOPLE or count == 0 else None
