"""cmi5 packages in front of a strict store on another site: learned, left, resumed, and told exactly once."""

from __future__ import annotations

import json
import re
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Module
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.editions.cmi5 import NAME
from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF, Edition, Reporting, Wishes, plan_certification
from tests.browser.packages import form_of, give, saved, served, take, to_quiz, unpack
from tests.browser.small_lrs import SmallLrs
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.content import ALL_KINDS, content_with_all_kinds

ROOT = Path(__file__).parents[2]
JUDGE = ROOT / "tests" / "cases" / "xapi_valid.cjs"


@dataclass(frozen=True)
class Course:
    """A certification on a web server; its first module asks every kind of question."""

    address: str
    module: Module
    publishers: list[str]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("course")
    content = content_with_all_kinds(tmp_path_factory.mktemp("content") / "content")
    catalogue = load_catalogue(content, MEDIA_PREFIX, page_href=PAGE_HREF)
    first = catalogue.modules[ALL_KINDS]
    second = next(module for name, module in catalogue.modules.items() if name != ALL_KINDS)
    rule = next(iter(catalogue.certifications.values()))
    wishes = Wishes(edition=Edition.CMI5, reporting=Reporting.PASSED_FAILED)
    files = archive.unpacked(build(plan_certification(rule, [first, second], content, wishes)).data)
    unpack(files, folder)
    publishers = [unit.get("id") for unit in etree.fromstring(files[NAME]).iter("{*}au")]
    with served(folder) as address:
        yield Course(address, first, publishers)


@pytest.fixture
def lrs() -> Iterator[SmallLrs]:
    small = SmallLrs()
    yield small
    small.close()
    assert small.violations == []


class Learner:
    """One learner with one registration in the course."""

    def __init__(self, course: Course, lrs: SmallLrs, tab: Page) -> None:
        self.course, self.lrs, self.tab = course, lrs, tab
        self.registration = str(uuid.uuid4())

    def launch(self, unit: int = 1, **data) -> Page:
        """Open a unit as the LMS does."""
        data = {"masteryScore": 0.6, **data}
        query = self.lrs.launch(f"m0{unit}", self.course.publishers[unit - 1], self.registration, **data)
        self.tab.goto(f"{self.course.address}/m0{unit}/index.html?{query}")
        expect(self.tab.locator("html")).to_have_class("live")
        return self.tab


@pytest.fixture
def lea(course, lrs, chromium: Browser) -> Iterator[Learner]:
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, locale="de-DE")
    context.set_default_timeout(30_000)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield Learner(course, lrs, context.new_page())
    context.close()
    assert faults == []


def _leave(page: Page, lrs: SmallLrs) -> None:
    """Go away as a closing tab does, and wait until the goodbye has arrived."""
    before = len(lrs.statements)
    page.goto("about:blank")
    lrs.wait_for_goodbye(before)


def test_every_kind_of_question_right_passes_and_a_validator_has_nothing_to_say(lea, lrs, course, tmp_path):
    page = lea.launch()
    take(page, course.module, right_answer)
    expect(page.locator("[data-outcome]")).to_contain_text("Bestanden – ")
    saved(page)
    page.locator("[data-end]").click()
    expect(page.locator("#end h1")).to_be_focused()
    answers = ["answered"] * len(course.module.quiz.questions)
    assert lrs.verbs() == ["initialized", *answers, "completed", "passed", "terminated"]
    assert lrs.statements[-2]["result"]["score"] == {"scaled": 1, "raw": 100, "min": 0, "max": 100}
    (tmp_path / "told.json").write_text(json.dumps(lrs.statements))
    validator = ROOT / ".venv" / "xapi-validation"
    subprocess.run([ROOT / "scripts" / "xapi_validation.sh", validator], check=True)
    judged = subprocess.run(
        ["node", JUDGE, validator / "node_modules", tmp_path / "told.json"], capture_output=True, text=True, check=True
    )
    assert json.loads(judged.stdout) == []


def test_whoever_leaves_goes_on_where_they_were_and_each_unit_has_its_own_state(lea, lrs, course):
    page = lea.launch()
    page.get_by_role("link", name="Modul beginnen").click()
    to_quiz(page)
    give(page, course.module, right_answer)
    page.locator("#questions [data-quiz=next]").click()
    _leave(page, lrs)
    lea.launch(unit=2)
    expect(page.locator("[data-returned]")).to_be_hidden()
    expect(page.locator("[data-progress-words]")).to_contain_text("0 von")
    _leave(page, lrs)
    lea.launch()
    expect(page.locator("[data-returned]")).to_be_visible()
    expect(page.locator("#questions h1")).to_have_text(f"Frage 2 von {len(course.module.quiz.questions)}")
    page.locator("#questions [data-quiz=back]").click()
    expect(page.locator(".overview__number--answered")).to_have_count(1)
    assert lrs.verbs("m02") == ["initialized", "terminated"]


def test_whoever_failed_and_passed_later_is_never_judged_twice(lea, lrs, course):
    page = lea.launch()
    take(page, course.module, wrong_answer)
    saved(page)
    _leave(page, lrs)
    assert lrs.verbs("m01")[-2:] == ["failed", "terminated"]
    lea.launch()
    take(page, course.module, right_answer)
    saved(page)
    take(page, course.module, wrong_answer)
    saved(page)
    _leave(page, lrs)
    judged = [verb for verb in lrs.verbs("m01") if verb in {"completed", "passed", "failed"}]
    assert judged == ["failed", "completed", "passed"]


@pytest.mark.parametrize("deaf", ["everything", "answers"])
def test_what_the_store_misses_is_shown_and_told_once_when_it_listens_again(lea, lrs, course, deaf):
    page = lea.launch()
    page.get_by_role("link", name="Modul beginnen").click()
    saved(page)
    lrs.refuse.add(deaf)
    take(page, course.module, right_answer)
    expect(page.locator("[data-alarm]")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("Nicht gespeichert")
    lrs.refuse.clear()
    page.locator("[data-retry]").click()
    saved(page)
    expect(page.locator("[data-alarm]")).to_be_hidden()
    assert lrs.verbs()[-2:] == ["completed", "passed"]
    assert len({statement["id"] for statement in lrs.statements}) == len(lrs.statements)


def test_a_reloaded_page_asks_to_be_launched_again_and_nobody_keeps_the_token(lea, lrs):
    told: list[str] = []
    lea.tab.on("console", lambda message: told.append(message.text))
    page = lea.launch()
    page.get_by_role("link", name="Modul beginnen").click()
    saved(page)
    assert lrs.fetched == 1
    kept = page.evaluate(
        "[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href, document.documentElement.outerHTML].join()"
    )
    assert "geheim-" not in kept + json.dumps(list(map(str, lrs.states.values()))) + "".join(told)
    page.reload()
    expect(page.locator("[data-band]")).to_contain_text("Öffnen Sie das Modul noch einmal aus Ihrem Kurs")
    expect(page.locator("[data-end]")).to_be_hidden()


def test_the_bar_of_the_lms_holds_and_is_said(lea, lrs, course):
    page = lea.launch(masteryScore=0.9)
    page.locator("[data-side] a[href='#quiz']").click()
    expect(page.locator("#quiz")).to_contain_text(re.compile("Bestanden ab 90\\s% der Punkte"))


def test_whoever_only_looks_is_not_judged(lea, lrs, course):
    page = lea.launch(launchMode="Review")
    expect(page.locator("[data-band]")).to_contain_text("Ansicht ohne Wertung")
    take(page, course.module, right_answer)
    _leave(page, lrs)
    assert lrs.verbs() == ["initialized", "terminated"]


def test_after_the_end_the_learner_goes_back_to_the_lms(lea, lrs, course):
    back = f"{course.address}/m02/index.html"
    page = lea.launch(returnURL=back)
    page.get_by_role("link", name="Modul beginnen").click()
    page.locator("[data-end]").click()
    page.wait_for_url(back)
    assert lrs.verbs()[-1] == "terminated"
    expect(page.locator("[data-band]")).to_contain_text("Fortschritt wird nicht gespeichert")
    assert form_of(page).count() == 0
