"""The table of bad requests after a launch (rows S1 to S9), each through the front door."""

from __future__ import annotations

import json
import re

import pytest

from tests.factories.plain_content import plain_catalogue
from tests.factories.visit import BASE_URL, Visit

QUIZ = plain_catalogue().modules["datenrecht"].quiz
QUESTION = next(question for question in QUIZ.questions if question.options)
OPTION = QUESTION.options[0].id
AS_QUIZ = {"module": "datenrecht", "content": "quiz"}


@pytest.fixture
def lea(tool):
    """A learner who has begun the quiz."""
    visit = Visit(tool.client, tool.launch_as(custom=AS_QUIZ))
    visit.press("Quiz beginnen")
    return visit


def attempt_of(visit):
    return re.search(r".*/attempts/[0-9a-f-]+", visit.path).group()


def save(visit, **body):
    return visit.put_json(f"{attempt_of(visit)}/answers/{QUESTION.id}", {"answer": [OPTION], **body})


def refused_with(code, status):
    """Check a page or a problem document."""

    def check(response):
        assert (response.status_code, code in response.text) == (status, True), response.text
        return True

    return check


def test_s1_another_browser_does_not_get_into_a_launch(tool, lea):
    stranger = Visit(tool.browser(), tool.launch_as(tool.browser(), sub="6"))
    for client in (tool.browser(), stranger.client):
        assert refused_with("session.foreign", 403)(client.get(lea.landing, base_url=BASE_URL))


def test_s2_an_ended_session_says_so_and_how_to_come_back(tool, lea):
    tool.clock.turn(hours=13)

    response = lea.go("")

    assert refused_with("session.expired", 401)(response)
    assert "noch einmal" in lea.text


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "0" * 64}, {"Origin": "https://evil.example"}])
def test_s3_a_change_without_our_token_or_from_elsewhere_is_refused(lea, headers):
    path = f"{attempt_of(lea)}/answers/{QUESTION.id}"
    if "Origin" in headers:
        headers = {**headers, "X-CSRF-Token": lea.csrf}

    response = lea.client.put(path, json={"answer": [OPTION]}, headers=headers, base_url=BASE_URL)

    assert refused_with("csrf", 403)(response)


def test_s4_a_learner_gets_no_page_of_those_who_run_the_platform(lea):
    assert refused_with("role.forbidden", 403)(lea.go("platform/"))


def test_s5_a_teacher_of_one_course_finds_nothing_of_another(tool, lea):
    elsewhere = tool.browser()
    teacher = Visit(
        elsewhere,
        tool.launch_as(
            elsewhere,
            role="Instructor",
            sub="9",
            custom=AS_QUIZ,
            context={"id": "3", "title": "Ein anderer Kurs"},
            resource_link={"id": "8"},
        ),
    )
    attempt = attempt_of(lea).rpartition("/")[2]

    assert refused_with("not_found", 404)(teacher.go(f"attempts/{attempt}"))


def test_s6_two_courses_in_two_tabs_of_one_browser_stay_apart(tool, lea):
    other = Visit(
        tool.client,
        tool.launch_as(custom={"module": "smart-city-verstehen"}, context={"id": "3"}, resource_link={"id": "8"}),
    )

    assert "Smart City verstehen" in other.go("").text
    assert "Datenschutz und Datenrecht" in lea.go("").text
    lea.press("Weiter mit dem Quiz")
    assert save(lea).status_code == 200


def test_s7_only_the_platform_of_the_launch_may_frame_its_pages(tool, lea):
    policy = lea.go("").headers["Content-Security-Policy"]

    assert policy.rpartition("frame-ancestors ")[2] == tool.platform.issuer


def test_s8_answers_to_a_closed_or_a_foreign_attempt_are_refused_and_change_nothing(tool, lea):
    elsewhere = tool.browser()
    tom = Visit(elsewhere, tool.launch_as(elsewhere, sub="6", custom=AS_QUIZ))
    path = f"{attempt_of(lea)}/answers/{QUESTION.id}".replace(lea.landing, tom.landing)
    assert refused_with("not_found", 404)(tom.put_json(path, {"answer": [OPTION]}))

    lea.go(f"{attempt_of(lea)}/submit")
    lea.press("abgeben")
    before = lea.page.text

    assert refused_with("attempt.closed", 409)(save(lea))
    assert "nicht beantwortet" in before
    assert lea.go(attempt_of(lea)).text.count("nicht beantwortet") == before.count("nicht beantwortet")


def test_s9_a_score_that_the_browser_claims_is_not_looked_at(lea):
    wrong = next(option.id for option in QUESTION.options if not option.correct)
    answer = lea.put_json(
        f"{attempt_of(lea)}/answers/{QUESTION.id}",
        {"answer": [wrong], "points": 99, "correct": True, "passed": True},
    )
    assert answer.status_code == 200, json.dumps(answer.get_json())
    lea.go(f"{attempt_of(lea)}/submit")
    lea.press("abgeben", points="99", score="100", passed="true")

    assert "Noch nicht bestanden – 0 von" in lea.text
