"""An author writes, saves, and sees: the page and what the checker says about it, without doing anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    command = [sys.executable, "-m", "lti_tool.cli", "content", "new", "pegel", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "lti_tool.cli", "content", "preview", "pegel", "--dir", str(folder), "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/module/pegel/", running.stdout.readline())
            assert found
            yield found[0]
        finally:
            running.terminate()


def test_a_save_shows_the_new_text_and_the_new_findings(page: Page, folder: Path, address: str) -> None:
    written = folder / "modules/pegel/pages/01-einstieg.md"
    page.goto(f"{address}einstieg")
    findings = page.get_by_role("complementary", name="Prüfung")
    expect(findings).to_contain_text("Keine Probleme gefunden.")
    page.get_by_role("button", name="Begriff").click()
    expect(page.get_by_text("(Ein Satz erklärt ihn.)")).to_be_visible()

    written.write_text(written.read_text("utf-8") + "\n# Zu groß\n\nEben gespeichert.\n", "utf-8")
    expect(page.get_by_text("Eben gespeichert.")).to_be_visible()
    expect(findings).to_contain_text("Die Überschrift der Seite steht im Kopf (title)")

    findings.get_by_role("link").filter(has_text="modules/pegel/pages/01-einstieg.md:").first.click()
    expect(page.locator("li:target")).to_have_text("# Zu groß")


def test_a_module_that_cannot_be_read_still_shows_what_is_wrong(page: Page, folder: Path, address: str) -> None:
    (folder / "modules/pegel/module.yaml").write_text("id: pegel\n", "utf-8")
    page.goto(address)
    expect(
        page.get_by_text("Das Modul lässt sich zeigen, sobald seine module.yaml keine Fehler mehr hat.")
    ).to_be_visible()
    expect(page.get_by_role("complementary", name="Prüfung")).to_contain_text("Die Angabe »title« fehlt")
