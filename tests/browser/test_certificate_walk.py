"""From the first page of a module to a certificate on paper, and from its QR code to the page that says it is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import yaml
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from lti_tool.curriculum.loader import load_catalogue
from tests.browser.answering import go_to
from tests.browser.conftest import House, Visitor, running_house
from tests.browser.test_accessibility import look_at
from tests.factories.answers import right_answer
from tests.factories.plain_content import PLAIN_QUIZ
from tests.factories.young_content import young_content
from tests.functional.marked_content import ASSIGNMENT

READING, QUIZ = "smart-city-verstehen", "datenrecht"
WINDOW = {"width": 1280, "height": 640}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose one certification asks for a module to read, one with a quiz, and a final project."""
    folder = tmp_path_factory.mktemp("school")
    content = young_content(folder / "content")
    (content / "modules" / READING / "quiz.yaml").unlink()
    module = content / "modules" / QUIZ
    (module / "quiz.yaml").write_bytes(PLAIN_QUIZ.read_bytes())
    (module / "assignment.yaml").write_text(ASSIGNMENT, encoding="utf-8")
    file = content / "certifications" / "lotse.yaml"
    rule = yaml.safe_load(file.read_text("utf-8"))
    short = {"required": [READING, QUIZ], "electives": [], "electives_needed": 0, "capstone": {"module": QUIZ}}
    file.write_text(yaml.safe_dump(rule | short | {"validity_months": 24, "refresher": [QUIZ]}), "utf-8")
    (content / "certifications" / "manager.yaml").unlink()
    catalogue = yaml.safe_load((content / "catalogue.yaml").read_text("utf-8"))
    (content / "catalogue.yaml").write_text(yaml.safe_dump({**catalogue, "certifications": ["lotse"]}), "utf-8")
    with running_house(folder / "data", SMARTCITY_CONTENT_DIR=str(content)) as running:
        yield running


def test_from_nothing_to_a_certificate_and_through_its_qr_code(
    school: House, page: Page, chromium: Browser, tmp_path: Path
) -> None:
    visitor = Visitor(school, page)
    visitor.become(school.new_learner())
    tab = visitor.open_in_window("rl-datenrecht")
    tab.set_viewport_size(WINDOW)
    launch = re.match(r".*/l/[^/]+/", tab.url)[0]
    read_everything(tab, launch)
    take_the_quiz(tab, launch, school)
    hand_in_the_project(tab, launch)
    visitor.become("ines")
    mark_the_project(visitor.open_in_window("rl-datenrecht"))
    tab.goto(f"{launch}certificates")
    look_at(tab, "the whole way")
    tab.get_by_role("link", name="Zum Zertifikat").click()
    issue(tab, "Lea Lernfeld")
    address = tab.locator("#verification-address").inner_text()
    document, badge = downloaded(tab, tmp_path, "PDF herunterladen"), downloaded(tab, tmp_path, "signiert (JSON-LD)")

    assert scanned(document) == address
    anybody = chromium.new_context(viewport=WINDOW, locale="de-DE").new_page()
    verdict(anybody, address, "Gültig")
    for file in (document, badge):
        anybody.get_by_role("link", name="Eine Datei prüfen").click()
        anybody.get_by_label("Datei").set_input_files(file)
        anybody.get_by_role("button", name="Prüfen").click()
        expect(anybody.get_by_text("Die Datei ist echt")).to_be_visible()
        look_at(anybody, f"verdict on {file.suffix}")

    tab.get_by_text("Name geändert oder Nachweis zurücknehmen").click()
    tab.get_by_label("Neuer Name auf dem Nachweis").fill("Lea Neufeld")
    tab.get_by_role("button", name="Neu ausstellen").click()
    following = tab.locator("#verification-address").inner_text()
    assert following != address
    anybody.context.close()
    later = chromium.new_context(viewport=WINDOW, locale="de-DE").new_page()
    verdict(later, address, "Widerrufen")
    verdict(later, following, "Gültig")
    later.context.close()


def read_everything(tab: Page, launch: str) -> None:
    tab.goto(f"{launch}modules/{READING}/")
    tab.get_by_role("link", name="Los geht’s").click()
    forward = tab.get_by_role("link", name="Weiter", exact=True)
    look_at(tab, "first page")
    while forward.count():
        forward.click()


def take_the_quiz(tab: Page, launch: str, school: House) -> None:
    quiz = load_catalogue(school.data.parent / "content").modules[QUIZ].quiz
    assert quiz is not None
    tab.goto(f"{launch}quiz/{QUIZ}")
    tab.get_by_role("button", name="Quiz beginnen").click()
    for question in quiz.questions:
        go_to(tab, question.id)
        for option in right_answer(question):
            tab.locator(f"input[value='{option}']").check()
        expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    hand_in(tab)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bestanden")
    look_at(tab, "result with the card of the way")


def hand_in_the_project(tab: Page, launch: str) -> None:
    tab.goto(f"{launch}certificates")
    look_at(tab, "final project missing")
    tab.get_by_role("link", name="Abschlussarbeit öffnen").click()
    tab.get_by_role("button", name="Aufgabe beginnen").click()
    tab.locator("textarea[name=answer]").fill("Wir übernehmen eine gute Idee.")
    tab.locator("textarea[name=answer]").blur()
    expect(tab.locator("[data-saved]")).to_contain_text("Gespeichert")
    hand_in(tab)
    look_at(tab, "project handed in")


def hand_in(tab: Page) -> None:
    tab.get_by_role("button", name="Abgabe", exact=True).click()
    tab.get_by_role("button", name="Jetzt abgeben").click()


def mark_the_project(tab: Page) -> None:
    tab.get_by_role("link", name="1 Abgabe zu bewerten").click()
    tab.get_by_role("link", name="1 Antwort bewerten").click()
    look_at(tab, "marking")
    tab.locator("[name='points-idee'][value='4']").check()
    tab.get_by_role("button", name="Speichern und weiter").click()
    expect(tab.get_by_text("Es wartet nichts auf Sie.")).to_be_visible()
    tab.close()


def issue(tab: Page, name: str) -> None:
    look_at(tab, "name on the certificate")
    tab.get_by_label("Name auf dem Nachweis").fill(name)
    tab.get_by_role("button", name="Nachweis ausstellen").click()
    expect(tab.get_by_text(re.compile("^gültig bis"))).to_be_visible()
    look_at(tab, "certificate")


def downloaded(tab: Page, folder: Path, words: str) -> Path:
    with tab.expect_download() as download:
        tab.locator("a, button").filter(has_text=words).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def scanned(document: Path) -> str:
    """What a phone reads on the first page."""
    with pypdfium2.PdfDocument(document) as pdf:
        picture = pdf[0].render(scale=3).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


def verdict(anybody: Page, address: str, word: str) -> None:
    anybody.goto(address)
    expect(anybody.get_by_role("heading", level=1)).to_contain_text(word)
    look_at(anybody, word)
