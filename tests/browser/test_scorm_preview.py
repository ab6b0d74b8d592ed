"""`smartcity scorm preview`: an archive in the browser, every call beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages.build import build
from scorm_packages.errors import PackageError
from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF, Edition, Wishes, plan_module
from scorm_packages.preview import preview_server
from scorm_packages.preview.scorm_again import VERSION

ROOT = Path(__file__).parents[2]


@pytest.fixture(
    scope="module",
    params=[(edition, again) for edition in (Edition.SCORM12, Edition.SCORM2004) for again in (True, False)],
)
def address(request, tmp_path_factory):
    edition, again = request.param
    module = load_catalogue(PACKAGED_CONTENT, MEDIA_PREFIX, page_href=PAGE_HREF).modules["datenrecht"]
    folder = tmp_path_factory.mktemp("p")
    file = build(plan_module(module, PACKAGED_CONTENT, Wishes(edition=edition))).write(folder)
    if again:
        _bring_scorm_again(folder / "smart-city-lernen" / "scorm-again")
    command = [sys.executable, "-u", "-m", "lti_tool.cli", "scorm", "preview", str(file), "--port", "0"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    assert (f"scorm-again {VERSION}" in process.stdout.readline()) is again
    yield found.group()
    process.terminate()
    process.communicate(timeout=60)


def _bring_scorm_again(folder):
    """As `--scorm-again` does, from what the tests have fetched already."""
    fetched = ROOT / ".venv" / "scorm-again"
    subprocess.run([ROOT / "scripts" / "scorm_again.sh", fetched], check=True)
    shutil.copytree(fetched / VERSION / "dist", folder / VERSION)


def test_calls_and_state_stand_beside_the_package_and_it_goes_on_where_it_was(address, page: Page):
    page.goto(address)
    sco = page.frame_locator("iframe")
    sco.get_by_role("link", name="Modul beginnen").click()
    expect(page.locator("#kept")).to_contain_text("p0")
    expect(page.locator("#calls")).to_contain_text("Commit() → true")
    expect(page.locator("#calls .refused")).to_have_count(0)
    assert page.evaluate("'Scorm12API' in window || 'Scorm2004API' in window") is (
        "scorm-again" in page.locator(".run-time").inner_text().partition(";")[0]
    )
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
