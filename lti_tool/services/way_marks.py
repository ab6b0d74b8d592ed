"""What people have passed on one way, summed up by the database as the bits of a `Checklist`.

The same facts as `services/completions.py` reads for one person: modules passed, results that are enough for this
certificate though not for the quiz, modules without a quiz read to the end, the final work, time in live dates,
certificates that count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from lti_tool.curriculum.model import Catalogue, Part
from lti_tool.db.models import Attempt, Attendance, IssuedProof, ModuleProgress, PageVisit
from lti_tool.domain.certification import own_dates
from lti_tool.domain.checklist import Checklist
from lti_tool.domain.forecast import WINDOW
from lti_tool.domain.proofs import ProofKind

_CENTS = 100
_TIMES = ("earlier", "later", "before")


class WayMarks:
    """Builds queries for one way in one registration; of everybody, or of `people` only, a query of their ids.

    When something was passed is counted for everybody only.
    """

    def __init__(
        self,
        registration_id: int,
        checklist: Checklist,
        catalogue: Catalogue,
        now: datetime,
        people: Select[Any] | None = None,
    ) -> None:
        self._registration_id = registration_id
        self._checklist = checklist
        self._catalogue = catalogue
        self._now = now
        self._people = people
        self._times = _TIMES if people is None else ()

    def by_person(self) -> Select[Any]:
        """Return each person's marks; of everybody also modules passed in each half of the last 90 days, and before."""
        parts = union_all(self._progress(), *self._further()).subquery()
        columns = [column for column in parts.c if column.name != "user_id"]
        sums = (cast(func.sum(column), BigInteger).label(column.name) for column in columns)
        return select(parts.c.user_id, *sums).group_by(parts.c.user_id)

    def steps_done(self, marks: ColumnElement[int]) -> ColumnElement[int]:
        """Return `Checklist.steps_done` as an expression, to sort by."""
        way = self._checklist
        bits = [way.modules[module_id] for module_id in way.certification.required if module_id in way.modules]
        steps = _count(marks, [*bits, *(bit for bit in (way.capstone, way.live) if bit)])
        if wanted := way.certification.electives_needed:
            electives = _count(marks, [bit for bit in way.modules.values() if bit & way.electives])
            steps = steps + case((electives > wanted, wanted), else_=electives)
        return case((marks.op("&")(way.certificate) != 0, way.steps), else_=steps)

    def _progress(self) -> Select[Any]:
        """One walk along the primary key: what was passed, and when."""
        table = ModuleProgress
        bits = {module_id: literal(bit, BigInteger) for module_id, bit in self._checklist.modules.items()}
        passed, since, half = table.passed_at, self._now - WINDOW, self._now - WINDOW / 2
        when = (and_(passed > since, passed <= half), passed > half, passed <= since)
        bit = case(bits, value=table.module_id, else_=literal(0, BigInteger))
        query: Any = select(
            table.user_id,
            func.sum(case((passed.is_not(None), bit), else_=0)).label("marks"),
            *(func.sum(case((time, 1), else_=0)).label(name) for name, time in zip(self._times, when, strict=False)),
        )
        return self._of(query.where(table.module_id.in_(self._checklist.modules)).group_by(table.user_id), table)

    def _further(self) -> Iterator[Select[Any]]:
        """What the progress does not say; little of it, and each once per person."""
        way, final = self._checklist, self._checklist.certification.capstone
        enough = way.certification.pass_share
        yield self._result(Part.QUIZ, way.modules, enough, ~_is_passed(), Attempt.passed.is_(False))
        for module_id, bit in way.modules.items():
            module = self._catalogue.modules[module_id]
            if module.quiz is None:
                yield self._read(module_id, bit, [page.slug for page in module.required_pages])
        if final and way.capstone:
            yield self._result(Part.ASSIGNMENT, {final.module: way.capstone}, final.pass_share)
        if way.live:
            yield self._attended(way.live)
        proof = IssuedProof
        yield self._of(
            self._marked(proof.user_id, literal(way.certificate, BigInteger)).where(
                proof.kind == ProofKind.CERTIFICATE,
                proof.subject_id == way.certification.id,
                proof.revoked_at.is_(None),
                or_(proof.valid_until.is_(None), proof.valid_until > self._now),
            ),
            proof,
            proof.user_id.is_not(None),
        )

    def _result(self, part: Part, bits: Any, share: Fraction, *more: ColumnElement[bool]) -> Select[Any]:
        """Attempts that reached so much, finally marked; before they are handed in they have no points.

        Hundredths of points are compared, as they are whole numbers.
        """
        table = Attempt
        points, maximum = (cast(func.round(column * _CENTS), BigInteger) for column in (table.points, table.maximum))
        bit = case({name: literal(value, BigInteger) for name, value in bits.items()}, value=table.module_id)
        enough = points * share.denominator >= maximum * share.numerator
        return self._of(
            self._marked(table.user_id, bit).where(
                table.part == literal(part.value, literal_execute=True),  # as an index says it
                table.module_id.in_(bits),
                table.needs_marking.is_(False),
                table.maximum > 0,
                enough,
                *more,
            ),
            table,
        )

    def _read(self, module_id: str, bit: int, pages: list[str]) -> Select[Any]:
        """A module without a quiz, all of whose required pages were opened."""
        table, visit = ModuleProgress, PageVisit
        read = (
            select(func.count())
            .select_from(visit)
            .where(
                visit.registration_id == self._registration_id,
                visit.user_id == table.user_id,
                visit.module_id == module_id,
                visit.page.in_(pages),
            )
            .scalar_subquery()
        )
        marked = self._marked(table.user_id, literal(bit, BigInteger))
        marked = marked.where(table.module_id == module_id, table.passed_at.is_(None), read >= len(pages))
        return self._of(marked, table)

    def _attended(self, bit: int) -> Select[Any]:
        """Enough time in live dates."""
        table, rule = Attendance, self._checklist.certification
        subjects = [*rule.module_ids, own_dates(rule.id), *([rule.capstone.module] if rule.capstone else [])]
        marked = self._marked(table.user_id, literal(bit, BigInteger)).where(table.about.in_(subjects))
        enough = func.sum(table.minutes) >= rule.live_minutes
        return self._of(marked, table).group_by(table.user_id).having(enough)

    def _marked(self, user_id: Any, bit: ColumnElement[int]) -> Select[Any]:
        nothing = (literal(0, Integer).label(name) for name in self._times)
        return select(user_id.label("user_id"), bit.label("marks"), *nothing).distinct()

    def _of(self, query: Select[Any], table: Any, *of_all: ColumnElement[bool]) -> Select[Any]:
        query = query.where(table.registration_id == self._registration_id)
        return query.where(*of_all) if self._people is None else query.where(table.user_id.in_(self._people))


def _is_passed() -> ColumnElement[bool]:
    """The module counts already: each bit may be added once."""
    return (
        select(literal(1))
        .select_from(ModuleProgress)
        .where(
            ModuleProgress.registration_id == Attempt.registration_id,
            ModuleProgress.user_id == Attempt.user_id,
            ModuleProgress.module_id == Attempt.module_id,
            ModuleProgress.passed_at.is_not(None),
        )
        .exists()
    )


def _count(marks: ColumnElement[int], bits: list[int]) -> ColumnElement[int]:
    counted: ColumnElement[int] = literal(0, Integer)
    for bit in bits:
        counted = counted + case((marks.op("&")(literal(bit, BigInteger)) != 0, 1), else_=0)
    return counted
