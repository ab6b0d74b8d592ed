"""`smartcity scorm preview`: an archive in the browser, every call beside it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile

import pytest
from playwright.sync_api import Page, expect

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages.build import build
from scorm_packages.errors import PackageError
from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF, Edition, Wishes, plan_module
from scorm_packages.preview import preview_server


@pytest.fixture(scope="module", params=[Edition.SCORM12, Edition.SCORM2004])
def address(request, tmp_path_factory):
    module = load_catalogue(PACKAGED_CONTENT, MEDIA_PREFIX, page_href=PAGE_HREF).modules["datenrecht"]
    file = build(plan_module(module, PACKAGED_CONTENT, Wishes(edition=request.param))).write(
        tmp_path_factory.mktemp("p")
    )
    command = [sys.executable, "-u", "-m", "lti_tool.cli", "scorm", "preview", str(file), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    yield found.group()
    process.terminate()
    process.communicate(timeout=20)


def test_calls_and_state_stand_beside_the_package_and_it_goes_on_where_it_was(address, page: Page):
    page.goto(address)
    sco = page.frame_locator("iframe")
    sco.get_by_role("link", name="Modul beginnen").click()
    expect(page.locator("#kept")).to_contain_text("p0")
    expect(page.locator("#calls")).to_contain_text("Commit() → true")
    expect(page.locator("#calls .refused")).to_have_count(0)
    page.get_by_role("button", name="Sitzung verlassen").click()
    expect(page.locator("#state")).to_have_text("Sitzung beendet.")
    page.get_by_role("button", name="Wieder öffnen").click()
    expect(sco.locator("[data-returned]")).to_be_visible()


def test_saving_can_be_refused_to_see_what_learners_see(address, page: Page):
    page.goto(address)
    sco = page.frame_locator("iframe")
    page.get_by_label("Speichern verweigern").check()
    sco.get_by_role("link", name="Modul beginnen").click()
    expect(sco.locator("[data-alarm]")).to_be_visible()
    expect(page.locator("#calls .refused").first).to_contain_text("[101]")
    page.get_by_role("button", name="Alles vergessen").click()
    expect(page.locator("#kept dt")).to_have_count(0)


def test_what_is_no_safe_archive_with_a_start_is_not_opened(tmp_path):
    with pytest.raises(PackageError, match="wird nicht geöffnet"):
        preview_server(b"kein zip", 0)
    for name, text, said in (
        ("a.html", "x", "kein lesbares imsmanifest"),
        ("imsmanifest.xml", "<manifest/>", "womit das Paket beginnt"),
        ("../a.html", "x", "wird nicht geöffnet"),
    ):
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
            packed.writestr(name, text)
        with pytest.raises(PackageError, match=said):
            preview_server((tmp_path / "p.zip").read_bytes(), 0)
