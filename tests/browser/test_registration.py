"""The way of an administrator: paste the address in the LMS, agree in its frame, activate; or copy values by hand."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import look_at


@pytest.fixture
def invitation(house) -> str:
    """The address that `smartcity invite create` shows for the practice LMS's town."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")} | {
        "SMARTCITY_BASE_URL": house.tool_url,
        "SMARTCITY_DATABASE_URL": f"sqlite:///{house.data / 'smartcity.sqlite3'}",
        "SMARTCITY_SECRET_KEY_FILE": str(house.data / "secret_key"),
    }
    command = ["-m", "lti_tool.cli", "invite", "create", "--municipality", "Stadt Olpe", "--private-host", "localhost"]
    done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"http://\S+\?lti=1\.3", done.stdout)
    assert found, done.stdout
    return found.group()


@pytest.fixture
def administrator(visitor):
    visitor.become("adem")
    return visitor


def paste(administrator, invitation):
    page = administrator.page
    page.goto(f"{administrator.house.lms_url}/registration")
    page.get_by_label("Registrierungs-URL").fill(invitation)
    page.get_by_role("button", name="Einbinden").click()
    return page.frame_locator("#contentframe")


def test_one_click_in_the_frame_connects_and_the_lms_closes_the_frame_itself(administrator, invitation):
    page = administrator.page
    before = page.goto(f"{administrator.house.lms_url}/registration").text().count("wartet auf Aktivierung")
    frame = paste(administrator, invitation)
    expect(frame.get_by_role("heading", level=1)).to_contain_text("der Stadt Olpe möchte dieses Werkzeug einbinden")
    expect(frame.get_by_label("Nur eine Kennung")).to_be_checked()
    frame.get_by_role("button", name="Einbinden").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("ist eingebunden")
    frame.get_by_role("button", name="Fertig").click()
    page.wait_for_url(f"{administrator.house.lms_url}/registration")
    expect(page.get_by_text("wartet auf Aktivierung")).to_have_count(before + 1)
    page.get_by_role("button", name="Aktivieren").first.click()
    expect(page.get_by_text("wartet auf Aktivierung")).to_have_count(before)


def test_a_used_invitation_says_so_within_the_frame(administrator, invitation):
    frame = paste(administrator, invitation)
    frame.get_by_role("button", name="Einbinden").click()
    expect(frame.get_by_role("button", name="Fertig")).to_be_visible()
    expect(paste(administrator, invitation).locator("main")).to_contain_text("dr.token_invalid")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_are_usable_by_everybody(administrator, invitation, width):
    page = administrator.page
    page.set_viewport_size({"width": width, "height": 640})
    configuration = f"{administrator.house.lms_url}/.well-known/openid-configuration"
    page.goto(f"{invitation.partition('?')[0]}/manual")
    look_at(page, "by hand")
    page.get_by_text("ILIAS", exact=True).first.click()
    look_at(page, "by hand, ILIAS")
    page.locator("form").evaluate("form => { form.noValidate = true; form.submit() }")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, "by hand, with faults")
    page.goto(f"{invitation}&openid_configuration={configuration}")
    look_at(page, "confirmation")


def test_a_value_is_copied_with_one_click(administrator, invitation):
    page = administrator.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{invitation.partition('?')[0]}/manual")
    page.get_by_role("button", name="Kopieren Anmelde-URL", exact=True).click()
    expect(page.get_by_role("button", name="Kopiert Anmelde-URL")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{administrator.house.tool_url}/lti/login"


def test_without_scripts_every_value_can_be_read_and_no_dead_button_is_shown(chromium, invitation):
    context = chromium.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{invitation.partition('?')[0]}/manual")
    expect(page.locator("code.value", has_text="/lti/jwks").first).to_be_visible()
    expect(page.get_by_role("button", name="Kopieren")).to_have_count(0)
    context.close()
