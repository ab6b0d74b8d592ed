"""Choosing content in the LMS's frame: with the mouse, with the keyboard alone, without scripts, and on a small screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import look_at
from tests.factories.plain_content import plain_catalogue

CATALOGUE = plain_catalogue()
SHOWN = len(CATALOGUE.modules) + 1  # the house has the module with every kind of question besides
TITLE = "Datenschutz und Datenrecht"
OTHER = "Smart City verstehen: Leitbild, Charta, Ziele"


@pytest.fixture
def ines(visitor):
    visitor.become("ines")
    return visitor


def open_dialogue(visitor):
    """Press „Inhalt auswählen“ in the course; return the frame with the picker."""
    with visitor.page.expect_event("framenavigated", lambda part: part.url.startswith(f"{visitor.house.tool_url}/l/")):
        visitor.page.get_by_role("button", name="Inhalt auswählen").first.click()
    return visitor.page.frame_locator("#contentframe")


def open_alone(visitor):
    """Open the picker without the LMS around it, where its page can be measured."""
    visitor.page.goto(f"{visitor.house.lms_url}/deep-linking/new?course=kurs-1")
    source = visitor.page.locator("#contentframe").get_attribute("src")
    visitor.page.goto(f"{visitor.house.lms_url}{source}")
    visitor.page.wait_for_url(f"{visitor.house.tool_url}/l/**")
    return visitor.page


def activities(house):
    return house.ask("/practice/course.json")["activities"]


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.innerText")


def tab_to(page, name):
    """Press the tabulator until this has the focus, as somebody without a mouse does."""
    for _ in range(60):
        if focused(page).strip() == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached")


def test_three_items_at_once_become_activities_with_columns_and_open(ines):
    known = {activity["id"] for activity in activities(ines.house)}
    frame = open_dialogue(ines)
    expect(frame.locator("[data-count]")).to_have_text("Nichts gewählt")
    frame.get_by_label(OTHER, exact=True).check()
    frame.get_by_label(f"Nur das Quiz: {TITLE}").check()
    frame.get_by_role("checkbox", name="Zertifikatsstand").check()
    expect(frame.locator("[data-count]")).to_have_text("3 Inhalte gewählt")
    frame.locator("[data-grading] summary").click()
    frame.get_by_role("spinbutton", name="Höchstpunktzahl").fill("40")
    expect(frame.locator("[data-grading-words]")).to_have_text("mit Bewertung (40 Punkte)")
    frame.get_by_role("button", name="Übernehmen").click()
    expect(frame.get_by_text("3 Aktivitäten wurden angelegt")).to_be_visible()
    made = [activity for activity in activities(ines.house) if activity["id"] not in known]
    assert [activity["custom"] for activity in made] == [
        {"content": "module", "module": "smart-city-verstehen"},
        {"content": "quiz", "module": "datenrecht"},
        {"content": "tracker"},
    ]
    columns = {item["activity_id"]: item for item in ines.house.ask("/practice/gradebook.json")["line_items"]}
    assert [columns[activity["id"]]["score_maximum"] for activity in made[:2]] == [40, 40]
    assert made[2]["id"] not in columns
    ines.become(ines.house.new_learner())
    opened = ines.open_in_course(made[1]["id"])
    expect(opened.get_by_role("button", name="Quiz beginnen")).to_be_visible()


def test_a_whole_course_counts_as_what_it_brings(ines):
    frame = open_dialogue(ines)
    written = [
        module_id for module_id in CATALOGUE.certifications["manager"].required if module_id in CATALOGUE.modules
    ]
    brought = f"{len(written) + 1} Inhalte gewählt"
    frame.get_by_label("Ganzer Lehrgang: Smart City Manager").check()
    expect(frame.locator("[data-count]")).to_have_text(brought)
    frame.get_by_label(TITLE, exact=True).check()
    expect(frame.locator("[data-count]")).to_have_text(brought)
    frame.get_by_label("Ganzer Lehrgang: Smart City Manager").uncheck()
    expect(frame.locator("[data-count]")).to_have_text("1 Inhalt gewählt")


def test_search_and_chips_narrow_the_list_and_what_is_ticked_stays(ines):
    frame = open_dialogue(ines)
    expect(frame.get_by_role("searchbox")).to_be_focused()
    frame.get_by_label(OTHER, exact=True).check()
    frame.get_by_role("searchbox").fill("sensoren kameras")
    expect(frame.get_by_label(OTHER, exact=True)).to_be_hidden()
    expect(frame.get_by_label(TITLE, exact=True)).to_be_visible()
    expect(frame.locator("[data-found]")).to_have_text(f"1 von {SHOWN} Modulen")
    expect(frame.locator("[data-count]")).to_have_text("1 Inhalt gewählt")
    frame.get_by_role("searchbox").fill("")
    frame.get_by_label("SC-12", exact=True).check()
    expect(frame.get_by_label(TITLE, exact=True)).to_be_hidden()
    frame.get_by_label("bis 1 Std.").check()
    expect(frame.get_by_text("Dazu gibt es kein Modul.")).to_be_visible()


def test_the_preview_opens_beside_the_list_and_covers_nothing(ines):
    page = open_alone(ines)
    card = page.locator("[data-modules] > li").filter(has_text=TITLE).first
    card.evaluate("card => card.scrollIntoView({block: 'center'})")
    before = card.locator(".choice__body").bounding_box()
    card.locator("summary").click()
    expect(card.get_by_text("Sie ordnen einem Vorhaben Rechtsgrundlage und Pflichten zu.")).to_be_visible()
    body, preview = card.locator(".choice__body").bounding_box(), card.locator(".choice__preview").bounding_box()
    assert preview["x"] >= body["x"] + body["width"], "beside"
    assert abs(body["y"] - before["y"]) < 1
    page.set_viewport_size({"width": 360, "height": 640})
    body, preview = card.locator(".choice__body").bounding_box(), card.locator(".choice__preview").bounding_box()
    assert preview["y"] >= body["y"] + body["height"], "below"


def test_with_the_keyboard_alone(ines):
    page = open_alone(ines)
    assert focused(page) == "find-words"
    page.keyboard.type("Datenrecht")
    page.keyboard.press("Enter")
    tab_to(page, "pick-module-datenrecht")
    page.keyboard.press("Space")
    tab_to(page, "mit Bewertung (100 Punkte)")
    page.keyboard.press("Enter")
    tab_to(page, "graded-yes")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-grading-words]")).to_have_text("ohne Bewertung")
    tab_to(page, "Übernehmen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 Aktivität wurde angelegt")).to_be_visible()
    assert activities(ines.house)[-1]["title"] == TITLE
    assert "Punkte" not in page.get_by_role("listitem").inner_text()


def test_cancelling_says_so_in_the_lms(ines):
    frame = open_dialogue(ines)
    frame.get_by_role("button", name="Abbrechen").click()
    expect(frame.get_by_text("Das Werkzeug meldet: Es wurde nichts ausgewählt.")).to_be_visible()


def test_without_scripts_buttons_do_the_same(ines, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="de-DE")
    context.add_cookies(ines.page.context.cookies(ines.house.lms_url))
    page = context.new_page()
    page.goto(f"{ines.house.lms_url}/deep-linking/new?course=kurs-1&multiple=0")
    page.goto(f"{ines.house.lms_url}{page.locator('#contentframe').get_attribute('src')}")
    while page.get_by_role("button", name="Weiter").count():
        page.get_by_role("button", name="Weiter").click()
    page.get_by_role("searchbox").fill("Sensoren")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_label(OTHER, exact=True)).to_be_hidden()
    page.get_by_label(TITLE, exact=True).check()
    page.get_by_role("button", name="Übernehmen").click()
    page.get_by_role("button", name="Zurück zum Kurs").click()
    expect(page.get_by_text("1 Aktivität wurde angelegt")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing(ines, width):
    page = open_alone(ines)
    page.set_viewport_size({"width": width, "height": 500})
    look_at(page, "picker")
    page.locator("[data-modules] summary").last.click()
    page.locator("[data-grading] summary").click()
    page.get_by_label(TITLE, exact=True).check()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the tray lies below the list, not before it
    look_at(page, "picker, preview and grading open")
    tray, card = page.locator(".tray").bounding_box(), page.locator("[data-modules] > li").last.bounding_box()
    assert tray["height"] < 250
    assert card["width"] <= width
    page.locator("[name=maximum]").evaluate("field => { field.type = 'text'; field.value = 'zehn'; }")
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("alert")).to_contain_text("eine Zahl von 1 bis 1000")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    look_at(page, "picker with a fault")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_submission_review_from_the_gradebook(ines, width):
    learner = ines.house.new_learner()
    ines.become(learner)
    tab = ines.open_in_window("rl-quiz")
    tab.get_by_role("button", name="Quiz beginnen").click()
    tab.get_by_role("button", name="Abgabe", exact=True).click()
    tab.get_by_role("button", name="Jetzt abgeben").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Noch nicht bestanden")
    ines.become("ines")
    ines.page.goto(f"{ines.house.lms_url}/course/rl-quiz/review/{learner}/launch")
    ines.page.wait_for_url(f"{ines.house.tool_url}/l/**")
    ines.page.set_viewport_size({"width": width, "height": 640})
    expect(ines.page.get_by_role("heading", level=1)).to_contain_text(re.compile("Ergebnis.*: 0 von"))
    look_at(ines.page, "submission review")
    ines.page.goto(f"{ines.house.lms_url}/course/rl-quiz/review/{ines.house.new_learner()}/launch")
    expect(ines.page.get_by_role("heading", level=1)).to_have_text("Noch kein Versuch")
    look_at(ines.page, "no submission")
