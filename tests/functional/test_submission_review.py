"""Submission review (rows A74 to A76): who sees whose attempt, and which."""

from __future__ import annotations

import re

import pytest

from lti_tool.domain.errors import Code
from tests.factories.answers import right_answer
from tests.factories.id_token import LEAVE_OUT, LTI, MEMBERSHIP
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform
from tests.functional.rows import assert_refused
from tests.functional.test_quiz_pages import AS_QUIZ, QUIZ

TEACHER = [MEMBERSHIP + "Instructor"]
LEARNER = [MEMBERSHIP + "Learner"]


def hand_in(tool, right, **launch):
    """A learner opens the quiz and answers the first `right` questions correctly, the rest not at all."""
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client, **{"custom": AS_QUIZ, **launch}))
    visit.press("Quiz beginnen" if "Quiz beginnen" in visit.text else "Noch einmal versuchen")
    attempt = re.search(r"attempts/[0-9a-f-]+", visit.path).group()
    for question in QUIZ.questions[:right]:
        assert visit.put_json(f"{attempt}/answers/{question.id}", {"answer": right_answer(question)}).status_code == 200
    visit.post(f"{attempt}/submit", csrf=visit.csrf)
    assert visit.page.status_code == 200
    return visit


def ask(tool, for_user, *, roles=TEACHER, sub="77", client=None, **changed):
    """Launch a submission review; return the answer to the launch."""
    claims = {"message_type": "LtiSubmissionReviewRequest", "custom": AS_QUIZ, LTI + "for_user": for_user, **changed}
    return tool.launch(client, roles=roles, sub=sub, name="Ines Instruktor", **claims)


def review(tool, user_id="5", **changed):
    client = tool.browser()
    response = ask(tool, {"user_id": user_id}, client=client, **changed)
    assert response.status_code == 303, response.text
    return Visit(client, response.location)


def points(right):
    return f"{sum(question.points for question in QUIZ.questions[:right])} von {QUIZ.maximum} Punkten"


@pytest.mark.parametrize(
    ("for_user", "changed"),
    [
        pytest.param(LEAVE_OUT, {}, id="A74"),
        pytest.param({}, {}, id="A74-no-id"),
        pytest.param({"user_id": 5}, {}, id="A74-number"),
        pytest.param({"user_id": "5\x00"}, {}, id="A74-control"),
        pytest.param({"user_id": "5"}, {"endpoint": LEAVE_OUT}, id="A74-no-grade-service"),
    ],
)
def test_a_review_that_names_nobody_or_no_grades_is_refused(tool, for_user, changed):
    assert_refused(ask(tool, for_user, **changed), Code.REVIEW_MISSING_USER)


def test_a_review_belongs_to_an_activity(tool):
    assert_refused(ask(tool, {"user_id": "5"}, resource_link=LEAVE_OUT), Code.LAUNCH_BAD_RESOURCE_LINK)


@pytest.mark.parametrize(
    ("roles", "sub"),
    [
        pytest.param(LEARNER, "6", id="A75"),
        pytest.param([], "6", id="A75-nobody"),
        pytest.param(LEARNER, LEAVE_OUT, id="A75-anonymous"),
    ],
)
def test_a_learner_does_not_see_somebody_elses_result(tool, roles, sub):
    hand_in(tool, 3)
    assert_refused(ask(tool, {"user_id": "5"}, roles=roles, sub=sub), Code.REVIEW_FORBIDDEN)


@pytest.mark.parametrize("user_id", [pytest.param("5", id="A76"), pytest.param("999", id="A76-never-launched")])
def test_without_an_attempt_the_page_says_so(tool, user_id):
    tool.launch_as(custom=AS_QUIZ)
    visit = review(tool, user_id)
    assert (visit.page.status_code, "Noch kein Versuch" in visit.text) == (200, True)


def test_an_attempt_that_is_not_handed_in_stays_with_the_learner(tool):
    lea = Visit(tool.client, tool.launch_as(custom=AS_QUIZ))
    lea.press("Quiz beginnen")
    assert "Noch kein Versuch" in review(tool).text


def test_an_instructor_sees_the_attempt_that_counts_and_can_change_nothing(tool):
    hand_in(tool, len(QUIZ.questions))
    hand_in(tool, 2)
    visit = review(tool)
    assert f"Ergebnis von Lea Lernfeld: {points(len(QUIZ.questions))} (100 %)" in visit.text
    assert "Nur zum Lesen" in visit.text
    assert "nicht beantwortet" not in visit.text, "the other attempt is Lea's own"
    assert "<form" not in visit.page.text
    assert "Ihre Antwort" not in visit.text
    for question in QUIZ.questions:
        assert question.explain_html in visit.page.text


def test_a_better_attempt_takes_the_place_of_the_first(tool):
    hand_in(tool, 2)
    assert points(2) in review(tool).text
    hand_in(tool, 5)
    assert points(5) in review(tool).text


def test_each_activity_has_its_own_attempts(tool):
    hand_in(tool, 3)
    assert "Noch kein Versuch" in review(tool, resource_link={"id": "8", "title": "Andere"}).text


def test_no_other_attempt_opens_from_a_review(tool):
    hand_in(tool, 3)
    lea = hand_in(tool, 1)
    attempt = re.search(r"attempts/[0-9a-f-]+", lea.path).group()
    visit = review(tool)
    assert visit.go(attempt).status_code == 404


def test_a_learner_is_led_to_the_own_result(tool):
    hand_in(tool, 3)
    visit = review(tool, roles=LEARNER, sub="5")
    assert points(3) in visit.text
    assert "Ihre Antworten" in visit.text


def test_a_learner_without_attempt_reads_so_about_oneself(tool):
    visit = review(tool, roles=LEARNER, sub="5")
    assert "Sie haben in dieser Aktivität noch kein Quiz abgegeben." in visit.text


def test_the_same_id_at_another_platform_is_somebody_else(tool):
    other = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://other.example")
    hand_in(tool, 3)
    asked = tool.login(iss=other.issuer)
    claims = other.claims(
        asked["nonce"],
        message_type="LtiSubmissionReviewRequest",
        roles=TEACHER,
        custom=AS_QUIZ,
        **{LTI + "for_user": {"user_id": "5"}},
    )
    response = tool.post_launch({"state": asked["state"], "id_token": other.sign(claims)})
    assert "Noch kein Versuch" in Visit(tool.client, response.location).text


def test_a_review_leaves_the_activity_as_it_is(tool):
    hand_in(tool, 3)
    review(tool)
    lea = Visit(tool.client, tool.launch_as(custom=AS_QUIZ))
    assert "Noch einmal versuchen" in lea.text, "it still opens with the quiz"


def test_a_result_with_a_name_in_markup_is_shown_as_text(tool):
    hand_in(tool, 3, name="<script>alert(1)</script>")
    page = review(tool).page.text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_without_a_name_the_result_is_still_shown(tool):
    names = dict.fromkeys(("name", "given_name", "family_name"), LEAVE_OUT)
    hand_in(tool, 3, **names)
    assert f"Ergebnis: {points(3)}" in review(tool).text


def test_a_review_of_the_tracker_has_nothing_to_show(tool):
    hand_in(tool, 3)
    client = tool.browser()
    claims = {"message_type": "LtiSubmissionReviewRequest", LTI + "for_user": {"user_id": "5"}}
    response = tool.launch(client, roles=TEACHER, sub="77", custom={"content": "tracker"}, **claims)
    assert "Noch kein Versuch" in client.get(response.location, base_url=BASE_URL).text
