"""A copied course in the practice LMS: tool and worker, as they run, ask to be told and are."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

PATIENCE = 100  # reloads


def wait_until_the_tool_listens(page: Page, lms_url: str) -> None:
    for _ in range(PATIENCE):
        page.goto(f"{lms_url}/registration")
        if page.get_by_role("button", name="Probemitteilung senden").is_visible():
            return
    raise AssertionError("the worker has told the platform nothing")


def test_the_tool_hears_of_a_copied_course_and_answers_a_hello(visitor: Visitor) -> None:
    page, lms_url = visitor.page, visitor.house.lms_url
    visitor.open_in_course("rl-smart-city")
    visitor.become("adem")
    wait_until_the_tool_listens(page, lms_url)
    page.get_by_role("button", name="Probemitteilung senden").click()
    expect(page.get_by_text("Mitteilung gesendet, Antwort 200")).to_have_count(1)
    visitor.become("ines")
    page.get_by_role("button", name="Kurs kopieren").first.click()
    page.goto(f"{lms_url}/messages")
    expect(page.get_by_text("Mitteilung gesendet, Antwort 200")).to_have_count(2)
    sent = [entry["body"] for entry in visitor.house.ask("/practice/messages.json") if "Mitteilung" in entry["title"]]
    copied = next(value for name, value in sent[0].items() if name.endswith("/origin_contexts"))
    assert copied == ["kurs-1"]
