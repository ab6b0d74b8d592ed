"""The pages of those who care for the connection: an administrator in the LMS's frame, an operator in a browser."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import WIDTHS, look_at


@pytest.fixture
def frame(visitor):
    """The platform page in the frame of an activity, as the practice LMS's administrator sees it."""
    visitor.become("adem")
    inside = visitor.open_in_course("rl-datenrecht")
    inside.get_by_role("link", name="Plattform verwalten").click()
    return inside


@pytest.fixture
def smartcity(house):
    """The command line beside the running tool."""
    database = f"sqlite:///{house.data / 'smartcity.sqlite3'}"
    settings = {"SMARTCITY_DATABASE_URL": database, "SMARTCITY_BASE_URL": house.tool_url}
    settings["SMARTCITY_SECRET_KEY_FILE"] = str(house.data / "secret_key")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")} | settings

    def run(*arguments):
        command = [sys.executable, "-m", "lti_tool.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    return run


@pytest.fixture
def operator(smartcity, page):
    """A browser that came in by a link from the command line."""
    page.goto(smartcity("operator", "link").splitlines()[0])
    page.get_by_role("button", name="Anmelden").click()
    return page


def test_an_administrator_tests_the_connection_from_within_the_course(frame):
    expect(frame.get_by_text("Die Anbindung arbeitet.")).to_be_visible()
    frame.get_by_role("button", name="Selbsttest starten").click()
    expect(frame.get_by_text("Die Verbindung ist in Ordnung.")).to_be_visible()
    expect(frame.get_by_role("row", name="Zugriffstoken für Bewertungen holen")).to_contain_text(
        "kennt unseren Schlüssel"
    )
    expect(frame.get_by_role("row", name="Eine Bewertung lesen")).to_contain_text("Gelesen.")


def test_addresses_are_copied_by_a_button(frame):
    button = frame.get_by_role("button", name="Kopieren Client-ID")
    button.click()
    expect(frame.get_by_text("Kopiert").or_(frame.get_by_text("Markiert")).first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_platform_page_is_accessible_and_narrow(visitor, width):
    visitor.become("adem")
    tab = visitor.open_in_window("rl-datenrecht")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Plattform verwalten").click()
    look_at(tab, "platform page")
    tab.get_by_role("button", name="Selbsttest starten").click()
    look_at(tab, "self-test")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_console_is_accessible_and_narrow(operator, width):
    operator.set_viewport_size({"width": width, "height": 640})
    look_at(operator, "towns")
    operator.get_by_role("link", name="Einladungen").click()
    operator.get_by_label("Name der Kommune").fill("Kreis Olpe")
    operator.get_by_label("Rechnername im Hausnetz").fill("https://moodle.example")
    operator.get_by_role("button", name="Einladung ausstellen").click()
    look_at(operator, "invitations with a fault")
    operator.get_by_role("link", name="Kommunen").click()
    operator.get_by_role("link", name="Musterstadt").click()
    look_at(operator, "town")
    operator.get_by_role("link", name="Kennungen zusammenführen").click()
    look_at(operator, "identities")
    for name in ("Schlüssel", "Protokoll"):
        operator.get_by_role("link", name=name, exact=True).click()
        look_at(operator, name)
    operator.get_by_role("button", name="Abmelden").click()
    look_at(operator, "left")


def test_the_operator_finds_a_town_pauses_its_platform_and_resumes_it(operator, smartcity):
    elsewhere = "https://pause.example"  # a platform of its own: nobody else's launches meet the pause
    smartcity(
        *("platform", "add", "--name", "Moodle", "--municipality", "Pausenstadt", "--issuer", elsewhere),
        *("--client-id", "x", "--auth-url", f"{elsewhere}/auth", "--token-url", f"{elsewhere}/token"),
        *("--jwks-url", f"{elsewhere}/jwks", "--deployment-id", "1"),
    )
    operator.get_by_role("searchbox").fill("pausen")
    operator.get_by_role("button", name="Suchen").click()
    operator.get_by_role("link", name="Pausenstadt").click()
    operator.get_by_role("button", name="Anbindung anhalten").click()
    expect(operator.get_by_text("Die Anbindung ist angehalten.")).to_be_visible()
    operator.get_by_role("button", name="Anbindung fortsetzen").click()
    expect(operator.get_by_text("Die Anbindung arbeitet.")).to_be_visible()
