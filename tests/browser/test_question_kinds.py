"""Each kind of question in the LMS's frame: by keyboard alone, by touch on a narrow screen, and without a line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lti_tool.curriculum.loader import load_catalogue
from tests.browser.answering import answer_by_keyboard, asked, go_to, tab_to
from tests.browser.test_learning import frame_of, small_frame_of
from tests.factories.answers import right_answer
from tests.factories.content import ALL_KINDS, content_with_all_kinds
from tests.factories.files import PNG


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return load_catalogue(content_with_all_kinds(tmp_path_factory.mktemp("kinds") / "content")).modules[ALL_KINDS]


def begin(visitor, frame, part="quiz"):
    """Go from the launch's first page to the first question of a module with every kind."""
    launch = re.match(r".*/l/[^/]+/", frame.url).group()
    frame.goto(f"{launch}{part}/{ALL_KINDS}")
    frame.locator(".actions form button").click()
    expect(frame.locator("[data-answering]")).to_be_visible()


def test_every_kind_is_answered_by_keyboard_alone(visitor, module):
    visitor.open_in_course("rl-quiz")
    page, frame = visitor.page, small_frame_of(visitor.page)
    begin(visitor, frame)
    for number in range(1, module.quiz.length + 1):
        expect(frame.locator("h1")).to_have_text(f"Frage {number} von {module.quiz.length}")
        question = asked(frame, module.quiz)
        answer_by_keyboard(page, frame, question, right_answer(question))
        tab_to(page, frame, ".actions .kern-btn--primary")
        page.keyboard.press("Enter")
    expect(frame.locator("h1")).to_have_text("Quiz abgeben")
    expect(frame.get_by_text("Sie haben alle Fragen beantwortet.")).to_be_visible()
    tab_to(page, frame, ".actions .kern-btn--primary")
    page.keyboard.press("Enter")
    maximum = module.quiz.maximum
    expect(frame.locator("h1")).to_contain_text(f"Bestanden – {maximum} von {maximum} Punkten")


def test_every_kind_fits_320_pixels_and_has_targets_for_fingers(visitor, module):
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": 320, "height": 640})
    begin(visitor, tab)
    for question in module.quiz.questions:
        go_to(tab, question.id)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320, question.kind
        small = tab.locator(".question").evaluate(
            """(question) => [...question.querySelectorAll('button, summary, select, input:not([type=hidden]), textarea')]
                .filter((target) => target.offsetParent)
                .map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
                .filter(([, box]) => box.height < 24 || box.width < 24)
                .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)""",
        )
        assert small == [], question.kind
    for question in module.quiz.questions:
        go_to(tab, question.id)
        _tap(tab, question)
        expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    expect(tab.locator(".overview__number--answered")).to_have_count(module.quiz.length)


def _tap(tab, question):
    values = right_answer(question)
    if question.options:
        for value in values:
            tab.locator(f"label[for='answer-{value}']").click()
        return
    if question.kind == "order":
        tab.get_by_role("button", name="Nach unten").first.click()
        expect(tab.locator("[data-moved]")).to_have_text("Jetzt an Stelle 2 von 4")
        return
    for at, value in enumerate(values):
        field = tab.locator("[name=answer]").nth(at)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.blur()


def test_things_are_put_in_place_by_choosing_the_place(visitor, module):
    tab = visitor.open_in_window("rl-quiz")
    begin(visitor, tab)
    go_to(tab, "folge")
    first = tab.locator("[data-item]").first
    name = first.locator("[name=answer]").get_attribute("value")
    first.get_by_role("combobox").select_option("3")
    expect(tab.locator("[data-item]").nth(2).locator("[name=answer]")).to_have_value(name)
    expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    tab.reload()
    expect(tab.locator("[data-item]").nth(2).locator("[name=answer]")).to_have_value(name)


def test_a_word_in_place_of_a_number_is_told_at_once_and_not_sent(visitor, module):
    tab = visitor.open_in_window("rl-quiz")
    begin(visitor, tab)
    go_to(tab, "zahl")
    tab.get_by_label("Ihre Antwort").fill("drei Tage")
    tab.get_by_label("Ihre Antwort").blur()
    expect(tab.get_by_role("alert")).to_have_text("Bitte schreiben Sie eine Zahl, zum Beispiel 72 oder 1.234,5.")
    tab.get_by_label("Ihre Antwort").fill("72 Stunden")
    tab.get_by_label("Ihre Antwort").blur()
    expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    expect(tab.locator("[data-number-fault]")).to_be_hidden()


@pytest.mark.parametrize("kind", ["wort", "luecken", "folge", "paare"])
def test_an_answer_of_any_kind_survives_a_lost_line_and_a_new_launch(visitor, module, kind):
    question = module.quiz.question(kind)
    visitor.open_in_course("rl-quiz")
    frame = frame_of(visitor.page)
    begin(visitor, frame)
    go_to(frame, kind)
    visitor.page.context.route("**/answers/**", lambda route: route.abort())
    _tap(frame, question)
    expect(frame.locator("[data-alarm]")).to_contain_text("Keine Verbindung")
    given = [field.input_value() for field in frame.locator("[name=answer]").all()]
    visitor.page.context.unroute_all()
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.page.goto(f"{visitor.house.lms_url}/course")
    visitor.open_in_course("rl-quiz")
    frame = frame_of(visitor.page)
    begin(visitor, frame)
    go_to(frame, kind)
    for field, value in zip(frame.locator("[name=answer]").all(), given, strict=True):
        expect(field).to_have_value(value)
    expect(frame.locator("[data-saved]")).to_contain_text("espeichert")


def test_an_assignment_is_written_with_a_file_and_handed_in(visitor, module):
    tab = visitor.open_in_window("rl-quiz")
    begin(visitor, tab, "assignment")
    tab.get_by_label("Ihre Antwort").fill("Wir messen den Pegel und warnen alle.")
    expect(tab.locator("[data-word-count]")).to_have_text("Bisher 7 Wörter.")
    expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    tab.get_by_role("button", name="Weiter").click()
    tab.get_by_label("Datei wählen").set_input_files({"name": "Skizze.png", "mimeType": "image/png", "buffer": PNG})
    tab.get_by_role("button", name="Hochladen").click()
    expect(tab.get_by_role("link", name="Skizze.png")).to_be_visible()
    with tab.expect_download() as saved:
        tab.get_by_role("link", name="Skizze.png").click()
    assert saved.value.suggested_filename == "Skizze.png"
    tab.get_by_role("button", name="Zur Abgabe").click()
    tab.get_by_role("button", name="Jetzt abgeben").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Abgegeben – wird noch bewertet")
