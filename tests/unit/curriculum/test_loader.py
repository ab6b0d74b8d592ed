from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import lti_tool
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Severity
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Module, QuestionKind, SourceKind
from lti_tool.curriculum.versions import quiz_version
from lti_tool.domain.drawing import draw
from tests.unit.curriculum.conftest import SVG, ContentFolder

STARTER = Path(lti_tool.__file__).parent / "content"
TODAY = date(2026, 11, 22)
TAUGHT = load_catalogue(STARTER, today=TODAY).modules


def test_a_module_carries_what_its_files_say(content: ContentFolder) -> None:
    catalogue = load_catalogue(content.path, today=TODAY)
    module = catalogue.module("wasser")
    assert module is not None
    assert (module.title, module.minutes, module.language) == ("Wasser", 30, "de")
    assert dict(module.competences) == {"SC-11": 2}
    assert module.review_due == date(2027, 11, 1)
    assert module.sources[0].kind is SourceKind.LAW
    assert module.media == {"pegel.svg"}
    assert [(page.slug, page.required, page.stand) for page in module.pages] == [
        ("pegel", True, date(2026, 11, 1)),
        ("regen", False, date(2026, 10, 1)),
    ]
    assert [page.slug for page in module.required_pages] == ["pegel"]
    assert module.quiz is not None
    assert (module.quiz.pass_share, module.quiz.attempts_limit, module.quiz.maximum) == (Fraction(3, 5), 3, 3)
    first, second = module.quiz.questions
    assert (first.kind, first.prompt_html, first.page) == (
        QuestionKind.SINGLE,
        "Was misst ein <em>Pegel</em>?",
        "pegel",
    )
    assert (second.kind, second.points, second.correct) == (QuestionKind.MULTIPLE, 2, {"a", "b"})
    assert first.explain_html == "<p>Ein Pegel misst den Wasserstand.</p>"


def test_pages_know_their_neighbours(content: ContentFolder) -> None:
    module = load_catalogue(content.path, today=TODAY).modules["wasser"]
    first, second = module.pages
    assert module.neighbours("pegel") == (None, second)
    assert module.neighbours("regen") == (first, None)
    with pytest.raises(KeyError):
        module.neighbours("schnee")
    assert module.page("schnee") is None


def test_announced_modules_are_named_but_not_learned(content: ContentFolder) -> None:
    catalogue = load_catalogue(content.path, today=TODAY)
    assert list(catalogue.modules) == ["wasser"]
    assert catalogue.planned["energie"].title == "Energie"
    assert catalogue.module("energie") is None
    certification = catalogue.certification("probe")
    assert certification is not None
    assert certification.module_ids == ("wasser", "energie")


def test_media_and_page_addresses_follow_the_surface(content: ContentFolder) -> None:
    module = load_catalogue(content.path, "../media", page_href="{slug}.html", today=TODAY).modules["wasser"]
    assert f'src="../media/wasser/{module.version}/pegel.svg"' in module.pages[0].html
    assert 'href="regen.html"' in module.pages[0].html


def test_the_modules_version_follows_every_file(content: ContentFolder) -> None:
    seen = {load_catalogue(content.path, today=TODAY).modules["wasser"].version}
    for file, old, new in (
        ("modules/wasser/module.yaml", "Testinstitut", "Anderes Institut"),
        ("modules/wasser/pages/02-regen.md", "Es regnet.", "Es schneit."),
        ("modules/wasser/quiz.yaml", "Gründächer", "Dächer"),
        ("modules/wasser/media/pegel.svg", 'height="9"', 'height="8"'),
    ):
        content.change(file, old, new)
        seen.add(load_catalogue(content.path, today=TODAY).modules["wasser"].version)
    content.write("modules/wasser/media/neu.svg", SVG)
    seen.add(load_catalogue(content.path, today=TODAY).modules["wasser"].version)
    assert len(seen) == 6
    assert all(len(version) == 12 for version in seen)


def test_the_quizs_version_follows_the_quiz_alone(content: ContentFolder) -> None:
    before = load_catalogue(content.path, today=TODAY).modules["wasser"].quiz
    content.change("modules/wasser/pages/02-regen.md", "Es regnet.", "Es schneit.")
    same = load_catalogue(content.path, today=TODAY).modules["wasser"].quiz
    content.change("modules/wasser/quiz.yaml", "feedback: Nein.", "feedback: Leider nein.")
    after = load_catalogue(content.path, today=TODAY).modules["wasser"].quiz
    assert before is not None
    assert before == same != after
    assert before.version == quiz_version(before)


def test_a_module_may_have_no_quiz(content: ContentFolder) -> None:
    content.remove("modules/wasser/quiz.yaml")
    assert load_catalogue(content.path, today=TODAY).modules["wasser"].quiz is None


def test_files_from_windows_and_hidden_files_are_read_well(content: ContentFolder) -> None:
    plain = load_catalogue(content.path, today=TODAY).modules["wasser"].pages
    page = content.path / "modules/wasser/pages/01-pegel.md"
    content.write("modules/wasser/pages/01-pegel.md", b"\xef\xbb\xbf" + page.read_bytes().replace(b"\n", b"\r\n"))
    content.write("modules/wasser/pages/.01-pegel.md.swp", b"\x00")
    content.write(".DS_Store", b"\x00")
    windows = load_catalogue(content.path, today=TODAY).modules["wasser"].pages
    assert [p.slug for p in windows] == [p.slug for p in plain]
    assert "<strong>Pegel</strong>" in windows[0].html


def test_the_starter_content_has_neither_errors_nor_warnings() -> None:
    assert [str(p) for p in check(STARTER, today=TODAY) if p.severity is not Severity.HINT] == []


def test_the_starter_content_is_complete() -> None:
    catalogue = load_catalogue(STARTER, today=TODAY)
    assert len(catalogue.certifications["manager"].required) == 12
    assert catalogue.modules["smart-city-verstehen-en"].language == "en"
    assert set(catalogue.certifications) == {"manager", "lotse"}
    for certification in catalogue.certifications.values():
        assert "Musterlehrgang" in certification.title
        assert "fiktiv" in certification.issuer
    for module_id in ("umsetzen-transfer", "abschlussprojekt"):
        assert catalogue.modules[module_id].assignment is not None


@pytest.mark.parametrize("module", TAUGHT.values(), ids=TAUGHT)
def test_each_starter_module_is_full_length(module: Module) -> None:
    assert module.licence == "CC BY 4.0"
    for page in module.pages:
        assert 'class="practice"' in page.html, page.slug
        assert "<table" in page.html or "<figure" in page.html, page.slug
        assert len(re.sub(r"<[^>]*>", " ", page.html).split()) >= 250, page.slug
    assert sum(page.html.count("<figure") for page in module.pages) >= 2
    if module.id == "abschlussprojekt":
        return
    assert module.quiz is not None
    assert len(module.pages) == 6
    assert len(draw(module.quiz, seed=1)) >= 8
    assert all(question.page for question in module.quiz.questions)


def test_legal_pages_say_that_they_are_no_legal_advice() -> None:
    pages = load_catalogue(STARTER, today=TODAY).modules["datenrecht"].pages
    assert all("Keine Rechtsberatung; maßgeblich ist der Gesetzestext." in page.html for page in pages)


def test_no_markdown_is_left_over_in_the_starter_pages() -> None:
    for module in load_catalogue(STARTER, today=TODAY).modules.values():
        for page in module.pages:
            assert "**" not in page.html
            assert ":::" not in page.html
