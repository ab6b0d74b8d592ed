"""A tracker with a grade column of its own sends the percentage of its way, whatever activity moved it."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from lti_tool.db.models import LineItem, LtiUser, ModuleProgress, ScoreDelivery
from lti_tool.domain.scores import Delivery
from lti_tool.worker.tracker_grades import TrackerGrading
from tests.factories.visit import Visit
from tests.functional.test_credits import decide
from tests.functional.test_deep_linking_rows import chosen, items, picker
from tests.functional.test_quiz_pages import QUIZ
from tests.functional.test_regrades import ask, work
from tests.functional.test_submission_review import hand_in

GRADED = {"content": "tracker", "way": "lotse"}
FINAL = {"module": "umsetzen-transfer", "content": "assignment"}


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def grading(tool, extension):
    return TrackerGrading(extension.sessions, tool.clock, extension.catalogue)


def learn(tool, extension, *modules):
    with extension.sessions.begin() as session:
        for user in session.scalars(select(LtiUser)):
            for module_id in modules:
                own = {"registration_id": user.registration_id, "user_id": user.id, "module_id": module_id}
                session.add(ModuleProgress(**own, passed_at=tool.clock(), updated_at=tool.clock()))


def sent(extension):
    with extension.sessions() as session:
        return [
            (row.given, row.maximum, row.revision)
            for row in session.scalars(select(ScoreDelivery).order_by(ScoreDelivery.user_id))
        ]


def test_the_picker_makes_a_tracker_with_or_without_a_column(tool):
    [plain] = items(chosen(picker(tool), "tracker"))
    assert "lineItem" not in plain
    [graded] = items(chosen(picker(tool), "tracker", way="lotse"))
    assert graded["custom"] == GRADED
    assert (graded["lineItem"]["scoreMaximum"], graded["lineItem"]["resourceId"]) == (100, "lotse")
    assert graded["lineItem"]["tag"] == "tracker"
    [unknown] = items(chosen(picker(tool), "tracker", way="koenig"))
    assert "lineItem" not in unknown


def test_a_platform_that_makes_no_columns_gets_a_tracker_without_one(tool):
    visit = picker(tool, accept_lineitem=False)
    assert "Bewertung des Zertifikatsstands" not in visit.text


def test_the_percentage_follows_what_is_learned_anywhere_and_is_sent_once(tool, extension, grading):
    tool.launch_as(custom=GRADED)
    grading()
    assert sent(extension) == [], "nothing learned, nothing sent"
    learn(tool, extension, "datenrecht")
    tool.clock.turn(minutes=2)
    grading()
    assert sent(extension) == [(Decimal("12.50"), Decimal(100), 1)]
    for _ in range(2):
        tool.clock.turn(minutes=2)
        grading()
    assert sent(extension) == [(Decimal("12.50"), Decimal(100), 1)], "equal values are not sent again"
    learn(tool, extension, "informationssicherheit", "verwaltung-ozg", "ki-kommune")
    tool.clock.turn(minutes=2)
    grading()
    assert sent(extension) == [(Decimal("37.50"), Decimal(100), 2)], "one elective counts, not two"


def test_who_learned_before_the_column_came_gets_a_percentage_too(tool, extension, grading):
    tool.launch_as(custom={"module": "datenrecht"})
    learn(tool, extension, "datenrecht")
    grading()
    tool.clock.turn(days=1)
    tool.launch_as(custom=GRADED, resource_link={"id": "tracker"})
    grading()
    with extension.sessions() as session:
        columns = session.scalars(select(LineItem.id).join(ScoreDelivery, ScoreDelivery.line_item_id == LineItem.id))
        assert len(columns.all()) == 1
        [row] = session.scalars(select(ScoreDelivery)).all()
    assert (row.given, row.state) == (Decimal("12.50"), Delivery.WAITING)


def test_instructors_and_trackers_without_a_column_get_none(tool, extension, grading):
    tool.launch_as(tool.browser(), role="Instructor", sub="ines", custom=GRADED)
    learn(tool, extension, "datenrecht")
    grading()
    assert sent(extension) == []


def test_a_way_that_the_content_no_longer_has_leaves_a_tracker_without_grades(tool, extension, grading):
    lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker", "way": "gone"}))
    assert "Ihr Weg zum Zertifikat" in lea.text
    learn(tool, extension, "datenrecht")
    grading()
    assert sent(extension) == []


def test_a_graded_tracker_opens_on_the_way_it_grades(tool):
    lea = Visit(tool.client, tool.launch_as(custom=GRADED))
    assert "von 7 Modulen bestanden" in lea.text
    lea.click("Manager")
    assert "von 12 Modulen bestanden" in lea.text


def rounds(tool, grading):
    """Two rounds, far enough apart that only what is new is looked at."""
    for _ in range(2):
        tool.clock.turn(minutes=2)
        grading()


def percentages(extension):
    return [(given, revision) for given, maximum, revision in sent(extension) if maximum == 100]


def another_visit(tool, link, **launch):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, resource_link={"id": link, "title": link}, **launch))


def hand_in_final_work(tool):
    lea = another_visit(tool, "final", custom=FINAL)
    lea.press("Aufgabe beginnen")
    attempt = re.search(r"attempts/[0-9a-f-]+", lea.path).group()
    lea.put_json(f"{attempt}/answers/nachmachen", {"answer": ["Wir übernehmen die Idee."]})
    lea.post(f"{attempt}/submit", csrf=lea.csrf)


def mark_final_work(tool, points):
    ines = another_visit(tool, "final", role="Instructor", sub="ines", custom=FINAL)
    ines.go("class/marking")
    ines.click("1 Antwort bewerten")
    criteria = re.findall(r'name="(points-[^"]+)"', ines.page.text)
    ines.press("Speichern und weiter", **dict.fromkeys(criteria, points))


def test_the_mark_of_the_final_work_moves_the_percentage_once(tool, extension, grading):
    tool.launch_as(custom=GRADED)
    hand_in_final_work(tool)
    rounds(tool, grading)
    assert percentages(extension) == [(0, 1)]
    mark_final_work(tool, "2")
    rounds(tool, grading)
    assert percentages(extension) == [(Decimal("12.50"), 2)]


def test_a_question_set_aside_moves_the_percentage_where_it_lifts_a_module_over_the_mark(
    tool, extension, grading, rule
):
    """The way's own mark, lower than the quiz's: nobody passes the quiz, and yet the module counts."""
    rule("lotse", pass_share=Fraction(QUIZ.questions[0].points + QUIZ.questions[1].points) / Fraction(QUIZ.maximum))
    tool.launch_as(custom=GRADED, resource_link={"id": "tracker"})
    hand_in(tool, 1)
    rounds(tool, grading)
    assert percentages(extension) == [(0, 1)]
    ask(tool, change="set-aside").press("Jetzt anwenden")
    work(tool)
    rounds(tool, grading)
    assert percentages(extension) == [(Decimal("12.50"), 2)]


def test_a_credit_moves_the_percentage_and_so_does_its_end(tool, extension, grading):
    tool.launch_as(custom=GRADED)
    ines = another_visit(tool, "class", role="Instructor", sub="ines")
    for button, percentage in (("Anrechnen", (Decimal("12.50"), 1)), ("Anrechnung zurücknehmen", (0, 2))):
        decide(ines, button)
        rounds(tool, grading)
        assert percentages(extension) == [percentage]


def test_a_certificate_keeps_the_whole_way_when_the_rule_changes_until_it_is_taken_back(tool, extension, grading, rule):
    rule("lotse", required=("datenrecht",), electives=(), electives_needed=0, capstone=None)
    lea = Visit(tool.client, tool.launch_as(custom=GRADED))
    learn(tool, extension, "datenrecht")
    lea.go("proofs/certificate/lotse")
    lea.press("Nachweis ausstellen", name="Lea Lernfeld")
    rounds(tool, grading)
    rule("lotse", required=("datenrecht", "strategie-steuerung"))
    tool.clock.turn(hours=2)
    grading()
    assert percentages(extension) == [(100, 1)]
    lea.press("Nachweis zurücknehmen")
    rounds(tool, grading)
    assert percentages(extension) == [(50, 2)]


def test_a_worker_that_dies_within_a_round_leaves_nothing_out_and_sends_nothing_twice(tool, extension, monkeypatch):
    monkeypatch.setattr("lti_tool.worker.tracker_grades.PEOPLE_AT_ONCE", 1)
    for sub in ("5", "6", "7"):
        tool.launch_as(tool.browser(), sub=sub, custom=GRADED)
    learn(tool, extension, "datenrecht")
    dying = TrackerGrading(DyingSessions(extension.sessions, lives=3), tool.clock, extension.catalogue)
    with pytest.raises(RuntimeError):
        dying()
    assert len(percentages(extension)) == 2
    TrackerGrading(extension.sessions, tool.clock, extension.catalogue)()
    assert percentages(extension) == [(Decimal("12.50"), 1)] * 3


class DyingSessions:
    """Opens so many sessions, then never again."""

    def __init__(self, sessions, lives):
        self.sessions, self.lives = sessions, lives

    def __call__(self):
        self._live()
        return self.sessions()

    def begin(self):
        self._live()
        return self.sessions.begin()

    def _live(self):
        if self.lives == 0:
            raise RuntimeError("killed")
        self.lives -= 1
