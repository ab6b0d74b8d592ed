"""The tracker's ways and the page for credits: clean for axe, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import WIDTHS, look_at


@pytest.mark.parametrize("width", WIDTHS)
def test_every_way_is_accessible(visitor, width):
    tab = visitor.open_in_window("rl-stand")
    tab.set_viewport_size({"width": width, "height": 640})
    for way in ("Lotse", "Einzelne Lücken", "Manager"):
        tab.get_by_role("link", name=way).first.click()
        expect(tab.locator(".switch__way[aria-current]")).to_contain_text(way)
        look_at(tab, way)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_line_never_breaks_between_stations(visitor, width):
    tab = visitor.open_in_window("rl-stand")
    tab.set_viewport_size({"width": width, "height": 640})
    gaps = tab.evaluate(
        """() => {
            const rails = [...document.querySelectorAll('.rail__svg')].map((rail) => rail.getBoundingClientRect());
            return rails.slice(1).map((rail, at) => Math.abs(rail.top - rails[at].bottom)).filter((gap) => gap > 1);
        }""",
    )
    assert gaps == []


@pytest.mark.parametrize("width", WIDTHS)
def test_crediting_is_accessible(visitor, width):
    visitor.open_in_window("rl-stand")
    visitor.become("ines")
    tab = visitor.open_in_window("rl-stand")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Einstellungen").click()
    tab.get_by_role("link", name="Module anrechnen").click()
    look_at(tab, "credits")
    tab.get_by_role("button", name="Anrechnen", exact=True).click()
    expect(tab.get_by_role("alert")).to_be_visible()
    look_at(tab, "credits, incomplete")
