"""Grades on their way: seen per person, sent again, read back, and never written over somebody else's mark."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from lti_tool.db.models import AuditEntry, LtiUser, ScoreDelivery
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.line_items import AgsLineItems
from lti_tool.lti.platform_service import PlatformService
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.worker.columns import ColumnKeeper
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.loop import Pace, Worker
from lti_tool.worker.results import ResultReader
from tests.factories.course_services import CourseServices
from tests.factories.id_token import AGS
from tests.functional.test_class_page import rows_of, sessions, switch, teach
from tests.functional.test_quiz_pages import QUIZ
from tests.functional.test_submission_review import hand_in
from tests.unit.lti.test_connector import Keys


class Lms:
    """The platform's gradebook, and the worker that fills it."""

    def __init__(self, tool: Any) -> None:
        self.tool = tool
        self.services = CourseServices()
        self.url = self.services.add_column()
        self.endpoint = {
            "scope": [AGS + "scope/score", AGS + "scope/result.readonly"],
            "lineitem": self.url,
        }

    @property
    def column(self) -> Any:
        return self.services.columns[urlsplit(self.url).path]

    def hand_in(self, right: int, **changed: Any) -> Any:
        return hand_in(self.tool, right, endpoint=self.endpoint, **changed)

    def work(self) -> None:
        """Send what is due, then read back what was asked for."""
        tokens = AccessTokens(self.services, Keys(), self.tool.clock)
        service = PlatformService(self.services, tokens)
        directory = RegistrationDirectory(sessions(self.tool))
        publisher = AgsScorePublisher(service)
        columns = ColumnKeeper(sessions(self.tool), AgsLineItems(service), self.tool.clock)
        handler = ScoreHandler(directory, publisher, columns)
        reader = ResultReader(sessions(self.tool), directory, publisher, self.tool.clock)
        pace = Pace(batch=20, interval=1)
        Worker(sessions(self.tool), handler, clock=self.tool.clock, pace=pace, stop=Event()).work_once()
        reader()
        self.tool.clock.turn(minutes=2)

    def changes(self, subject: str, given: float, maximum: float = 100) -> None:
        """A teacher writes another mark into the gradebook."""
        self.column.grades[subject].append(
            {**self.column.grades[subject][-1], "scoreGiven": given, "scoreMaximum": maximum}
        )

    def share(self, subject: str) -> float | None:
        return self.column.shows(subject)

    def refuse(self, subject: str) -> None:
        """The platform takes no grade of this person: a teacher who tried the quiz, say."""
        answer = self.services._grade
        from tests.factories.network import reply

        def picky(call: Any, path: str) -> Any:
            return reply([], 422) if call.json["userId"] == subject else answer(call, path)

        self.services._grade = picky


@pytest.fixture
def lms(tool: Any) -> Iterator[Lms]:
    return Lms(tool)


def grades(tool, lms, path="class/grades"):
    ines = teach(tool, endpoint=lms.endpoint)
    ines.go(path)
    return ines


def test_one_refused_learner_does_not_stop_the_others_and_is_named_with_the_reason(tool, lms):
    lms.refuse("6")
    for subject, name in (("5", "Lea Lernfeld"), ("6", "Tom Taler"), ("7", "Uwe Unger")):
        lms.hand_in(4, sub=subject, name=name)
    lms.work()
    assert lms.share("5") is not None
    assert lms.share("7") is not None
    ines = teach(tool, endpoint=lms.endpoint)
    assert "1 Übertragung mit Fehler" in ines.text
    ines.click("1 Übertragung mit Fehler")
    [row] = rows_of(ines)
    assert row[0] == "Tom Taler"
    assert "nimmt für diese Person keine Bewertung an" in row[3]


def test_one_is_sent_again_and_then_all(tool, lms):
    lms.services.refused["POST", urlsplit(lms.url).path + "/scores"] = 403
    for subject in ("5", "6", "7"):
        lms.hand_in(4, sub=subject, name=f"N{subject}")
    lms.work()
    lms.services.refused.clear()
    ines = grades(tool, lms, "class/grades?q=N5")
    ines.press("Erneut senden")
    lms.work()
    assert [lms.share(subject) is not None for subject in "567"] == [True, False, False]
    ines.go("class/grades")
    ines.press("Alle mit Fehler erneut senden")
    lms.work()
    assert [lms.share(subject) is not None for subject in "567"] == [True, True, True]
    ines.go("class/grades")
    assert [row[2].split()[0] for row in rows_of(ines)] == ["gesendet"] * 3
    with sessions(tool)() as session:
        said = [(entry.actor, entry.action, entry.detail["count"]) for entry in session.scalars(select(AuditEntry))]
    assert said == [("instructor", "grades.sent_again", 1), ("instructor", "grades.sent_again", 2)]


def test_a_mark_changed_in_the_lms_is_not_written_over_by_a_better_attempt(tool, lms):
    lms.hand_in(4)
    lms.work()
    lms.changes("5", 99)
    lms.hand_in(5)
    lms.work()
    assert lms.share("5") == 0.99
    switch(tool, shows_results=True)
    ines = grades(tool, lms)
    assert "1 Bewertung wurde in der Lernplattform von Hand geändert." in ines.text
    assert "Dort steht 99 von 100" in ines.text
    ines.press("Alle mit Fehler erneut senden")
    lms.work()
    assert lms.share("5") == 0.99, "sending all again is no permission to overwrite"
    ines.go("class/grades")
    ines.press("Mit unserem Wert überschreiben")
    lms.work()
    assert lms.share("5") == pytest.approx(sum(question.points for question in QUIZ.questions[:5]) / QUIZ.maximum)
    ines.go("class/grades")
    assert "von Hand geändert" not in ines.text
    lms.changes("5", 1)
    lms.hand_in(6)
    lms.work()
    assert lms.share("5") == 0.01, "the permission was for once"


def test_the_learner_is_told_why_the_new_result_is_not_there(tool, lms):
    lea = lms.hand_in(4)
    lms.work()
    lms.changes("5", 99)
    lea = lms.hand_in(5)
    lms.work()
    lea.go(lea.path)
    assert "In der Lernplattform wurde diese Bewertung von Hand geändert." in lea.text


def test_results_are_read_by_the_worker_and_the_page_says_what_is_known_and_when(tool, lms):
    lms.hand_in(4)
    lms.work()
    ines = grades(tool, lms)
    assert "wurde noch nicht gelesen" in ines.text
    lms.changes("5", 12)
    asked = len(lms.services.calls)
    ines.press("Stand aus der Lernplattform lesen")
    assert len(lms.services.calls) == asked, "no page waits for a platform"
    assert "wird gerade gelesen" in ines.text
    lms.work()
    ines.go("class/grades")
    assert "Zuletzt gelesen am" in ines.text
    [row] = rows_of(ines)
    assert "in der Lernplattform geändert" in row[2]
    assert "Dort steht ein anderer Wert als hier." in row[3], "points are hidden here"


def test_a_gradebook_that_cannot_be_read_is_said_so_and_grades_go_on(tool, lms):
    lms.hand_in(4)
    lms.work()
    lms.services.refused["GET", urlsplit(lms.url).path + "/results"] = 403
    ines = grades(tool, lms)
    ines.press("Stand aus der Lernplattform lesen")
    lms.work()
    ines.go("class/grades")
    assert "ließ sich die Lernplattform nicht lesen" in ines.text
    lms.hand_in(6)
    lms.work()
    assert lms.share("5") == pytest.approx(sum(question.points for question in QUIZ.questions[:6]) / QUIZ.maximum)


def test_where_only_passes_are_sent_a_pass_is_the_maximum_and_a_fail_is_nothing(tool, lms):
    switch(tool, sends_points=False)
    lms.hand_in(1)
    lms.hand_in(len(QUIZ.questions) - 1, sub="6", name="Tom Taler")
    lms.work()
    assert (lms.share("5"), lms.share("6")) == (None, 1.0)


def key_of(tool):
    with sessions(tool)() as session:
        row = session.scalars(select(ScoreDelivery)).one()
        return {"line_item_id": str(row.line_item_id), "user_id": str(row.user_id)}


def test_grades_of_another_course_do_not_exist_here(tool, lms):
    lms.hand_in(4)
    lms.work()
    foreign = key_of(tool)
    other = {"context": {"id": "3", "label": "X", "title": "Anderer"}, "resource_link": {"id": "9", "title": "Q"}}
    ines = teach(tool, **other)
    assert ines.post("class/grades/overwrite", csrf=ines.csrf, **foreign).status_code == 404
    before = state(tool)
    ines.go("class/grades")
    ines.post("class/grades/again", csrf=ines.csrf, **foreign)
    assert state(tool) == before
    assert ines.post("class/grades/overwrite", csrf=ines.csrf or "", user_id="x").status_code in {403, 404}


def state(tool):
    with sessions(tool)() as session:
        return [(row.revision, row.state) for row in session.scalars(select(ScoreDelivery))]


def test_grades_of_another_town_do_not_exist_here(tool, lms):
    from tests.functional.conftest import register_platform

    lms.hand_in(4)
    foreign, before = key_of(tool), state(tool)
    tool.platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example"
    )
    tool.app.extensions["smartcity"].registrations.forget()
    ines = teach(tool)
    assert ines.post("class/grades/overwrite", csrf=ines.csrf, **foreign).status_code == 404
    ines.go("class/grades")
    ines.post("class/grades/again", csrf=ines.csrf, **foreign)
    assert state(tool) == before


def test_a_person_is_found_by_name_and_by_pseudonym(tool, lms):
    lms.hand_in(4)
    lms.hand_in(4, sub="6", name="Tom Taler")
    ines = grades(tool, lms, "class/grades?q=taler")
    assert [row[0] for row in rows_of(ines)] == ["Tom Taler"]
    with sessions(tool).begin() as session:
        session.scalars(select(LtiUser).where(LtiUser.subject == "5")).one().name = None
    ines.go("class/grades")
    alias = next(row[0] for row in rows_of(ines) if row[0].startswith("Person"))
    ines.go(f"class/grades?q={alias.removeprefix('Person ')}")
    assert [row[0] for row in rows_of(ines)] == [alias]
