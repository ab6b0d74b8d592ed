"""Calendar and attendance in a browser, by keyboard and on small screens; what axe finds fails the test."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_accessibility import WIDTHS, look_at

LINK = "rl-termine"
TITLE = "Sprechstunde Datenrecht"


@contextmanager
def begun(house, date_id):
    """Let a date have begun five minutes ago, as pages cannot turn the clock; afterwards it is as it was."""
    start = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=5)
    now = [f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in (start, start + timedelta(minutes=90))]
    with closing(sqlite3.connect(house.data / "smartcity.sqlite3", isolation_level=None)) as connection:
        select, change = "SELECT starts_at, ends_at FROM live_date", "UPDATE live_date SET starts_at = ?, ends_at = ?"
        planned = connection.execute(f"{select} WHERE id = ?", [date_id]).fetchone()
        connection.execute(f"{change} WHERE id = ?", [*now, date_id])
        try:
            yield
        finally:
            connection.execute(f"{change} WHERE id = ?", [*planned, date_id])


@pytest.mark.parametrize("width", WIDTHS)
def test_calendar_code_and_list(house, page, width):
    visitor = Visitor(house, page)
    visitor.become(house.new_learner())
    tab = visitor.open_in_window(LINK)
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Kalender abonnieren").click()
    tab.get_by_role("button", name="Adresse erzeugen").click()
    expect(tab.get_by_label("Adresse zum Kopieren")).to_have_value(re.compile(r"/calendar/[\w-]{43}\.ics$"))
    look_at(tab, "calendar with its address")
    tab.get_by_role("link", name="Zu den Terminen").click()
    tab.get_by_role("link", name=TITLE).first.click()
    tab.get_by_role("button", name="Anmelden").click()
    expect(tab.get_by_role("status")).to_have_text("Sie haben einen Platz")
    with begun(house, tab.url.rpartition("/")[2].replace("-", "")):
        confirm(visitor, tab, width)


def confirm(visitor, tab, width):
    tab.reload()
    tab.get_by_role("link", name="Teilnahme bestätigen").click()
    tab.get_by_label("Code", exact=True).fill("AAAAAA")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("alert")).to_be_visible()
    look_at(tab, "wrong code")
    visitor.become("ines")
    teacher = visitor.open_in_window(LINK)
    teacher.set_viewport_size({"width": width, "height": 640})
    teacher.get_by_role("link", name=TITLE).first.click()
    teacher.get_by_role("link", name="Anwesenheit eintragen").click()
    teacher.get_by_role("link", name="Code zeigen").click()
    code = teacher.locator(".attendance-code > [aria-hidden]").inner_text()
    look_at(teacher, "code for the projector")
    tab.get_by_label("Code", exact=True).fill(code)
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Ihre Teilnahme ist eingetragen: 1 Std. 30 Min.")).to_be_visible()
    look_at(tab, "attendance confirmed")
    teacher.get_by_role("link", name="Zur Anwesenheitsliste").click()
    expect(teacher.get_by_text("dabei, 1 Std. 30 Min.").first).to_be_visible()
    look_at(teacher, "attendance list")
