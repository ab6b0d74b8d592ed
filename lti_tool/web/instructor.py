"""The class page: what an instructor opens an activity for, in three facts, and below them the whole course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Module, Part
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.standing import Standing, standing_in_course
from lti_tool.services.gradebook import Course, CourseModule, Gradebook, Person
from lti_tool.web.course_attendance import attendance_of
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool

bp = under_launch(Blueprint("instructor", __name__, url_prefix=f"{PREFIX}/class"))

PEOPLE_PER_PAGE = 50


@bp.before_request
def _instructors_only() -> None:
    actor = current_actor()
    if not actor.is_instructor:
        raise Refusal(Code.ROLE_FORBIDDEN, "not an instructor of the course")
    if actor.context_id is None:
        raise Refusal(Code.NOT_FOUND, "the launch belongs to no course")


@dataclass(frozen=True)
class Column:
    """A module of the course, or its assignment."""

    module: Module
    part: Part
    entry: CourseModule

    @property
    def title(self) -> str:
        """What stands above the column."""
        quiz = self.module.graded(self.part)
        if self.part is Part.ASSIGNMENT and quiz and quiz.title:
            return f"{self.module.title}: {quiz.title}"
        return self.module.title

    @property
    def gradable(self) -> bool:
        """Whether it can be passed."""
        return self.module.graded(self.part) is not None


@dataclass(frozen=True)
class Class:
    """The course with its people, as the class page and the export show it."""

    course: Course
    columns: Sequence[Column]
    people: Sequence[Person]

    @cached_property
    def gradable(self) -> int:
        """Columns that can be passed."""
        return sum(column.gradable for column in self.columns)

    def standing(self, person: Person) -> Standing:
        return standing_in_course(begun=person.begun, passed=person.passed, gradable=self.gradable)

    @cached_property
    def counts(self) -> dict[Standing, int]:
        """How many people are how far."""
        counts = dict.fromkeys(Standing, 0)
        for person in self.people:
            counts[self.standing(person)] += 1
        return counts

    def found(self, words: str, standing: Standing | None) -> list[Person]:
        """Return the people whose shown name holds the words, and who are that far."""
        words = words.casefold()
        return [
            person
            for person in self.people
            if words in shown_name(person).casefold() and standing in {None, self.standing(person)}
        ]


def shown_name(person: Person) -> str:
    """What stands for a person in a list."""
    return person.name or gettext("Person %(alias)s", alias=person.alias)


def current_class() -> Class:
    """Return the course of the launch with its people."""
    actor, gradebook = current_actor(), Gradebook(db_for_reports())
    course = gradebook.course(actor)
    return Class(course, columns_of(course), gradebook.people(actor, course))


def columns_of(course: Course) -> list[Column]:
    """The course's modules and assignments that are still in the catalogue."""
    catalogue = current_tool().catalogue
    found = ((catalogue.module(entry.module_id), entry) for entry in course.modules)
    return [Column(module, entry.part, entry) for module, entry in found if module]


@may_be_older
def show() -> ResponseReturnValue:
    """Three facts, each a link that filters; then people by modules, a page at a time."""
    actor, room = current_actor(), current_class()
    words, standing = request.args.get("q", "").strip()[:100], _standing()
    found = room.found(words, standing)
    pages = max(1, -(-len(found) // PEOPLE_PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    shown = found[(number - 1) * PEOPLE_PER_PAGE : number * PEOPLE_PER_PAGE]
    return render_template(
        "class_page.html",
        room=room,
        found=found,
        people=shown,
        cells=Gradebook(db_for_reports()).cells(actor, room.course, shown),
        words=words,
        standing=standing,
        page_number=number,
        pages=pages,
        has_ways=bool(current_tool().catalogue.certifications),
        shown_name=shown_name,
        **attendance_of(room.course, shown),
    )


@bp.get("/")
def class_page() -> ResponseReturnValue:
    return show()


def _standing() -> Standing | None:
    asked = request.args.get("state", "")
    return Standing(asked) if asked in set(Standing) else None
