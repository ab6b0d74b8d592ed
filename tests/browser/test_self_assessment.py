"""The self-assessment in a browser: by keyboard, without scripts, on small screens, clean for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import WIDTHS, look_at

LINK = "rl-selbst"


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_is_accessible(visitor, width):
    tab = visitor.open_in_window(LINK)
    tab.set_viewport_size({"width": width, "height": 640})
    look_at(tab, "role")
    tab.get_by_role("button", name="Weiter").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    look_at(tab, "role missing")
    tab.get_by_label("Führung").check()
    tab.get_by_role("button", name="Weiter").click()
    tab.get_by_role("button", name="Weiter").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    look_at(tab, "answers missing")
    for screen in range(3):
        for group in tab.get_by_role("group").all():
            group.get_by_role("radio").nth(screen).check()
        tab.locator(".actions .kern-btn--primary").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Ergebnis Ihrer Selbsteinschätzung")
    look_at(tab, "result")
    tab.get_by_label("Ergebnis speichern").check()
    tab.get_by_role("button", name="Fertig").click()
    expect(tab.get_by_role("button", name="Ergebnis löschen")).to_be_visible()
    look_at(tab, "kept result")


def test_it_works_with_the_keyboard_and_without_scripts(visitor):
    tab = visitor.open_in_window(LINK)
    tab.context.route("**/*.js", lambda route: route.abort())
    tab.reload()
    tab.get_by_role("radio").first.focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    for _ in range(3):
        expect(tab.get_by_role("group")).to_have_count(4)
        for group in tab.get_by_role("group").all():
            group.get_by_role("radio").first.focus()
            tab.keyboard.press("Space")
            tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        tab.wait_for_load_state()
    expect(tab.get_by_role("radio", name="Ergebnis nicht speichern")).to_be_checked()
