from __future__ import annotations

from dataclasses import dataclass

from lti_tool.sandbox.grades import LineItem
from lti_tool.sandbox.tools import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course; `history` names the courses it was copied from, newest first."""

    id: str
    label: str
    title: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A resource link in a course.

    Attributes:
        url: the target of the launch; empty means the tool's own.
        custom: sent with each launch; values may hold substitution variables such as `$User.id`.
        new_window: where it opens unless the person chooses otherwise.
        review: `url` and `custom` for a submission review, if the tool asked for it in deep linking.
        history: the links it was copied from, newest first.
    """

    id: str
    course_id: str
    client_id: str
    title: str
    text: str = ""
    url: str = ""
    custom: dict[str, str]
    new_window: bool = False
    review: dict[str, object] | None = None
    history: tuple[str, ...] = ()


COURSES = (
    Course(id="kurs-1", label="SC-1", title="Lehrgang Smart City (Übung)"),
    Course(id="kurs-2", label="SC-2", title="Datenrecht kompakt (Übung)"),
)


def seeded_activities(tool: Tool) -> list[Activity]:
    """Return the links of a fresh course; their ids are opaque to the tool."""

    def link(key: str, course: Course, title: str, *, new_window: bool = False, **custom: str) -> Activity:
        return Activity(
            id=key,
            course_id=course.id,
            client_id=tool.client_id,
            title=title,
            custom=custom,
            new_window=new_window,
        )

    first, second = COURSES
    return [
        link("rl-smart-city", first, "Smart City verstehen", content="module", module="smart-city-verstehen"),
        link("rl-datenrecht", first, "Datenrecht", new_window=True, content="module", module="datenrecht"),
        link("rl-quiz", first, "Quiz: Datenrecht", content="quiz", module="datenrecht"),
        link("rl-stand", first, "Mein Weg zum Zertifikat", content="tracker"),
        link("rl-selbst", first, "Selbsteinschätzung", content="self-assessment"),
        link("rl-termine", first, "Live-Termine", content="dates"),
        link("rl-ideen", first, "Gute Ideen zum Nachmachen", content="ideas"),
        link("rl-zweiter-kurs", second, "Datenrecht", content="module", module="datenrecht"),
    ]


def seeded_line_items(activities: list[Activity]) -> list[LineItem]:
    """Return one column of 100 points for each link that leads to a quiz."""
    return [
        LineItem(
            id=f"li-{activity.id.removeprefix('rl-')}",
            client_id=activity.client_id,
            course_id=activity.course_id,
            activity_id=activity.id,
            label=activity.title,
            score_maximum=100,
            resource_id=activity.custom["module"],
            tag=activity.custom["content"],
        )
        for activity in activities
        if "module" in activity.custom
    ]
