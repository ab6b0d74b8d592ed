"""How far the people of one course are on the way to a certificate, wherever they have learned what they passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.db.engine import connection_of
from lti_tool.db.models import Membership, ModuleProgress, Registration, ResourceLink
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion, Route, route
from lti_tool.domain.checklist import Checklist, checklist
from lti_tool.domain.standing import pseudonym
from lti_tool.domain.way_figures import Alike, WayFigures, way_figures
from lti_tool.services.course_people import LEARNERS_PARTS, everybody
from lti_tool.services.ports import Clock
from lti_tool.services.way_marks import WayMarks

_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody on the way.

    Attributes:
        name: as the platform sent it; None if it sends none.
        alias: what stands for the person where no name may or can be shown.
        has_certificate: it was issued and counts today.
    """

    name: str | None
    alias: str
    route: Route
    has_certificate: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people to list.

    Attributes:
        words: part of the shown name; "" for everybody.
        nameless: what is shown before the alias of whoever has no name.
        by_progress: who is farthest first; the alphabet otherwise.
        limit: None for all.
    """

    words: str = ""
    nameless: str = ""
    by_progress: bool = False
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Wayfaring:
    """A course as its ways ask for it.

    Attributes:
        shows_results: whether the platform's administrators let instructors see results of single people.
        contents: ids of modules, and of ways, that activities are about.
    """

    shows_results: bool
    contents: frozenset[str]


@dataclass(frozen=True, slots=True)
class CourseWay:
    """Numbers of everybody, the people asked for, and how many were found in all."""

    figures: WayFigures
    people: Sequence[Walker] = ()
    found: int = 0


class CourseWays:
    """Reads the course of the launch; there is no way to ask for another one."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue, actor: Actor) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue
        self._actor = actor

    def course(self) -> Wayfaring:
        """Return what the course's activities are about, and whether its people may be seen."""
        rows = connection_of(self._session).execute(
            select(Registration.shows_results, ResourceLink.module_id)
            .outerjoin(
                ResourceLink,
                and_(
                    ResourceLink.registration_id == Registration.id,
                    ResourceLink.context_id == self._actor.context_id,
                ),
            )
            .where(Registration.id == self._actor.registration_id)
        )
        found = [(row.shows_results, row.module_id) for row in rows]
        return Wayfaring(found[0][0], frozenset(content for _, content in found if content))

    def of(self, certification: Certification, wanted: Wanted | None) -> CourseWay:
        """Return the numbers of everybody who learns in the course, whether they have begun or not, and some people.

        Both come from one walk through the course; sorted and paged by the database. `wanted` None asks for no people.
        """
        way = checklist(certification, self._catalogue)
        rows = connection_of(self._session).execute(self._query(way, wanted), self._course).all()
        figures = way_figures(way, [Alike(row.marks, row.number) for row in rows if not row.place])
        if wanted is None or not any(row.place for row in rows):
            return CourseWay(figures)
        listed = sorted((row for row in rows if row.place), key=lambda row: row.place)
        begun = self._begun(way, [row.user_id for row in listed if row.user_id] if wanted.limit else None)
        people = [self._walker(way, row, begun.get(row.user_id, ())) for row in listed]
        return CourseWay(figures, people, listed[0].number)

    def _query(self, way: Checklist, wanted: Wanted | None) -> Any:
        people, marks = everybody().subquery(), self._marks(way).by_person().subquery()
        standing = (
            select(
                people.c.subject,
                func.nullif(people.c.name, "").label("name"),
                people.c.user_id,
                func.coalesce(marks.c.marks, 0).label("marks"),
            )
            .select_from(people.outerjoin(marks, marks.c.user_id == people.c.user_id))
            .cte("standing")
        )
        texts = (cast(null(), String).label(name) for name in ("subject", "name"))
        nobody = (*texts, cast(null(), Uuid).label("user_id"))
        figures = select(*nobody, standing.c.marks, func.count().label("number"), literal(0).label("place")).group_by(
            standing.c.marks
        )
        return figures if wanted is None else union_all(figures, select(self._page(way, standing, wanted)))

    def _page(self, way: Checklist, standing: Any, wanted: Wanted) -> Any:
        order: list[ColumnElement[Any]] = [standing.c.name.is_(None), func.lower(standing.c.name), standing.c.subject]
        if wanted.by_progress:
            order.insert(0, self._marks(way).steps_done(standing.c.marks).desc())
        place = func.row_number().over(order_by=order).label("place")
        page = select(standing, func.count().over().label("number"), place).where(*self._search(standing, wanted))
        return page.order_by(place).limit(wanted.limit).offset(wanted.offset).subquery()

    def _search(self, standing: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
        """Names are found by the database; what stands for a missing one is not stored, so it is made here."""
        if not wanted.words:
            return []
        people = everybody().subquery()
        nameless = func.nullif(people.c.name, "").is_(None)
        rows = connection_of(self._session).execute(select(people.c.subject).where(nameless), self._course)
        words = wanted.words.casefold()
        found = [subject for (subject,) in rows if words in (wanted.nameless + self._alias(subject)).casefold()]
        return [or_(_holds(standing.c.name, wanted.words), standing.c.subject.in_(found))]

    def _begun(self, way: Checklist, users: Sequence[UUID] | None) -> Mapping[UUID, Sequence[str]]:
        """Return the modules that each has begun and not passed, as what was begun comes next; None is everybody."""
        table = ModuleProgress
        rows = connection_of(self._session).execute(
            select(table.user_id, table.module_id).where(
                table.registration_id == self._actor.registration_id,
                table.user_id.in_(self._members() if users is None else users),
                table.module_id.in_(way.modules),
                table.passed_at.is_(None),
            )
        )
        begun: dict[UUID, list[str]] = {}
        for user_id, module_id in rows:
            begun.setdefault(user_id, []).append(module_id)
        return begun

    def _walker(self, way: Checklist, row: Any, begun: Sequence[str]) -> Walker:
        completions = dict(way.completions(row.marks))
        for module_id in begun:
            there = completions.get(module_id, Completion())
            if not there.passed:
                completions[module_id] = replace(there, best_share=Fraction(0))
        return Walker(
            name=row.name,
            alias=self._alias(row.subject),
            route=route(way.certification, self._catalogue, completions),
            has_certificate=bool(row.marks & way.certificate),
        )

    def _marks(self, way: Checklist) -> WayMarks:
        return WayMarks(self._actor.registration_id, way, self._catalogue, self._clock(), self._members())

    def _members(self) -> Select[UUID]:
        return select(Membership.user_id).where(
            Membership.registration_id == self._actor.registration_id,
            Membership.context_id == self._actor.context_id,
            Membership.parts.in_(LEARNERS_PARTS),
        )

    @property
    def _course(self) -> Mapping[str, Any]:
        return {"registration_id": self._actor.registration_id, "context_id": self._actor.context_id}

    def _alias(self, subject: str) -> str:
        if self._actor.context_id is None:
            raise ValueError("the launch belongs to no course")
        return pseudonym(self._actor.context_id, subject)


def _holds(name: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Upper and lower case are the same; databases differ in whether they know that of „Ö“, so both are asked for."""
    escaped = words
    for special in (_ESCAPE, "%", "_"):
        escaped = escaped.replace(special, _ESCAPE + special)
    forms = {escaped, escaped[:1].upper() + escaped[1:], escaped[:1].lower() + escaped[1:]}
    return or_(*(name.ilike(f"%{form}%", escape=_ESCAPE) for form in forms))
