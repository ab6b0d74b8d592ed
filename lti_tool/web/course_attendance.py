"""What the class page says about live dates: the last and the next one, and hours where a certificate asks for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from lti_tool.curriculum.model import Certification
from lti_tool.services.course_attendance import CourseAttendance
from lti_tool.services.gradebook import Course, Person
from lti_tool.web.date_words import when
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db


def attendance_of(course: Course, people: Sequence[Person]) -> dict[str, Any]:
    """Return it for the people shown; hours of single people only where the platform shows their results, too."""
    attendance, actor, now = CourseAttendance(db()), current_actor(), current_tool().clock()
    asking = _asking({module.module_id for module in course.modules}) if course.shows_results else []
    known = [person.user_id for person in people if person.user_id]
    return {
        "dates": attendance.dates(actor, now),
        "asking": asking,
        "live_times": attendance.times(actor, known, asking),
        "when": when,
        "now": now,
    }


def _asking(module_ids: Collection[str]) -> list[Certification]:
    """Return the certifications of the course's modules that ask for time in live dates."""
    every = current_tool().catalogue.certifications.values()
    return [one for one in every if one.live_minutes and not set(module_ids).isdisjoint(one.module_ids)]
