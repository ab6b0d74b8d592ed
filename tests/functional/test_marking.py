"""Marking texts: what waits, what is saved, what is sent, and what the learner reads of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from lti_tool.db.models import Attempt, Review, ScoreDelivery
from tests.factories.visit import Visit
from tests.functional.conftest import register_platform, running_tool
from tests.functional.marked_content import with_essays
from tests.functional.test_class_page import OTHER_COURSE, sessions, switch, teach
from tests.functional.test_grade_states import Lms
from tests.functional.test_quiz_pages import AS_QUIZ

TEXT = "Wir zählen <b>Räder</b>.\nUnd sonst nichts."


@pytest.fixture
def tool(database_url, tmp_path):
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(with_essays(tmp_path))) as running:
        yield running


@pytest.fixture
def lms(tool):
    return Lms(tool)


def write(tool, lms=None, *, texts=None, **launch):
    """A learner hands in the quiz with texts and nothing else right."""
    client = tool.browser()
    endpoint = {"endpoint": lms.endpoint} if lms else {}
    visit = Visit(client, tool.launch_as(client, **{"custom": AS_QUIZ, **endpoint, **launch}))
    visit.press("Quiz beginnen" if "Quiz beginnen" in visit.text else "Noch einmal versuchen")
    attempt = re.search(r"attempts/[0-9a-f-]+", visit.path).group()
    for question, text in (texts or {"einsatz": TEXT, "risiko": "Keines"}).items():
        assert visit.put_json(f"{attempt}/answers/{question}", {"answer": [text]}).status_code == 200
    visit.post(f"{attempt}/submit", csrf=visit.csrf)
    return visit


def marker(tool, lms=None, path="class/marking", **changed):
    endpoint = {"endpoint": lms.endpoint} if lms else {}
    ines = teach(tool, **endpoint, **changed)
    ines.go(path)
    return ines


def mark(ines, points, comment=""):
    """Mark the answer that is open: criterion -> points."""
    return ines.press("Speichern und weiter", comment=comment, **{f"points-{name}": value for name, value in points})


EINSATZ = (("zweck", "2"), ("beispiel", "1"))
RISIKO = (("risiko", "1"),)


def points_of(tool):
    with sessions(tool)() as session:
        return [(row.points, row.needs_marking) for row in session.scalars(select(Attempt).order_by(Attempt.id))]


def test_the_class_page_says_how_many_wait(tool):
    write(tool)
    write(tool, sub="6", name="Tom Taler")
    ines = teach(tool)
    assert "2 Abgaben zu bewerten" in ines.text
    ines.click("2 Abgaben zu bewerten")
    assert "4 Antworten bewerten" in ines.text


def test_nothing_is_sent_before_all_is_marked_and_then_the_sum_with_the_comments(tool, lms):
    write(tool, lms)
    lms.work()
    assert lms.services.scores() == []
    ines = marker(tool, lms)
    ines.click("2 Antworten bewerten")
    assert "1 von 2" in ines.text
    mark(ines, EINSATZ, "Klar benannt.")
    lms.work()
    assert lms.services.scores() == []
    assert "2 von 2" in ines.text
    mark(ines, RISIKO, "Bitte genauer.")
    assert "Es wartet nichts auf Sie." in ines.text
    lms.work()
    [sent] = lms.services.scores()
    assert (sent["scoreGiven"], sent["activityProgress"], sent["gradingProgress"]) == (4, "Completed", "FullyGraded")
    assert sent["comment"] == "Klar benannt.\n\nBitte genauer."


def test_the_answer_is_shown_as_text_and_without_a_name(tool):
    write(tool)
    ines = marker(tool)
    ines.click("2 Antworten bewerten")
    assert "Wir zählen &lt;b&gt;Räder&lt;/b&gt;.\nUnd sonst nichts." in ines.page.text
    assert "Lea" not in ines.page.text
    assert re.search(r"Antwort von Person \w{3}-\w{3}", ines.text)
    ines.click("Namen zeigen")
    assert "Antwort von Lea Lernfeld" in ines.text
    mark(ines, EINSATZ)
    assert "Antwort von Lea Lernfeld" in ines.text, "who asked once is not asked again"


def test_where_the_platform_marks_by_name_names_are_there_at_once(tool):
    switch(tool, marks_anonymously=False)
    write(tool)
    assert "Lea Lernfeld" in marker(tool).text


def test_the_oldest_comes_first_and_activities_can_be_looked_at_one_by_one(tool):
    write(tool, sub="6", name="Tom Taler")
    tool.clock.turn(minutes=1)
    write(tool, resource_link={"id": "9", "title": "Zweites Quiz"})
    ines = marker(tool, path="class/marking?names=1")
    assert ines.text.index("Tom Taler") < ines.text.index("Lea Lernfeld")
    ines.click("Zweites Quiz")
    assert "2 Antworten bewerten" in ines.text
    assert "Tom Taler" not in ines.text


@pytest.mark.parametrize(
    "points",
    [
        (("zweck", "3"), ("beispiel", "1")),
        (("zweck", "-1"), ("beispiel", "1")),
        (("zweck", "NaN"), ("beispiel", "1")),
        (("zweck", "0.1"), ("beispiel", "1")),
        (("zweck", "2"),),
        (("zweck", "2"), ("beispiel", "1"), ("fremd", "1")),
    ],
)
def test_points_that_the_rubric_does_not_have_are_refused_and_nothing_is_saved(tool, points):
    write(tool)
    ines = marker(tool)
    ines.click("2 Antworten bewerten")
    assert mark(ines, points).status_code == 400
    assert "review.bad_marks" in ines.text
    assert points_of(tool) == [(0, True)]


def test_a_comment_is_no_markup_and_not_endless(tool):
    write(tool)
    ines = marker(tool)
    ines.click("2 Antworten bewerten")
    assert mark(ines, EINSATZ, "x" * 5001).status_code == 400
    ines.go("class/marking")
    ines.click("2 Antworten bewerten")
    mark(ines, EINSATZ, "<script>alert(1)</script>")
    ines.go("class/marking?list=done")
    ines.click("Person")
    assert "<script>alert" not in ines.page.text


def test_marking_again_keeps_what_was_said_before_and_sends_the_new_sum(tool, lms):
    write(tool, lms, texts={"einsatz": TEXT})
    ines = marker(tool, lms)
    ines.click("1 Antwort bewerten")
    mark(ines, EINSATZ, "Sehr gut.")
    lms.work()
    ines.click("bewertet")
    ines.click("Person")
    mark(ines, (("zweck", "1"), ("beispiel", "0")), "Doch nicht.")
    lms.work()
    assert [(one["scoreGiven"], one["comment"]) for one in lms.services.scores()] == [
        (3, "Sehr gut."),
        (1, "Doch nicht."),
    ]
    ines.go("class/marking?list=done")
    ines.click("Person")
    assert "1 von 3 Punkten · zählt" in ines.text
    assert "3 von 3 Punkten ·" in ines.text
    assert "von Ihnen" in ines.text


def test_a_second_marker_looks_without_the_first_marks_in_sight(tool):
    write(tool, texts={"einsatz": TEXT})
    ines = marker(tool)
    ines.click("1 Antwort bewerten")
    mark(ines, EINSATZ, "Erste Meinung")
    udo = marker(tool, path="class/marking?list=done", sub="78", name="Udo Zweit")
    udo.click("Person")
    udo.click("Zweitbewertung ohne Blick auf die erste")
    assert "Erste Meinung" not in udo.text
    assert "checked" not in udo.page.text
    mark(udo, (("zweck", "1"), ("beispiel", "1")))
    with sessions(tool)() as session:
        assert [(row.second) for row in session.scalars(select(Review).order_by(Review.at, Review.id))] == [False, True]
    assert points_of(tool) == [(2, False)]


def test_of_two_who_mark_at_once_the_second_is_told_and_loses_nothing(tool):
    write(tool, texts={"einsatz": TEXT})
    ines, udo = marker(tool), marker(tool, sub="78", name="Udo Zweit")
    ines.click("1 Antwort bewerten")
    udo.click("1 Antwort bewerten")
    mark(ines, EINSATZ)
    assert mark(udo, (("zweck", "0"), ("beispiel", "0")), "Mein langer Kommentar").status_code == 409
    assert "Diese Antwort wurde inzwischen bewertet." in udo.text
    assert "Mein langer Kommentar" in udo.page.text
    assert points_of(tool) == [(3, False)]


def test_the_learner_is_told_at_the_next_launch_until_the_result_was_looked_at(tool):
    lea = write(tool, texts={"einsatz": TEXT})
    ines = marker(tool)
    ines.click("1 Antwort bewerten")
    mark(ines, EINSATZ, "Klar benannt.")
    lea.go(lea.landing)
    assert "ist bewertet." in lea.text
    lea.click("Ergebnis und Kommentar ansehen")
    assert lea.page.status_code == 200
    lea.go(lea.landing)
    assert "ist bewertet." not in lea.text


def address(ines):
    ines.click("1 Antwort bewerten")
    return urlsplit(ines.page.request.url).path.partition("/class/")[2].partition("?")[0]


def test_answers_of_another_course_and_another_town_do_not_exist_here(tool):
    write(tool, texts={"einsatz": TEXT})
    path = "class/" + address(marker(tool))
    elsewhere = teach(tool, context=OTHER_COURSE, resource_link={"id": "9", "title": "Q"})
    form = {"points-zweck": "2", "points-beispiel": "1", "seen": ""}
    csrf = elsewhere.csrf
    assert elsewhere.go(path).status_code == 404
    assert elsewhere.post(path, csrf=csrf, **form).status_code == 404
    tool.platform = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://s.example")
    tool.app.extensions["smartcity"].registrations.forget()
    siegen = teach(tool)
    csrf = siegen.csrf
    assert siegen.go(path).status_code == 404
    assert siegen.post(path, csrf=csrf, **form).status_code == 404
    with sessions(tool)() as session:
        assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_a_learner_marks_nothing_not_even_the_own_text(tool):
    lea = write(tool, texts={"einsatz": TEXT})
    path = "class/" + address(marker(tool))
    csrf = lea.csrf
    assert lea.go(path).status_code == 403
    assert lea.post(path, csrf=csrf, **{"points-zweck": "2", "points-beispiel": "1", "seen": ""}).status_code == 403


def test_a_question_that_the_tool_grades_is_not_marked_by_hand(tool):
    write(tool, texts={"einsatz": TEXT})
    ines = marker(tool)
    path = "class/" + address(ines)
    assert ines.go(path.replace("einsatz", "grundsaetze")).status_code == 404


def test_an_assignment_has_its_own_column_and_mark(tool, lms):
    client = tool.browser()
    lea = Visit(client, tool.launch_as(client, custom={"module": "datenrecht", "content": "quiz"}))
    link = {"id": "8", "title": "Transfer"}
    custom = {"module": "datenrecht", "content": "assignment"}
    lea = Visit(client, tool.launch_as(client, custom=custom, resource_link=link, endpoint=lms.endpoint))
    with sessions(tool).begin() as session:
        from lti_tool.curriculum.model import Part
        from lti_tool.services.attempts import Attempts
        from lti_tool.services.launch_sessions import LaunchSessions

        cookie = client.get_cookie("launch", domain="tool.example", path=lea.landing.rstrip("/")).value
        number, _, secret = cookie.partition(".")
        from uuid import UUID

        actor = LaunchSessions(session, tool.clock).actor(int(number), UUID(lea.landing.split("/")[2]), secret)
        catalogue = tool.app.extensions["smartcity"].catalogue
        attempts = Attempts(session, tool.clock, catalogue)
        attempt = attempts.start(actor, catalogue.modules["datenrecht"], Part.ASSIGNMENT)
        attempts.save(actor, attempt, "transfer", [TEXT])
        attempts.submit(actor, attempt)
    ines = marker(tool, lms, path="class/")
    assert "Transferaufgabe" in ines.text
    ines.click("1 Abgabe zu bewerten")
    ines.click("1 Antwort bewerten")
    mark(ines, (("idee", "3"),))
    lms.work()
    assert [one["scoreGiven"] for one in lms.services.scores()] == [3]
    ines.go("class/")
    assert "bestanden" in ines.text


def test_a_mark_and_its_way_to_the_platform_are_one_transaction(tool, lms):
    write(tool, lms, texts={"einsatz": TEXT})
    ines = marker(tool, lms)
    ines.click("1 Antwort bewerten")
    mark(ines, EINSATZ)
    with sessions(tool)() as session:
        [row] = session.scalars(select(ScoreDelivery))
        assert (row.state, row.given) == ("waiting", 3)
