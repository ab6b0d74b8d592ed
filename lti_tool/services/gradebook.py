"""What an instructor sees of a course: who learns there, and how far each is in which module.

Only learners' best results count, never their failed attempts, and points are read only where the platform's
administrators allow it. Every query names the course of the launch; there is no way to ask for another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, String, Uuid, and_, case, cast, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from lti_tool.curriculum.model import Part
from lti_tool.db.models import (
    Attempt,
    LineItem,
    ModuleProgress,
    Registration,
    ResourceLink,
    Roster,
    ScoreDelivery,
)
from lti_tool.domain.actor import Actor, part_of
from lti_tool.domain.scores import Delivery
from lti_tool.domain.standing import Standing, pseudonym
from lti_tool.services.course_people import BEGUN, PEOPLE


@dataclass(frozen=True, slots=True)
class CourseModule:
    """A module, or its assignment, that at least one activity of the course is about."""

    module_id: str
    part: Part
    links: tuple[UUID, ...]
    columns: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a launch, and what its platform lets instructors see.

    Attributes:
        failed: grades that could not be delivered.
        to_mark: attempts in which a person has to mark something.
        roster_read_at: when the list of participants was read; None if it is not.
    """

    context_id: UUID
    modules: tuple[CourseModule, ...]
    shows_results: bool
    sends_points: bool
    marks_anonymously: bool
    keeps_names: bool
    roster_read_at: datetime | None
    failed: int
    to_mark: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who learns in the course.

    Attributes:
        key: the person's id as the database's driver brings it, which is not worth turning into a UUID two thousand
            times; None for who is in the list of participants and has never come.
        name: as the platform sent it; None if it sends none.
    """

    context_id: UUID
    key: str | UUID | None
    subject: str
    name: str | None
    begun: int
    passed: int

    @property
    def user_id(self) -> UUID | None:
        """The person's id; None for who has never come."""
        return UUID(self.key) if isinstance(self.key, str) else self.key

    @property
    def alias(self) -> str:
        """What stands for the person where no name may or can be shown."""
        return pseudonym(self.context_id, self.subject)

    @property
    def sort_key(self) -> tuple[bool, str]:
        """Names first, by the alphabet."""
        return (self.name is None, (self.name or self.alias).casefold())


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one module.

    Attributes:
        best: best share of a passed attempt, 0 to 1; None where nothing was passed or results are not shown.
        delivery: the worst state of grades in this module that have not arrived; None if there are none.
    """

    standing: Standing = Standing.OPEN
    best: Fraction | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by person and module; whoever has none is open everywhere."""

    of: Mapping[tuple[str | UUID | None, str, Part], Cell] = field(default_factory=dict)

    def cell(self, person: Person, module_id: str, part: Part) -> Cell:
        return self.of.get((person.key, module_id, part), _NOTHING)


_NOTHING = Cell()
_Key = tuple[str | UUID | None, str, Part]
_Part = tuple[Any, Any]
"""A table, and a query of it that is not yet limited to the tenant."""
_WORST_FIRST = (Delivery.FAILED, Delivery.WAITING)


class Gradebook:
    """Reads one course; a handful of queries, however many people learn there."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def course(self, actor: Actor) -> Course:
        """Return the course of the launch with its modules, in the order of their activities."""
        if actor.context_id is None:
            raise ValueError("the launch belongs to no course")
        failed = (
            select(func.count())
            .select_from(ScoreDelivery)
            .join(LineItem, _same_line_item())
            .join(ResourceLink, _same_link())
            .where(
                ScoreDelivery.registration_id == actor.registration_id,
                ScoreDelivery.state == Delivery.FAILED,
                ResourceLink.context_id == actor.context_id,
            )
            .scalar_subquery()
        )
        to_mark = (
            select(func.count())
            .select_from(Attempt)
            .join(
                link := aliased(ResourceLink),
                and_(link.registration_id == Attempt.registration_id, link.id == Attempt.resource_link_id),
            )
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.needs_marking,
                link.context_id == actor.context_id,
            )
            .scalar_subquery()
        )
        rows = self._session.connection().execute(
            select(
                ResourceLink.id.label("link_id"),
                ResourceLink.module_id,
                ResourceLink.kind,
                LineItem.id.label("column_id"),
                Registration.shows_results,
                Registration.sends_points,
                Registration.marks_anonymously,
                Registration.keeps_names,
                Roster.read_at,
                failed.label("failed"),
                to_mark.label("to_mark"),
            )
            .select_from(Registration)
            .outerjoin(
                ResourceLink,
                and_(ResourceLink.registration_id == Registration.id, ResourceLink.context_id == actor.context_id),
            )
            .outerjoin(LineItem, _same_link())
            .outerjoin(Roster, and_(Roster.registration_id == Registration.id, Roster.context_id == actor.context_id))
            .where(Registration.id == actor.registration_id)
            .order_by(ResourceLink.id),
        )
        return _course(actor.context_id, rows.all())

    def people(self, actor: Actor, course: Course) -> list[Person]:
        """Return everybody who learns in the course, in the order of their names."""
        parameters = {
            "registration_id": actor.registration_id,
            "context_id": actor.context_id,
            "module_ids": [module.module_id for module in course.modules if module.part is Part.QUIZ],
        }
        rows = self._session.connection().execute(PEOPLE, parameters).all()
        handed_in = self._assignments(actor, course)
        people = []
        for subject, name, key, counted in rows:
            begun, passed = divmod(counted, BEGUN)
            more_begun, more_passed = handed_in.get(key, (0, 0))
            counts = (begun + more_begun, passed + more_passed)
            people.append(Person(course.context_id, key, subject, name or None, *counts))
        return sorted(people, key=lambda person: person.sort_key)

    def _assignments(self, actor: Actor, course: Course) -> Mapping[str | UUID | None, tuple[int, int]]:
        """Return how many assignments each person has begun and passed; of courses that have any."""
        links = [link for module in course.modules if module.part is Part.ASSIGNMENT for link in module.links]
        if not links:
            return {}
        passed = case((Attempt.passed.is_(True), Attempt.module_id), else_=None)
        rows = self._session.connection().execute(
            select(_key(Attempt), func.count(Attempt.module_id.distinct()), func.count(passed.distinct()))
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.resource_link_id.in_(links),
                Attempt.part == Part.ASSIGNMENT,
            )
            .group_by(Attempt.user_id),
        )
        return {key: (begun, handed_in) for key, begun, handed_in in rows}

    def cells(self, actor: Actor, course: Course, people: Iterable[Person]) -> Cells:
        """Return the cells of some of the people."""
        users = [person.user_id for person in people if person.user_id]
        if not users or not course.modules:
            return Cells()
        of_column = {column: (module.module_id, module.part) for module in course.modules for column in module.columns}
        standings: dict[_Key, Standing] = {}
        best: dict[_Key, Fraction] = {}
        deliveries: dict[_Key, Delivery] = {}
        for person, module_id, part, passed, share, line_item_id, state in self._traces(actor, course, users):
            key: _Key = (person, module_id, Part(part)) if module_id else (person, *of_column[line_item_id])
            if state is not None:
                deliveries[key] = min(Delivery(state), deliveries.get(key, Delivery.WAITING), key=_WORST_FIRST.index)
            elif share is not None:
                best[key] = Fraction(str(share))
            else:
                standings[key] = Standing.FINISHED if passed else Standing.BEGUN
        return Cells(
            {
                key: Cell(standings.get(key, Standing.OPEN), best.get(key), deliveries.get(key))
                for key in standings.keys() | deliveries.keys()
            }
        )

    def _traces(self, actor: Actor, course: Course, users: Sequence[UUID]) -> Iterable[Any]:
        """What people left behind, in one query: progress, grades on their way, and best results where shown."""
        parts = [_progress(course, users), _assignments(course, users), _deliveries(course, users)]
        if course.shows_results:
            parts.append(_best(course, users))
        query = union_all(*(part.where(table.registration_id == actor.registration_id) for table, part in parts))
        return self._session.connection().execute(query)


def _key(table: Any) -> Any:
    """The person's id as the driver brings it (see `Person.key`)."""
    return type_coerce(table.user_id, String)


def _progress(course: Course, users: Sequence[UUID]) -> _Part:
    table = ModuleProgress
    modules = [module.module_id for module in course.modules if module.part is Part.QUIZ]
    query = select(
        _key(table),
        table.module_id,
        literal(Part.QUIZ.value).label("part"),
        case((table.passed_at.is_not(None), 1), else_=0).label("passed"),
        cast(null(), Numeric).label("share"),
        cast(null(), Uuid).label("line_item_id"),
        null().label("state"),
    )
    return table, query.where(table.user_id.in_(users), table.module_id.in_(modules))


def _assignments(course: Course, users: Sequence[UUID]) -> _Part:
    """Begun with the first attempt, passed with any that passed."""
    table = Attempt
    links = [link for module in course.modules if module.part is Part.ASSIGNMENT for link in module.links]
    passed = func.max(case((table.passed.is_(True), 1), else_=0))
    query = select(_key(table), table.module_id, table.part, passed, null(), null(), null())
    query = query.where(table.user_id.in_(users), table.resource_link_id.in_(links), table.part == Part.ASSIGNMENT)
    return table, query.group_by(table.user_id, table.module_id, table.part)


def _deliveries(course: Course, users: Sequence[UUID]) -> _Part:
    table = ScoreDelivery
    columns = [column for module in course.modules for column in module.columns]
    query = select(_key(table), null(), null(), null(), null(), table.line_item_id, table.state)
    not_there = table.state.in_((Delivery.FAILED, Delivery.WAITING))
    return table, query.where(table.line_item_id.in_(columns), table.user_id.in_(users), not_there)


def _best(course: Course, users: Sequence[UUID]) -> _Part:
    """Best shares of passed attempts through this course; what failed is nobody's business."""
    table = Attempt
    links = [link for module in course.modules for link in module.links]
    share = func.max(table.points / table.maximum)
    query = select(_key(table), table.module_id, table.part, null(), share, null(), null())
    query = query.group_by(table.user_id, table.module_id, table.part)
    return table, query.where(table.user_id.in_(users), table.resource_link_id.in_(links), table.passed.is_(True))


def _course(context_id: UUID, rows: Sequence[Any]) -> Course:
    links: dict[tuple[str, Part], list[Any]] = {}
    for row in rows:
        if row.module_id:
            links.setdefault((row.module_id, part_of(row.kind)), []).append(row)
    return Course(
        context_id=context_id,
        modules=tuple(
            CourseModule(
                module_id,
                part,
                tuple(row.link_id for row in its_rows),
                tuple(row.column_id for row in its_rows if row.column_id),
            )
            for (module_id, part), its_rows in links.items()
        ),
        shows_results=rows[0].shows_results,
        sends_points=rows[0].sends_points,
        marks_anonymously=rows[0].marks_anonymously,
        keeps_names=rows[0].keeps_names,
        roster_read_at=rows[0].read_at,
        failed=rows[0].failed,
        to_mark=rows[0].to_mark,
    )


def _same_link() -> Any:
    return and_(LineItem.registration_id == ResourceLink.registration_id, LineItem.resource_link_id == ResourceLink.id)


def _same_line_item() -> Any:
    return and_(LineItem.registration_id == ScoreDelivery.registration_id, LineItem.id == ScoreDelivery.line_item_id)
