"""axe on every screen, wide and as narrow as 320 pixels; no screen scrolls sideways."""

from __future__ import annotations

import re
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.answering import go_to
from tests.factories.content import ALL_KINDS

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = [1280, 320]


@cache
def _axe() -> Axe:
    return Axe()


def look_at(tab: Page, name: str) -> None:
    """Fail unless axe finds nothing and nothing runs out at the side."""
    tab.wait_for_load_state()  # a click returns when the next page has begun, not when it is there
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # where the bar at the foot covers nothing
    found = _axe().run(tab, options=OPTIONS).response["violations"]
    told = [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]
    assert told == [], f"{name} at {tab.viewport_size}"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_of_a_learner(visitor, width):
    tab = visitor.open_in_window("rl-datenrecht")
    tab.set_viewport_size({"width": width, "height": 640})
    look_at(tab, "module start")
    tab.get_by_text("In einfachen Worten").click()
    look_at(tab, "module start, easy words open")
    tab.get_by_role("link", name="Los geht’s").click()
    while True:
        look_at(tab, tab.title())
        forward = tab.locator(".actions .kern-btn--primary")
        last = "Quiz" in forward.inner_text()
        forward.click()
        if last:
            break
    if width < 900:
        tab.get_by_text("Inhalt", exact=True).click()
    look_at(tab, "quiz start")
    tab.get_by_role("button", name="Quiz beginnen").click()
    go_to(tab, "grundsaetze")
    tab.locator("input[name=answer]").first.check()
    expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    look_at(tab, "question, several")
    go_to(tab, "dsfa")
    look_at(tab, "question, one")
    tab.get_by_role("button", name="Abgabe", exact=True).click()
    look_at(tab, "hand in")
    tab.get_by_role("button", name="Jetzt abgeben").click()
    expect(tab.locator("[data-grade-text]")).to_contain_text("übertragen um", timeout=30_000)
    look_at(tab, "result")
    tab.get_by_role("link", name="Zum Zertifikatsstand").click()
    look_at(tab, "tracker")
    for name in ("Wer sieht was?", "Meine Daten", "Barrierefreiheit", "Datenschutz"):
        tab.get_by_role("link", name=name, exact=True).first.click()
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        look_at(tab, name)
    launch = re.match(r".*/l/[^/]+/", tab.url).group()
    tab.goto(f"{launch}my-data/erase")
    look_at(tab, "erase my data")
    tab.goto(f"{launch}new-tab")
    look_at(tab, "handover")
    tab.goto(tab.url.replace("/new-tab", "/modules/unknown/"))
    look_at(tab, "refusal")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_alarm_that_the_line_is_down(visitor, width):
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("button", name="Quiz beginnen").click()
    go_to(tab, "grundsaetze")
    tab.context.set_offline(True)
    tab.locator("input[name=answer]").first.check()
    expect(tab.get_by_role("alert")).to_be_visible()
    look_at(tab, "no line")
    tab.context.set_offline(False)
    expect(tab.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_preview_of_an_instructor(visitor, width):
    visitor.become("ines")
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Vorschau als Lernende").click()
    look_at(tab, "quiz start, preview")
    tab.get_by_role("link", name="Fragen ansehen").click()
    look_at(tab, "all questions")
    tab.get_by_role("button", name="Auswerten").click()
    look_at(tab, "result, preview")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_kind_of_question_and_its_result(visitor, width):
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": width, "height": 640})
    launch = re.match(r".*/l/[^/]+/", tab.url).group()
    for part in ("quiz", "assignment"):
        tab.goto(f"{launch}{part}/{ALL_KINDS}")
        look_at(tab, f"{part} start")
        tab.locator(".actions form button").click()
        for kind in [button.get_attribute("data-question") for button in tab.locator("button[data-question]").all()]:
            go_to(tab, kind)
            look_at(tab, kind)
        tab.get_by_role("button", name="Abgabe", exact=True).click()
        tab.get_by_role("button", name="Jetzt abgeben").click()
        look_at(tab, f"{part} result")


def test_every_target_is_at_least_24_pixels(visitor):
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.get_by_role("button", name="Quiz beginnen").click()
    small = tab.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]
            .filter((target) => target.offsetParent && !target.classList.contains('skip'))
            .map((target) => [target.textContent.trim(), target.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24)
            .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)""",
    )
    assert small == []
