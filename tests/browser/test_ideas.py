"""An idea on its way in a browser: a learner writes it, an instructor and the operator release it; clean for axe."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Visitor
from tests.browser.test_accessibility import WIDTHS, look_at

ACTIVITY = "rl-ideen"


def opened(visitor: Visitor, width: int) -> Page:
    tab = visitor.open_in_window(ACTIVITY)
    tab.set_viewport_size({"width": width, "height": 640})
    return tab


def operators_link(house: House) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")} | {
        "SMARTCITY_DATABASE_URL": f"sqlite:///{house.data / 'smartcity.sqlite3'}",
        "SMARTCITY_SECRET_KEY_FILE": str(house.data / "secret_key"),
        "SMARTCITY_BASE_URL": house.tool_url,
    }
    command = [sys.executable, "-m", "lti_tool.cli", "operator", "link"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return re.search(r"http\S+", said).group()


def add_picture(tab: Page) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((2000, 1000)).save(out, "PNG")
    tab.get_by_role("button", name="Speichern und weiter zu den Bildern").click()
    tab.get_by_label("Bilddatei").set_input_files(
        {"name": "sensor.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    tab.get_by_role("button", name="Bild hinzufügen").click()
    expect(tab.get_by_role("alert")).to_contain_text("Bitte beschreiben Sie das Bild")
    look_at(tab, "pictures with a fault")
    tab.get_by_label("Was ist auf dem Bild zu sehen?").fill("Ein Sensor im Boden")
    large = {"name": "gross.png", "mimeType": "image/png", "buffer": bytes(20 * 1024 * 1024 + 1)}
    tab.get_by_label("Bilddatei").set_input_files(large)
    expect(tab.get_by_text("Das Bild ist zu groß.")).to_be_visible()
    tab.get_by_role("button", name="Bild hinzufügen").click()
    expect(tab.get_by_label("Bilddatei")).to_be_focused()
    look_at(tab, "a picture that is too large")
    tab.get_by_label("Bilddatei").set_input_files(
        {"name": "sensor.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    tab.get_by_role("button", name="Bild hinzufügen").click()
    expect(tab.get_by_role("img", name="Ein Sensor im Boden")).to_be_visible()
    look_at(tab, "pictures")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_idea_goes_from_a_learner_by_an_instructor_and_the_operator_to_all_towns(visitor, house, width):
    title = f"Eine Idee bei {width} Pixeln"
    tab = opened(visitor, width)
    look_at(tab, "ideas")
    tab.get_by_role("link", name="Neue Karte schreiben").click()
    tab.get_by_label("Titel").fill(title)
    tab.get_by_role("button", name="Um Freigabe im Kurs bitten").click()
    expect(tab.get_by_role("alert")).to_contain_text("Bitte wählen Sie mindestens ein Thema.")
    look_at(tab, "form with faults")
    tab.get_by_role("link", name="Bitte beschreiben Sie das Problem.").click()
    for name in ("Welches Problem gab es?", "Wie sieht die Lösung aus?", "Was hat sie bewirkt?"):
        tab.get_by_label(name).fill("Ein Absatz.\n\nNoch einer.")
    for name in ("einige Tage", "keine Sachkosten", "Wasser und Abwasser", "Ich stelle diese Karte unter CC BY 4.0"):
        tab.get_by_label(name).check()
    add_picture(tab)
    tab.get_by_role("link", name="Zur Karte").click()
    tab.get_by_role("button", name="Um Freigabe im Kurs bitten").click()
    expect(tab.get_by_role("main")).to_contain_text("Freigabe erbeten: im Kurs")
    look_at(tab, "own card")
    tab.get_by_role("link", name="Meine Karten").click()
    look_at(tab, "own cards")

    visitor.become("ines")
    desk = opened(visitor, width)
    desk.get_by_role("link", name="Zu den Freigaben").click()
    look_at(desk, "releases")
    for ask in (None, "Um Freigabe in der Kommune bitten"):
        if ask:
            tab.get_by_role("link", name=title).click()
            tab.get_by_role("button", name=ask).click()
            desk.reload()
        desk.get_by_role("link", name=title).click()
        look_at(desk, "to be released")
        desk.get_by_role("button", name="Freigeben", exact=False).first.click()
        expect(desk.get_by_role("heading", level=1)).to_have_text("Ideen freigeben")
        tab.get_by_role("link", name="Meine Karten").first.click() if ask else tab.reload()
    tab.get_by_role("link", name=title).click()
    tab.get_by_role("button", name="Um Freigabe für alle Kommunen bitten").click()

    console = tab.context.new_page()
    console.set_viewport_size({"width": width, "height": 640})
    console.goto(operators_link(house))
    console.get_by_role("button", name="Anmelden").click()
    console.get_by_role("link", name="Ideen").click()
    look_at(console, "operator's desk")
    console.get_by_role("link", name=title).click()
    look_at(console, "operator reads")
    console.get_by_role("button", name="Freigeben für alle Kommunen").click()

    desk.get_by_role("link", name="Alle Ideen").click()
    desk.get_by_role("link", name=title).click()
    expect(desk.get_by_role("main")).to_contain_text("für alle Kommunen")
    picture = desk.get_by_role("img", name="Ein Sensor im Boden")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1600)
    look_at(desk, "card")
    tab.reload()
    tab.get_by_role("button", name="Karte zurückziehen").click()
    desk.reload()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Diese Karte wurde zurückgezogen")
    look_at(desk, "withdrawn")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_idea_is_searched_by_keyboard_taken_over_and_reported(visitor, width):
    visitor.become("ines")
    tab = opened(visitor, width)
    tab.get_by_label("Wonach suchen Sie?").focus()
    tab.keyboard.type("baeume giessen")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_have_text("1 Idee")
    tab.locator("summary").focus()
    tab.keyboard.press("Enter")
    tab.get_by_label("Thema").select_option("education")
    look_at(tab, "search with filters")
    tab.get_by_role("button", name="Suchen").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Keine Idee passt zu dieser Suche.")
    look_at(tab, "nothing found")
    tab.get_by_label("Thema").select_option("")
    tab.get_by_role("button", name="Suchen").press("Enter")
    tab.get_by_role("heading", level=2).get_by_role("link").click()
    tab.get_by_role("button", name="Das übernehmen wir").press("Enter")
    tab.get_by_label("So lief es bei uns", exact=False).fill("Mit zehn Sensoren ging es los.")
    tab.get_by_role("button", name="Bericht speichern").press("Enter")
    expect(tab.get_by_role("list").last).to_contain_text("Mit zehn Sensoren ging es los.")
    look_at(tab, "card taken over")
    tab.get_by_role("button", name="Doch nicht übernehmen").press("Enter")
    expect(tab.get_by_role("button", name="Das übernehmen wir")).to_be_visible()
    tab.get_by_role("link", name="Karte melden").press("Enter")
    look_at(tab, "report")
    tab.get_by_label("Sie ist Werbung.").check()
    tab.get_by_role("button", name="Meldung senden").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Ihre Meldung ist angekommen.")
    tab.get_by_role("navigation").get_by_role("link", name="Stand des Kurses").click()
    tab.get_by_role("link", name="Ideen", exact=True).click()
    look_at(tab, "reports")
    tab.get_by_role("button", name="Karte darf bleiben").press("Enter")
    expect(tab.get_by_role("main")).not_to_contain_text("Gemeldet")
