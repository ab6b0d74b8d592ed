"""Packages in a small LMS with a real SCORM run-time: learned, left in every way, resumed, graded."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Module
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF, Edition, Reporting, Wishes, plan_certification, plan_module
from tests.browser.packages import form_of, give, saved, served, take, to_quiz, unpack
from tests.browser.test_accessibility import look_at
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.content import ALL_KINDS, content_with_all_kinds

ROOT = Path(__file__).parents[2]
STATUS = {"1.2": "cmi.core.lesson_status", "2004": "cmi.success_status", "2004-3": "cmi.success_status"}
RAW = {"1.2": "cmi.core.score.raw", "2004": "cmi.score.raw", "2004-3": "cmi.score.raw"}


@dataclass(frozen=True)
class Lms:
    address: str
    module: Module

    def url(self, edition: str, package: str = "", **more: str) -> str:
        wishes = "".join(f"&{name}={value}" for name, value in more.items())
        return f"{self.address}/?edition={edition}&package={package or f'de-{edition}'}{wishes}"


@pytest.fixture(scope="module")
def lms(tmp_path_factory) -> Iterator[Lms]:
    folder = tmp_path_factory.mktemp("lms")
    runtime = ROOT / ".venv" / "scorm-again"
    subprocess.run([ROOT / "scripts" / "scorm_again.sh", runtime], check=True)
    ours = [*(ROOT / "tests/browser/scorm_lms").iterdir(), ROOT / "scorm_packages/preview/run_time.js"]
    for path in [*ours, *runtime.glob("*/dist/scorm*.min.js")]:
        shutil.copy(path, folder / path.name)
    content = content_with_all_kinds(tmp_path_factory.mktemp("content") / "content")
    catalogue = load_catalogue(content, MEDIA_PREFIX, page_href=PAGE_HREF)
    module = catalogue.modules[ALL_KINDS]
    other = next(second for second in catalogue.modules.values() if second is not module)
    rule = next(iter(catalogue.certifications.values()))
    for edition in (Edition.SCORM12, Edition.SCORM2004, Edition.SCORM2004_3RD):
        for language in ("de", "en"):
            wishes = Wishes(edition=edition, language=language, reporting=Reporting.PASSED_FAILED)
            unpack(archive.unpacked(build(plan_module(module, content, wishes)).data), folder / f"{language}-{edition}")
        course = plan_certification(rule, [module, other], content, Wishes(edition=edition))
        unpack(archive.unpacked(build(course).data), folder / f"course-{edition}")
        sign = plan_module(module, content, Wishes(edition=edition, thin="https://lernen.stadt.example/{module}"))
        unpack(archive.unpacked(build(sign).data), folder / f"sign-{edition}")
    with served(folder) as address:
        yield Lms(address, module)


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, locale="de-DE")
    context.set_default_timeout(30_000)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert faults == []


def _open(tab: Page, url: str) -> FrameLocator:
    tab.goto(url)
    sco = tab.frame_locator("#sco")
    expect(sco.locator("html")).to_have_class("live")
    return sco


def _refused(tab: Page) -> list[list[str]]:
    """Calls that the run-time did not like; an empty value that was asked for is none."""
    return [call for call in tab.evaluate("lms.calls") if call[0] != "get" and call[-1] != "0"]


@pytest.mark.parametrize("edition", ["1.2", "2004", "2004-3"])
def test_every_kind_of_question_right_passes_with_all_points(lms, tab, edition):
    sco = _open(tab, lms.url(edition))
    take(sco, lms.module, right_answer)
    expect(sco.locator("[data-outcome]")).to_contain_text("Bestanden – ")
    expect(sco.locator("[data-quiz-state]")).to_contain_text("Bestanden")
    expect(sco.locator(".review--right")).to_have_count(len(lms.module.quiz.questions))
    saved(sco)
    assert _refused(tab) == []
    kept = tab.evaluate("lms.kept")
    assert (kept[STATUS[edition]], kept[RAW[edition]]) == ("passed", "100.00")
    kinds = [value for name, value in kept.items() if re.search(r"interactions\.\d+\.type", name)]
    assert len(kinds) == len(lms.module.quiz.questions)
    sco.locator("[data-end]").click()
    expect(sco.locator("#end h1")).to_be_focused()
    assert tab.evaluate("lms.calls.at(-1)[0]") == "close"


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_failing_is_told_and_a_later_pass_is_never_taken_back(lms, tab, edition):
    sco = _open(tab, lms.url(edition))
    take(sco, lms.module, wrong_answer)
    expect(sco.locator("[data-outcome]")).to_contain_text("Noch nicht bestanden – 0 von")
    saved(sco)
    assert tab.evaluate(f"lms.kept['{STATUS[edition]}']") == "failed"
    for choose in (right_answer, wrong_answer):
        take(sco, lms.module, choose)
        saved(sco)
    kept = tab.evaluate("lms.kept")
    assert (kept[STATUS[edition]], kept[RAW[edition]]) == ("passed", "100.00")
    assert _refused(tab) == []


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_each_sco_of_a_certification_keeps_its_own_state_and_reports_its_own_status(lms, tab, edition):
    first, second = (lms.url(edition, f"course-{edition}/m0{number}") for number in (1, 2))
    sco = _open(tab, first)
    take(sco, lms.module, right_answer)
    saved(sco)
    sco = _open(tab, second)
    expect(sco.locator("[data-returned]")).to_be_hidden()
    expect(sco.locator("[data-quiz-state]")).not_to_contain_text("Bestanden")
    sco.get_by_role("link", name="Modul beginnen").click()
    saved(sco)
    assert _refused(tab) == []
    kept = tab.evaluate("lms.kept")
    assert (kept[STATUS[edition]], RAW[edition] in kept) == ("incomplete" if edition == "1.2" else "unknown", False)
    sco = _open(tab, first)
    expect(sco.locator("[data-quiz-state]")).to_contain_text("Bestanden")
    assert tab.evaluate(f"lms.kept['{STATUS[edition]}']") == "passed"
    sco = _open(tab, second)
    expect(sco.locator("[data-progress-words]")).to_contain_text("1 von")


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_a_signpost_leads_away_in_a_window_of_its_own_and_tells_the_lms_nothing(lms, tab, edition):
    tab.context.route("https://lernen.stadt.example/**", lambda route: route.fulfill(body="da"))
    tab.goto(lms.url(edition, f"sign-{edition}"))
    link = tab.frame_locator("#sco").get_by_role("link", name="Modul öffnen (neues Fenster)")
    with tab.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("body")).to_have_text("da")
    assert opened.value.url == f"https://lernen.stadt.example/{ALL_KINDS}"
    assert opened.value.evaluate("[opener, document.referrer]") == [None, ""]
    assert tab.evaluate("[lms.calls, lms.kept]") == [[], {}]


@pytest.mark.parametrize("width", [1100, 320])
def test_a_signpost_is_accessible(lms, tab, width):
    tab.set_viewport_size({"width": width, "height": 500})
    tab.goto(f"{lms.address}/sign-1.2/index.html")
    look_at(tab, "signpost")


def _leave_by_navigation(tab: Page) -> None:
    tab.goto("about:blank")


def _leave_by_removal(tab: Page) -> None:
    tab.evaluate("document.getElementById('sco').remove()")
    tab.wait_for_function("lms.calls.at(-1)[0] === 'close'")


def _leave_without_a_word(tab: Page) -> None:
    tab.evaluate("lms.refuse.add('close').add('set').add('commit')")
    tab.goto("about:blank")


@pytest.mark.parametrize("edition", ["1.2", "2004"])
@pytest.mark.parametrize("leave", [_leave_by_navigation, _leave_by_removal, _leave_without_a_word])
def test_whoever_leaves_goes_on_where_they_were(lms, tab, edition, leave):
    sco = _open(tab, lms.url(edition))
    sco.get_by_role("link", name="Modul beginnen").click()
    to_quiz(sco)
    first = form_of(sco).get_attribute("data-question")
    give(sco, lms.module, right_answer)
    sco.locator("#questions [data-quiz=next]").click()
    saved(sco)
    leave(tab)
    sco = _open(tab, lms.url(edition))
    expect(sco.locator("[data-returned]")).to_be_visible()
    expect(sco.locator("#questions h1")).to_have_text(f"Frage 2 von {len(lms.module.quiz.questions)}")
    expect(sco.locator("[data-progress-words]")).to_contain_text("1 von")
    sco.locator("#questions [data-quiz=back]").click()
    assert form_of(sco).get_attribute("data-question") == first
    expect(sco.locator(".overview__number--answered")).to_have_count(1)


def test_an_answer_typed_a_moment_before_the_window_closes_is_kept(lms, tab):
    sco = _open(tab, lms.url("1.2"))
    sco.get_by_role("link", name="Modul beginnen").click()
    tab.evaluate("document.getElementById('sco').remove()")
    tab.wait_for_function("lms.calls.at(-1)[0] === 'close'")
    assert tab.evaluate("lms.kept['cmi.core.lesson_location']") == "p0"
    assert tab.evaluate("lms.calls.at(-2)[1]") == "cmi.core.session_time"


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_the_lms_is_found_from_a_nested_frame_and_from_a_window(lms, tab, edition):
    tab.goto(lms.url(edition, place="nested"))
    inner = tab.frame_locator("#sco").frame_locator("iframe")
    saved(inner)
    tab.goto(lms.url(edition, place="window"))
    with tab.context.expect_page() as opened:
        tab.evaluate("lms.opened() && null")
    saved(opened.value)


def test_without_an_lms_everything_can_be_read_and_done_and_nobody_is_deceived(lms, tab):
    sco = _open(tab, lms.url("1.2", api="none"))
    expect(sco.locator("[data-band]")).to_contain_text("Fortschritt wird nicht gespeichert")
    expect(sco.locator("[data-end]")).to_be_hidden()
    take(sco, lms.module, right_answer)
    expect(sco.locator("[data-outcome]")).to_contain_text("Bestanden – ")


def test_a_package_unpacked_on_a_disk_can_be_read(lms, tab, tmp_path):
    content = content_with_all_kinds(tmp_path / "content")
    module = load_catalogue(content, MEDIA_PREFIX, page_href=PAGE_HREF).modules[ALL_KINDS]
    unpack(archive.unpacked(build(plan_module(module, content, Wishes())).data), tmp_path / "package")
    tab.goto((tmp_path / "package" / "index.html").as_uri())
    tab.get_by_role("link", name="Modul beginnen").click()
    expect(tab.locator("h1:visible")).to_have_text(module.pages[0].title)


def test_what_the_lms_refuses_is_shown_and_sent_when_it_listens_again(lms, tab):
    sco = _open(tab, lms.url("1.2"))
    tab.evaluate("lms.refuse.add('commit')")
    sco.get_by_role("link", name="Modul beginnen").click()
    expect(sco.locator("[data-alarm]")).to_be_visible()
    expect(sco.locator("[data-saved]")).to_have_text("Nicht gespeichert")
    sco.locator("[data-end]").click()
    expect(sco.locator("[data-alarm]")).to_be_focused()
    tab.evaluate("lms.refuse.clear()")
    sco.locator("[data-retry]").click()
    saved(sco)
    expect(sco.locator("[data-alarm]")).to_be_hidden()
    assert tab.evaluate("lms.kept['cmi.core.lesson_location']") == "p0"


def test_a_number_that_is_none_is_said_beside_the_field_and_keeps_the_learner_there(lms, tab):
    sco = _open(tab, lms.url("1.2"))
    to_quiz(sco)
    while form_of(sco).locator("fieldset").get_attribute("data-kind") != "numeric":
        sco.locator("#questions [data-quiz=next]").click()
    form_of(sco).locator("input[type=text]").fill("viele")
    sco.locator("#questions [data-quiz=next]").click()
    expect(form_of(sco).locator("[data-number-fault]")).to_be_visible()
    expect(form_of(sco).locator("input[type=text]")).to_be_focused()


def test_what_a_person_marks_is_shown_as_a_task_for_the_course(lms, tab):
    sco = _open(tab, lms.url("1.2"))
    sco.locator("[data-side] a[href='#task']").click()
    expect(sco.locator("#task")).to_contain_text("Geben Sie sie in Ihrem Kurs auf der Lernplattform ab")
    expect(sco.locator("#task")).to_contain_text(lms.module.assignment.title)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("width", [1100, 320])
def test_every_view_is_accessible_and_never_scrolls_sideways(lms, tab, language, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{lms.address}/{language}-1.2/index.html")
    look_at(tab, "start")
    for page in lms.module.pages:
        tab.evaluate(f"location.hash = 'page-{page.slug}'")
        expect(tab.locator(f"#page-{page.slug}")).to_be_visible()
        look_at(tab, page.slug)
    for view in ("task", "quiz"):
        tab.evaluate(f"location.hash = '{view}'")
        expect(tab.locator(f"#{view}")).to_be_visible()
        look_at(tab, view)
    tab.locator("[data-quiz=begin]").click()
    for _ in lms.module.quiz.questions:
        look_at(tab, form_of(tab).locator("fieldset").get_attribute("data-kind"))
        give(tab, lms.module, wrong_answer)
        tab.locator("#questions [data-quiz=next]").click()
    look_at(tab, "hand-in")
    tab.locator("[data-quiz=hand-in]").click()
    look_at(tab, "result")
