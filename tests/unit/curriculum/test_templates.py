"""The partials that the live tool and the offline packages share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import jinja2
import pytest

from lti_tool import curriculum
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Module
from tests.unit.curriculum.conftest import ContentFolder


@pytest.fixture
def templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(curriculum.__file__).parent / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    return environment


@pytest.fixture
def module(content: ContentFolder) -> Module:
    content.change("modules/wasser/module.yaml", "title: Wassergesetz", "title: Gesetz <Wasser>")
    return load_catalogue(content.path, today=date(2026, 11, 22)).modules["wasser"]


def call(templates: jinja2.Environment, file: str, macro: str, *args: object, **kwargs: object) -> str:
    return str(getattr(templates.get_template(f"curriculum/{file}").module, macro)(*args, **kwargs))


def test_a_page_shows_its_text_and_its_sources_with_their_date(templates: jinja2.Environment, module: Module) -> None:
    out = call(templates, "page_body.html", "page_body", module.pages[0], lambda day: f"{day:%d.%m.%Y}")
    assert module.pages[0].html in out
    assert 'href="https://example.org/gesetz" target="_blank" rel="noopener noreferrer">Gesetz &lt;Wasser&gt;' in out
    assert "Stand: 01.01.2026" in out
    assert "Stand dieser Seite: 01.11.2026" in out


def test_a_single_question_is_a_group_of_radio_buttons(templates: jinja2.Environment, module: Module) -> None:
    assert module.quiz
    out = call(templates, "question.html", "fieldset", module.quiz.questions[0], answer=("b",))
    assert '<legend class="question__prompt">Was misst ein <em>Pegel</em>?</legend>' in out
    assert 'type="radio" id="answer-b" name="answer" value="b" aria-describedby="hint-answer" checked>' in out
    assert '<label class="kern-label" for="answer-a">Wasser</label>' in out
    assert out.count("checked") == 1


def test_a_multiple_question_says_so_and_has_boxes(templates: jinja2.Environment, module: Module) -> None:
    assert module.quiz
    out = call(templates, "question.html", "fieldset", module.quiz.questions[1], name="answer-zwei")
    assert out.count('type="checkbox"') == 3
    assert "Mehrere Antworten können richtig sein." in out
    assert "2 Punkte" in out
