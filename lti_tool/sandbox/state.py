from __future__ import annotations

import threading
from dataclasses import dataclass

from lti_tool.sandbox.course import COURSES, Activity, Course, seeded_activities, seeded_line_items
from lti_tool.sandbox.grades import Grade, LineItem, ScoreMessage, grade_after
from lti_tool.sandbox.people import SEEDED, Person, numbered_learner
from lti_tool.sandbox.records import Records
from lti_tool.sandbox.shelf import Shelf
from lti_tool.sandbox.tools import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the platform tells the tool about people, in which language, and whether it keeps data for its pages."""

    share_names: bool = True
    share_emails: bool = True
    locale: str = "de"
    platform_storage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHandler:
    """Where a tool wants one kind of notices."""

    client_id: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedScore:
    """A line of the log of all scores answered with 200; the log is never shortened."""

    number: int
    received_at: str
    line_item: str
    message: ScoreMessage
    stored: float | None


class State:
    """Everything the practice LMS remembers over a restart, behind one lock."""

    def __init__(self, records: Records, tool: Tool) -> None:
        self.lock = threading.RLock()
        self._preset = tool
        self.people = Shelf("person", Person, records, self.lock)
        self.courses = Shelf("course", Course, records, self.lock)
        self.activities = Shelf("activity", Activity, records, self.lock)
        self.tools = Shelf("tool", Tool, records, self.lock)
        self.line_items = Shelf("line_item", LineItem, records, self.lock)
        self.grades = Shelf("grade", Grade, records, self.lock)
        self.scores = Shelf("score", AcceptedScore, records, self.lock)
        self.notice_handlers = Shelf("notice_handler", NoticeHandler, records, self.lock)
        self._settings = Shelf("settings", Settings, records, self.lock)
        self._clearings = (
            self.people.clear,
            self.courses.clear,
            self.activities.clear,
            self.tools.clear,
            self.line_items.clear,
            self.grades.clear,
            self.scores.clear,
            self.notice_handlers.clear,
            self._settings.clear,
        )
        if len(self.courses) == 0:
            self._seed()
        self.tools.put(tool.client_id, tool)  # the configuration wins over what an earlier start stored

    @property
    def settings(self) -> Settings:
        return self._settings.get("settings") or Settings()

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings.put("settings", settings)

    def reset(self) -> None:
        """Go back to the first day: seeded course, no grades, no scores, only the preset tool."""
        with self.lock:
            for clear in self._clearings:
                clear()
            self._seed()

    def add_learners(self, count: int) -> list[Person]:
        with self.lock:
            first = len(self.people) - len(SEEDED) + 1
            learners = [numbered_learner(number) for number in range(first, first + count)]
            for learner in learners:
                self.people.put(learner.id, learner)
            return learners

    def grade(self, line_item: str, person: str) -> Grade | None:
        return self.grades.get(f"{line_item}/{person}")

    def put_grade(self, grade: Grade) -> None:
        self.grades.put(f"{grade.line_item}/{grade.person}", grade)

    def accept_score(self, message: ScoreMessage, item: LineItem, received_at: str) -> AcceptedScore:
        """Change the gradebook and write the log, both or neither.

        Raises:
            lti_tool.sandbox.errors.ServiceRefused: 409 if the score is not newer.
        """
        with self.lock:
            grade = grade_after(message, item, self.grade(item.id, message.user_id))
            accepted = AcceptedScore(
                number=len(self.scores) + 1,
                received_at=received_at,
                line_item=item.id,
                message=message,
                stored=grade.score,
            )
            self.scores.put(str(accepted.number), accepted)
            self.put_grade(grade)
            return accepted

    def line_items_of(self, activity_id: str) -> list[LineItem]:
        return [item for item in self.line_items.all() if item.activity_id == activity_id]

    def drop_line_item(self, item: LineItem) -> None:
        with self.lock:
            self.line_items.drop(item.id)
            for grade in self.grades.all():
                if grade.line_item == item.id:
                    self.grades.drop(f"{grade.line_item}/{grade.person}")

    def _seed(self) -> None:
        for person in SEEDED:
            self.people.put(person.id, person)
        for course in COURSES:
            self.courses.put(course.id, course)
        activities = seeded_activities(self._preset)
        for activity in activities:
            self.activities.put(activity.id, activity)
        for item in seeded_line_items(activities):
            self.line_items.put(item.id, item)
        self.tools.put(self._preset.client_id, self._preset)
