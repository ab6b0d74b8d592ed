"""The main job, in the LMS's frame with third-party cookies blocked: learn, pass, and find the grade in the gradebook."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.answering import answer_by_keyboard, asked, tab_to
from tests.browser.patience import wait_until
from tests.factories.answers import right_answer
from tests.factories.plain_content import plain_catalogue

CATALOGUE = plain_catalogue()
MODULE = CATALOGUE.modules["datenrecht"]
QUIZ = MODULE.quiz


@pytest.fixture
def learner(house, page, visitor):
    """A learner whose id is known, on the course page."""
    person = house.new_learner()
    visitor.become(person)
    return person


def grade_of(house, person: str) -> dict | None:
    """Wait for the gradebook to hold a grade for this person in the quiz's column."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        columns = house.ask("/practice/gradebook.json")["line_items"]
        grades = [column["grades"][person] for column in columns if person in column["grades"]]
        if grades:
            return grades[0]
        time.sleep(0.1)  # the gradebook of another process offers nothing to wait on
    return None


def frame_of(page: Page) -> Frame:
    return page.locator("#contentframe").element_handle().content_frame()


def small_frame_of(page: Page) -> Frame:
    """Shrink the tool's frame to the hard case: 340 by 500 pixels."""
    page.set_viewport_size({"width": 360, "height": 900})
    page.evaluate("document.querySelector('#contentframe').style.cssText = 'width:340px;height:500px'")
    return frame_of(page)


def test_a_module_is_read_to_its_end_in_the_frame(visitor):
    module = CATALOGUE.modules["smart-city-verstehen"]
    frame = visitor.open_in_course("rl-smart-city")
    frame.get_by_role("link", name="Los geht’s").click()
    for number, page in enumerate(module.pages, start=1):
        expect(frame.get_by_role("heading", level=1)).to_have_text(page.title)
        expect(frame.locator(".side__summary")).to_contain_text(f"{number} von {len(module.pages)} Seiten")
        if number < len(module.pages):
            frame.locator(".actions").get_by_role("link", name="Weiter").click()
    frame.locator(".actions").get_by_role("link", name="Zum Quiz").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Quiz")


def test_who_comes_back_goes_on_where_they_were(visitor):
    frame = visitor.open_in_course("rl-smart-city")
    frame.get_by_role("link", name="Los geht’s").click()
    frame.locator(".actions").get_by_role("link", name="Weiter").click()
    there = CATALOGUE.modules["smart-city-verstehen"].pages[1].title
    expect(frame.get_by_role("heading", level=1)).to_have_text(there)
    visitor.page.goto(f"{visitor.house.lms_url}/course")
    frame = visitor.open_in_course("rl-smart-city")
    expect(frame.get_by_text("Weiter, wo Sie waren")).to_be_visible()
    expect(frame.get_by_role("heading", level=1)).to_have_text(there)


def test_the_next_step_is_in_sight_in_a_frame_of_500_pixels(visitor):
    visitor.open_in_course("rl-smart-city")
    frame = small_frame_of(visitor.page)
    for name in ("Los geht’s", "Weiter"):
        box = frame.locator(".actions .kern-btn--primary").bounding_box()
        outer = visitor.page.locator("#contentframe").bounding_box()
        assert outer["y"] <= box["y"]
        assert box["y"] + box["height"] <= outer["y"] + 500
        frame.locator(".actions").get_by_role("link", name=name).click()


def test_the_quiz_is_passed_by_keyboard_alone_and_the_grade_arrives(visitor, learner):
    visitor.open_in_course("rl-quiz")
    page, frame = visitor.page, small_frame_of(visitor.page)
    frame.locator("#content").focus()
    tab_to(page, frame, ".actions button.kern-btn--primary")
    page.keyboard.press("Enter")
    for number in range(1, QUIZ.length + 1):
        expect(frame.locator("h1")).to_have_text(f"Frage {number} von {QUIZ.length}")
        expect(frame.locator("h1")).to_be_focused()
        question = asked(frame, QUIZ)
        answer_by_keyboard(page, frame, question, right_answer(question))
        tab_to(page, frame, ".actions .kern-btn--primary")
        page.keyboard.press("Enter")
    expect(frame.locator("h1")).to_have_text("Quiz abgeben")
    tab_to(page, frame, ".actions .kern-btn--primary")
    page.keyboard.press("Enter")
    expect(frame.locator("h1")).to_contain_text(f"Bestanden – {QUIZ.maximum} von {QUIZ.maximum} Punkten")
    expect(frame.locator("h1")).to_be_focused()
    expect(frame.locator("[data-grade-text]")).to_contain_text("übertragen um", timeout=30_000)
    grade = grade_of(visitor.house, learner)
    assert grade is not None
    assert grade["score"] > 0


def test_handing_in_with_a_double_click_counts_once(visitor, learner):
    frame = visitor.open_in_course("rl-quiz")
    frame.get_by_role("button", name="Quiz beginnen").click()
    frame.get_by_role("button", name="Abgabe", exact=True).click()
    frame.get_by_role("button", name="Jetzt abgeben").dblclick()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Noch nicht bestanden – 0 von")
    frame.get_by_role("button", name="Noch einmal versuchen").click()
    expect(frame.get_by_text("Versuch 2")).to_be_visible()


def test_a_failed_attempt_reaches_the_gradebook_and_a_better_one_replaces_it(visitor, learner):
    frame = visitor.open_in_course("rl-quiz")
    frame.get_by_role("button", name="Quiz beginnen").click()
    frame.get_by_role("button", name="Abgabe", exact=True).click()
    frame.get_by_role("button", name="Jetzt abgeben").click()
    expect(frame.locator("[data-grade-text]")).to_contain_text("übertragen um", timeout=30_000)
    assert grade_of(visitor.house, learner)["score"] == 0
    frame.get_by_role("button", name="Noch einmal versuchen").click()
    for number in range(1, QUIZ.length + 1):
        expect(frame.locator("h1")).to_have_text(f"Frage {number} von {QUIZ.length}")
        for option in asked(frame, QUIZ).correct:
            frame.locator(f"input[value='{option}']").check()
        frame.locator(".actions .kern-btn--primary").click()
    frame.get_by_role("button", name="Jetzt abgeben").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Bestanden")
    expect(frame.locator("[data-grade-text]")).to_contain_text("übertragen um", timeout=30_000)
    assert grade_of(visitor.house, learner)["score"] > 0


def test_two_activities_in_two_tabs_do_not_mix(visitor):
    first = visitor.open_in_window("rl-smart-city")
    second = visitor.open_in_window("rl-datenrecht")
    titles = {
        first: CATALOGUE.modules["smart-city-verstehen"].title,
        second: CATALOGUE.modules["datenrecht"].title,
    }
    for tab, title in titles.items():
        tab.get_by_role("link", name="Los geht’s").click()
        expect(tab.locator(".side__up")).to_have_text(title)
    for tab, title in titles.items():
        tab.reload()
        expect(tab.locator(".side__up")).to_have_text(title)


def test_one_click_opens_the_activity_in_a_tab_of_its_own(visitor):
    frame = visitor.open_in_course("rl-smart-city")
    with visitor.page.context.expect_page() as opened:
        frame.get_by_role("link", name="In neuem Tab öffnen").click()
    tab = opened.value
    tab.wait_for_url(f"{visitor.house.tool_url}/l/**")
    expect(tab.get_by_role("link", name="Los geht’s")).to_be_visible()
    expect(tab.get_by_role("link", name="In neuem Tab öffnen")).to_be_hidden()
    expect(frame.get_by_role("link", name="Los geht’s")).to_be_visible()


def test_the_frame_tells_its_height_to_the_platform_and_to_nobody_else(visitor):
    visitor.page.evaluate(
        "window.heard = []; addEventListener('message', (event) => heard.push([event.origin, event.data]))",
    )
    visitor.page.add_init_script(
        "window.heard = []; addEventListener('message', (event) => heard.push([event.origin, event.data]))",
    )
    frame = visitor.open_in_course("rl-smart-city")
    expect(frame.get_by_role("link", name="Los geht’s")).to_be_visible()
    wait_until(visitor.page, lambda: visitor.page.evaluate("heard.length > 0"))
    origin, data = visitor.page.evaluate("heard[0]")
    assert origin == visitor.house.tool_url
    message = json.loads(data)
    assert message["subject"] == "lti.frameResize"
    assert message["height"] > 300


def test_the_first_page_leaves_the_focus_to_the_platform(visitor):
    visitor.open_in_course("rl-smart-city")
    frame = frame_of(visitor.page)
    expect(frame.get_by_role("link", name="Los geht’s")).to_be_visible()
    assert frame.evaluate("document.activeElement === document.body")
    frame.get_by_role("link", name="Los geht’s").click()
    expect(frame.get_by_role("heading", level=1)).to_be_focused()


def test_no_request_leaves_the_two_houses(visitor):
    asked = []
    visitor.page.context.on("request", lambda request: asked.append(request.url))
    frame = visitor.open_in_course("rl-smart-city")
    frame.get_by_role("link", name="Los geht’s").click()
    expect(frame.locator(".side__up")).to_be_visible()
    houses = {urlsplit(visitor.house.tool_url).netloc, urlsplit(visitor.house.lms_url).netloc}
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} <= houses
