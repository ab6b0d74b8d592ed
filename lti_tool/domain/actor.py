"""Who acts, in which course, through which activity: what each request of a launch is authorised by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lti_tool.curriculum.model import Part
from lti_tool.domain.grade_column import NoGrades
from lti_tool.domain.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person in one launch.

    Attributes:
        user_id: None for an anonymous launch, which sees content but keeps nothing.
        context_title: the course's title as the platform sent it, "" if it sent none.
        module_id: the module this activity was made for; None for a link without one (then the tracker opens).
        kind: what the activity shows: "module", "quiz", "assignment", "tracker", "dates", "self-assessment" or "ideas".
        line_item_id: our record of the activity's grade column; None if no grades are sent.
        way: the certification whose percentage a tracker's grade column holds; None for any other activity.
        no_grades: why none are sent, as this launch said.
    """

    registration_id: int
    launch_id: UUID
    parts: frozenset[Role]
    user_id: UUID | None
    context_id: UUID | None
    context_title: str
    resource_link_id: UUID | None
    module_id: str | None
    kind: str
    line_item_id: UUID | None
    locale: str
    return_url: str | None
    person_name: str | None
    no_grades: NoGrades | None = None
    way: str | None = None

    @property
    def is_anonymous(self) -> bool:
        """The platform does not say who this is."""
        return self.user_id is None

    @property
    def part(self) -> Part:
        """The graded part of the module that this activity is about."""
        return part_of(self.kind)

    @property
    def is_instructor(self) -> bool:
        """Teaches this course or administers the platform."""
        return bool(self.parts & {Role.INSTRUCTOR, Role.ADMINISTRATOR})

    @property
    def in_course(self) -> bool:
        """Whether the launch belongs to a course."""
        return self.context_id is not None

    @property
    def is_administrator(self) -> bool:
        """Administers the platform."""
        return Role.ADMINISTRATOR in self.parts

    @property
    def keeps_progress(self) -> bool:
        """Only learners leave traces: instructors preview, anonymous people read."""
        return self.user_id is not None and not self.is_instructor


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who learns, outside of any launch: what the worker and the command line ask about."""

    registration_id: int
    user_id: UUID

    @property
    def keeps_progress(self) -> bool:
        return True


def part_of(kind: str) -> Part:
    """Tell which part of a module an activity of this kind grades."""
    return Part.ASSIGNMENT if kind == Part.ASSIGNMENT else Part.QUIZ
