"""Answers survive a dropped line, a reload without a line, a dead server and an ended session."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.answering import go_to
from tests.browser.patience import wait_until

QUESTION = "grundsaetze"
OFFLINE = "Keine Verbindung – Ihre Antworten bleiben hier und werden nachgereicht."


@pytest.fixture
def quiz(visitor):
    """A question with several right options, in the frame."""
    frame = visitor.open_in_course("rl-quiz")
    frame.get_by_role("button", name="Quiz beginnen").click()
    go_to(frame, QUESTION)
    return frame


def is_asked(frame):
    return expect(frame.locator(f"form[data-question='{QUESTION}']"))


def test_an_answer_given_without_a_line_is_sent_when_it_is_back(visitor, quiz):
    visitor.page.context.set_offline(True)
    quiz.locator("input[name=answer]").first.check()
    expect(quiz.get_by_role("alert")).to_have_text(OFFLINE)
    quiz.locator(".actions .kern-btn--primary").click()
    is_asked(quiz).to_be_visible()
    visitor.page.context.set_offline(False)
    expect(quiz.locator("[data-saved]")).to_contain_text("Gespeichert")
    expect(quiz.get_by_role("alert")).to_be_hidden()
    go_to(quiz, "dsfa")
    go_to(quiz, QUESTION)
    expect(quiz.locator("input[name=answer]").first).to_be_checked()


def test_an_answer_the_server_could_not_take_is_tried_again(visitor, quiz):
    failing = ["/answers/"]
    visitor.page.context.route(
        lambda url: any(part in url for part in failing),
        lambda route: route.fulfill(status=503, body="{}"),
    )
    quiz.locator("input[name=answer]").first.check()
    expect(quiz.get_by_role("alert")).to_have_text(OFFLINE)
    visitor.page.context.unroute_all()
    expect(quiz.locator("[data-saved]")).to_contain_text("Gespeichert")


def test_an_answer_kept_in_the_browser_is_sent_at_the_next_launch(visitor, quiz):
    visitor.page.context.route("**/answers/**", lambda route: route.abort())
    quiz.locator("input[name=answer]").nth(1).check()
    expect(quiz.get_by_role("alert")).to_have_text(OFFLINE)
    visitor.page.context.unroute_all()
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.page.goto(f"{visitor.house.lms_url}/course")
    again = visitor.open_in_course("rl-quiz")
    again.get_by_role("button", name="Weiter mit dem Quiz").click()
    go_to(again, QUESTION)
    expect(again.locator("input[name=answer]").nth(1)).to_be_checked()
    expect(again.locator("[data-saved]")).to_contain_text("espeichert")


def test_answers_are_kept_when_the_session_has_ended(visitor, quiz):
    visitor.page.context.clear_cookies(name="launch")
    quiz.locator("input[name=answer]").first.check()
    expect(quiz.get_by_role("alert")).to_contain_text("Ihre Antworten bleiben hier")
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.page.goto(f"{visitor.house.lms_url}/course")
    again = visitor.open_in_course("rl-quiz")
    again.get_by_role("button", name="Weiter mit dem Quiz").click()
    go_to(again, QUESTION)
    expect(again.locator("input[name=answer]").first).to_be_checked()
    expect(again.locator("[data-saved]")).to_contain_text("espeichert")


def test_what_was_left_behind_goes_before_the_handing_in(visitor, quiz):
    visitor.page.context.route("**/answers/**", lambda route: route.abort())
    quiz.locator("input[name=answer]").first.check()
    expect(quiz.get_by_role("alert")).to_have_text(OFFLINE)
    visitor.page.context.unroute_all()
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    frame = visitor.page.locator("#contentframe").element_handle().content_frame()
    attempt, number = frame.url.split("/questions/")
    frame.goto(f"{attempt}/submit")
    expect(frame.get_by_role("link", name=f"Frage {number}", exact=True)).to_have_count(0)
    expect(frame.get_by_role("link", name=re.compile(r"^Frage \d"))).to_have_count(9)


def test_quick_changes_end_with_the_last_one(visitor, quiz):
    boxes = quiz.locator("input[name=answer]")
    for index in (0, 1, 2):
        boxes.nth(index).check()
    boxes.nth(1).uncheck()
    expect(quiz.locator("[data-saved]")).to_contain_text("Gespeichert")
    frame = visitor.page.locator("#contentframe").element_handle().content_frame()
    wait_until(frame.page, lambda: frame.evaluate("!document.cookie.includes('smartcity-unsent-')"))
    frame.goto(frame.url)
    is_asked(quiz).to_be_visible()
    states = [boxes.nth(index).is_checked() for index in range(3)]
    assert states == [True, False, True]
