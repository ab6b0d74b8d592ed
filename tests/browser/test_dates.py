"""Live dates in a browser: learner, instructor and operator, by keyboard, on small screens, clean for axe."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_accessibility import WIDTHS, look_at
from tests.browser.test_admin import operator, smartcity

__all__ = ["operator", "smartcity"]
LINK = "rl-termine"
TITLE = "Sprechstunde Datenrecht"


def settle(page, title, *, seats="1", days=8):
    """Fill in the form as a person does."""
    day = datetime.now(UTC) + timedelta(days=days)
    page.get_by_label("Titel", exact=True).fill(title)
    page.get_by_label("Worum es geht").select_option(index=1)
    page.get_by_label("Tag").first.fill(day.date().isoformat())
    page.get_by_label("von").fill("10:00")
    page.get_by_label("bis").fill("09:00")
    page.get_by_label("Plätze", exact=True).fill(seats)
    page.get_by_label("Link zum Online-Raum").fill("https://raum.example/1")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_learner_finds_dates_signs_up_and_leaves(visitor, width):
    tab = visitor.open_in_window(LINK)
    tab.set_viewport_size({"width": width, "height": 640})
    look_at(tab, "list of dates")
    tab.get_by_role("link", name="Monat", exact=True).click()
    look_at(tab, "month of dates")
    tab.get_by_role("link", name="Liste", exact=True).click()
    tab.get_by_role("button", name=re.compile(f"Anmelden.*{TITLE}")).first.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_have_text("Sie haben einen Platz")
    expect(tab.get_by_role("heading", level=1)).to_be_focused()
    look_at(tab, "one date")
    tab.get_by_role("button", name="Abmelden").click()
    expect(tab.get_by_role("button", name="Anmelden")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_instructor_makes_changes_and_cancels_a_date_and_a_learner_reads_why(house, page, width):
    visitor, title = Visitor(house, page), f"Praxisrunde bei {width} Pixeln"
    visitor.become("ines")
    tab = visitor.open_in_window(LINK)
    tab.set_viewport_size({"width": width, "height": 640})
    look_at(tab, "dates of the course")
    tab.get_by_role("link", name="Termin anlegen").click()
    settle(tab, title)
    tab.get_by_role("button", name="Termin anlegen").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    expect(tab.get_by_label("bis")).to_have_accessible_description("Das Ende muss nach dem Beginn liegen.")
    look_at(tab, "form with a fault")
    tab.get_by_label("bis").fill("11:30")
    tab.get_by_role("button", name="Termin anlegen").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(title)
    look_at(tab, "date of the course")
    visitor.become("lea")
    learner = visitor.open_in_window(LINK)
    learner.get_by_role("button", name=re.compile(f"Anmelden.*{title}")).click()
    tab.get_by_role("link", name="Termin ändern").click()
    look_at(tab, "form to change")
    tab.get_by_role("button", name="Termin ändern").click()
    tab.get_by_label("Grund; alle Angemeldeten lesen ihn").fill("Die Leitung ist krank")
    tab.get_by_role("button", name="Termin absagen").click()
    expect(tab.get_by_text("Grund: Die Leitung ist krank").first).to_be_visible()
    visitor.become("lea")
    module = visitor.open_in_window("rl-smart-city")
    module.set_viewport_size({"width": width, "height": 640})
    expect(module.get_by_text(f"Abgesagt: „{title}“")).to_be_visible()
    look_at(module, "news of a date")
    module.get_by_role("link", name="Termin ansehen").first.click()
    expect(module.get_by_role("status")).to_contain_text("abgesagt")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_operator_offers_a_date_to_all_towns(operator, width):
    operator.set_viewport_size({"width": width, "height": 640})
    operator.get_by_role("link", name="Live-Termine").click()
    look_at(operator, "dates for all towns")
    operator.get_by_role("link", name="Termin anlegen").click()
    settle(operator, f"Für alle bei {width} Pixeln", seats="20")
    operator.get_by_label("bis").fill("12:00")
    operator.get_by_label("Höchstens je Kommune").fill("2")
    look_at(operator, "form for all towns")
    operator.get_by_role("button", name="Termin anlegen").click()
    expect(operator.get_by_text("20 (höchstens 2 je Kommune)")).to_be_visible()
    look_at(operator, "date for all towns")
