"""From half of a module's pages to a proof that somebody else verifies: on wide screens and at 320 pixels."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import WIDTHS, look_at

PAGES = 6


@pytest.mark.parametrize("width", WIDTHS)
def test_a_learner_issues_a_proof_and_somebody_else_verifies_its_file(visitor, tmp_path, width):
    tab = visitor.open_in_window("rl-datenrecht")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Los geht’s").click()
    for _ in range(PAGES // 2):
        tab.get_by_role("link", name="Weiter", exact=True).click()
    launch = re.match(r".*/l/[^/]+/", tab.url).group()
    tab.goto(f"{launch}proofs")
    look_at(tab, "proofs that can be had")
    tab.get_by_role("link", name="Ausstellen").first.click()
    look_at(tab, "name on the proof")
    tab.get_by_label("Name auf dem Nachweis").fill("Lea Lernfeld")
    tab.get_by_role("button", name="Nachweis ausstellen").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Teilnahmebescheinigung: Datenschutz und Datenrecht")
    look_at(tab, "a proof")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="PDF herunterladen").click()
    document = tmp_path / "nachweis.pdf"
    download.value.save_as(document)
    address = tab.locator("#verification-address").inner_text()

    anybody = tab.context.browser.new_context(viewport={"width": width, "height": 640}, locale="de-DE").new_page()
    anybody.goto(address)
    expect(anybody.get_by_role("heading", level=1)).to_contain_text("Gültig")
    expect(anybody.get_by_text("Lea Lernfeld")).to_have_count(0)
    look_at(anybody, "verdict")
    anybody.get_by_role("link", name="Eine Datei prüfen").click()
    look_at(anybody, "file to verify")
    anybody.get_by_label("Datei").set_input_files(document)
    anybody.get_by_role("button", name="Prüfen").click()
    expect(anybody.get_by_text("Das PDF ist unverändert.")).to_be_visible()
    expect(anybody.get_by_text("Ausgestellt für: Lea Lernfeld")).to_be_visible()
    look_at(anybody, "verdict on a file")
    anybody.context.close()

    tab.get_by_text("Name geändert oder Nachweis zurücknehmen").click()
    look_at(tab, "a proof, with everything open")
    tab.get_by_role("button", name="Nachweis zurücknehmen").click()
    expect(tab.get_by_text("widerrufen am")).to_be_visible()
