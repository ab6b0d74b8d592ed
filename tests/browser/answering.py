"""A person who answers questions, by keyboard alone or by touch."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Frame, Page, expect

from lti_tool.curriculum.model import Question, Quiz

MOST_TABS = 60


def go_to(screen: Any, question_id: str) -> None:
    """Open a question by its number in the overview, wherever this attempt asks it; stay if it is asked first."""
    there = screen.locator(f"button[data-question='{question_id}']")
    expect(there).to_be_visible()
    if screen.locator(f"form[data-question='{question_id}']").is_visible():
        return
    there.click()
    expect(screen.locator(f"form[data-question='{question_id}']")).to_be_visible()


def asked(screen: Any, quiz: Quiz) -> Question:
    """The question on the screen."""
    question = quiz.question(screen.locator("[data-answering]").get_attribute("data-question"))
    assert question is not None
    return question


def tab_to(page: Page, frame: Frame | Page, wanted: str) -> None:
    """Press Tab until the element with the focus matches a selector."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if frame.evaluate("selector => document.activeElement.matches(selector)", wanted):
            assert is_in_sight(frame), f"{wanted} has the focus but is hidden"
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def is_in_sight(frame: Frame | Page) -> bool:
    """Whether the focused element is where a person sees it, not below the bar (WCAG 2.2, 2.4.11)."""
    return frame.evaluate(
        """() => {
            const focused = document.activeElement;
            const box = focused.getBoundingClientRect();
            const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return Boolean(found) && (focused.contains(found) || found.contains(focused)
              || [...(focused.labels ?? [])].some((label) => label.contains(found)));
        }""",
    )


def answer_by_keyboard(page: Page, frame: Frame | Page, question: Question, values: list[str]) -> None:
    """Give an answer with Tab, arrows, letters and Enter; return when it is saved."""
    if question.kind == "multiple":
        for option in values:
            _tab_from_top(page, frame, f"input[value='{option}']")
            page.keyboard.press("Space")
    elif question.options:
        _choose(page, frame, values[0])
    elif question.kind == "order":
        _put_in_order(page, frame, values)
    else:
        for at, value in enumerate(values):
            _fill(page, frame, at, value)
        page.keyboard.press("Tab")
    expect(frame.locator("[data-saved]")).to_contain_text("Gespeichert")


def _tab_from_top(page: Page, frame: Frame | Page, wanted: str) -> None:
    frame.locator("#content").focus()
    tab_to(page, frame, wanted)


def _choose(page: Page, frame: Frame | Page, wanted: str) -> None:
    _tab_from_top(page, frame, "input[type=radio]")
    shown = [radio.get_attribute("value") for radio in frame.locator("input[name=answer]").all()]
    if shown.index(wanted) == 0:
        page.keyboard.press("Space")
    for _ in range(shown.index(wanted)):
        page.keyboard.press("ArrowDown")


def _put_in_order(page: Page, frame: Frame | Page, wanted: list[str]) -> None:
    """Bring each thing to its place with its button upwards; the focus goes along with it."""
    for place, name in enumerate(wanted):
        shown = [field.get_attribute("value") for field in frame.locator("input[name=answer]").all()]
        steps = shown.index(name) - place
        if steps:
            _tab_from_top(page, frame, f"[data-item]:has([value='{name}']) [data-move='-1']")
        for _ in range(steps):
            page.keyboard.press("Enter")


def _fill(page: Page, frame: Frame | Page, at: int, value: str) -> None:
    field = frame.locator("[name=answer]").nth(at)
    identity = field.get_attribute("id")
    _tab_from_top(page, frame, f"#{identity}")
    if field.evaluate("field => field.tagName") == "SELECT":
        options = field.evaluate("field => [...field.options].map((option) => option.value)")
        for _ in range(options.index(value)):
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(value)
