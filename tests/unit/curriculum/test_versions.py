from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Option, Question, QuestionKind, Quiz, Source, SourceKind
from lti_tool.curriculum.versions import module_version, quiz_from_json, quiz_to_json, quiz_version
from tests.factories.content import ALL_KINDS, content_with_all_kinds

sources = st.builds(
    Source, id=st.text(), title=st.text(), kind=st.sampled_from(SourceKind), stand=st.dates(), url=st.none() | st.text()
)
options = st.builds(Option, id=st.text(), html=st.text(), correct=st.booleans(), feedback_html=st.text())
questions = st.builds(
    Question,
    id=st.text(),
    kind=st.sampled_from(QuestionKind),
    prompt_html=st.text(),
    options=st.lists(options, max_size=3).map(tuple),
    points=st.integers(1, 10),
    explain_html=st.text(),
    source=sources,
    page=st.none() | st.text(),
)
quizzes = st.builds(
    Quiz,
    questions=st.lists(questions, max_size=3).map(tuple),
    pass_share=st.fractions(0, 1),
    attempts_limit=st.none() | st.integers(1, 9),
    version=st.text(),
)


@given(quizzes)
def test_a_stored_quiz_comes_back_exactly(quiz: Quiz) -> None:
    assert quiz_from_json(quiz_to_json(quiz)) == quiz


def test_every_kind_of_question_comes_back_exactly(tmp_path: Path) -> None:
    module = load_catalogue(content_with_all_kinds(tmp_path / "content")).modules[ALL_KINDS]
    for quiz in (module.quiz, module.assignment):
        assert quiz is not None
        assert quiz_from_json(quiz_to_json(quiz)) == quiz
    assert {question.kind for quiz in (module.quiz, module.assignment) if quiz for question in quiz.questions} == set(
        QuestionKind
    )


@given(quizzes)
def test_the_version_does_not_depend_on_the_version(quiz: Quiz) -> None:
    assert quiz_version(quiz) == quiz_version(replace(quiz, version="another"))
    assert len(quiz_version(quiz)) == 12


def test_the_stored_form_stays_readable_by_later_programs() -> None:
    """Attempts live for years: this text was written by the first version and must always be read the same."""
    stored = (
        '{"attempts_limit":null,"format":1,"pass_share":"3/5","questions":[{"explain_html":"<p>x</p>","id":"q",'
        '"kind":"single","options":[{"correct":true,"feedback_html":"ja","html":"a","id":"a"}],"page":"p","points":2,'
        '"prompt_html":"?","source":{"id":"s","kind":"gesetz","stand":"2026-01-01","title":"T","url":null}}],'
        '"version":"abc"}'
    )
    quiz = quiz_from_json(stored)
    assert quiz == Quiz(
        version="abc",
        pass_share=Fraction(3, 5),
        questions=(
            Question(
                id="q",
                kind=QuestionKind.SINGLE,
                prompt_html="?",
                points=2,
                explain_html="<p>x</p>",
                page="p",
                source=Source(id="s", title="T", kind=SourceKind.LAW, stand=date(2026, 1, 1)),
                options=(Option(id="a", html="a", correct=True, feedback_html="ja"),),
            ),
        ),
    )
    assert quiz_to_json(quiz) == stored


def test_a_newer_form_is_refused() -> None:
    with pytest.raises(ValueError, match="format 3"):
        quiz_from_json('{"format": 3}')


def test_a_modules_version_depends_on_names_and_bytes_but_not_on_order() -> None:
    assert module_version({"a": b"1", "b": b"2"}) == module_version({"b": b"2", "a": b"1"})
    assert module_version({"a": b"1", "b": b"2"}) != module_version({"a": b"12", "b": b""})
    assert module_version({"a": b"1"}) != module_version({"b": b"1"})
