"""One mark of a sheet changes, exactly, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from lti_tool.curriculum.questions import Option, Question, QuestionKind, Quiz
from lti_tool.curriculum.sources import Source, SourceKind
from lti_tool.curriculum.tasks import Criterion, Essay, Item, Numeric, Ordering, ShortText
from lti_tool.domain.grading import Verdict, grade
from lti_tool.domain.regrading import Change, Figures, may_have_another_key, read_change, regraded

SOURCE = Source(id="s", title="S", kind=SourceKind.LAW, stand=date(2026, 1, 1))


def question(name, kind, **more):
    return Question(id=name, kind=kind, prompt_html="?", points=2, explain_html="", source=SOURCE, **more)


def options(*right):
    return tuple(Option(id=name, html=name, correct=name in right, feedback_html="") for name in "abc")


SINGLE = question("single", QuestionKind.SINGLE, options=options("a"))
MULTIPLE = question("multiple", QuestionKind.MULTIPLE, options=options("a", "b"))
NUMBER = question("number", QuestionKind.NUMERIC, task=Numeric(answer=Fraction(72), unit="Stunden"))
TEXT = question("text", QuestionKind.TEXT, task=ShortText(accept=("Gemeinwohl",)))
ORDER = question("order", QuestionKind.ORDER, task=Ordering(items=(Item(id="x", html="x"), Item(id="y", html="y"))))
ESSAY = question("essay", QuestionKind.ESSAY, task=Essay(rubric=(Criterion(id="c", text="C", points=2),)))
QUIZ = Quiz(questions=(SINGLE, MULTIPLE, NUMBER, TEXT, ORDER, ESSAY), pass_share=Fraction(1, 2))
ANSWERS = {
    "single": ("b",),
    "multiple": ("a", "b"),
    "number": ("71",),
    "text": ("Wohlfahrt",),
    "order": ("y", "x"),
    "essay": ("Ein Text.",),
}
SHEET = grade(QUIZ, ANSWERS)


def after(asked, change):
    return regraded(SHEET, asked, change, ANSWERS[asked.id], QUIZ.pass_share)


@pytest.mark.parametrize("asked", QUIZ.questions, ids=lambda one: one.id)
def test_set_aside_gives_full_points_for_one_question_and_leaves_the_others(asked):
    sheet = after(asked, Change())
    assert sheet.mark(asked.id).points == 2
    assert sheet.mark(asked.id).verdict is Verdict.RIGHT
    others = [mark for mark in sheet.marks if mark.question_id != asked.id]
    assert others == [mark for mark in SHEET.marks if mark.question_id != asked.id]
    assert sheet.maximum == SHEET.maximum
    assert sheet.points >= SHEET.points


@pytest.mark.parametrize(
    ("asked", "form", "points"),
    [
        (SINGLE, {"option": ["b"]}, 2),
        (SINGLE, {"option": ["c"]}, 0),
        (MULTIPLE, {"option": ["a"]}, 0),
        (MULTIPLE, {"option": ["a", "b", "c"]}, Fraction(4, 3)),
        (NUMBER, {"answer": ["71"], "tolerance": ["0"]}, 2),
        (NUMBER, {"answer": ["72 Stunden"], "tolerance": ["1"]}, 2),
        (NUMBER, {"answer": ["74"], "tolerance": [""]}, 0),
        (TEXT, {"accept": ["Gemeinwohl\n\n wohlfahrt \n"]}, 2),
    ],
)
def test_another_key_is_applied_to_what_was_answered(asked, form, points):
    assert after(asked, read_change(asked, form)).mark(asked.id).points == points


def test_the_author_s_key_brings_back_what_was():
    changed = after(SINGLE, Change())
    assert regraded(changed, SINGLE, Change(restores=True), ("b",), QUIZ.pass_share) == SHEET


def test_what_was_not_answered_stays_so_under_another_key():
    blank = grade(QUIZ, {})
    sheet = regraded(blank, SINGLE, Change(options=("b",)), (), QUIZ.pass_share)
    assert sheet.mark("single").verdict is Verdict.UNANSWERED


def test_a_question_that_was_not_asked_changes_nothing():
    assert regraded(SHEET, replace(SINGLE, id="other"), Change(), (), QUIZ.pass_share) is SHEET


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        (SINGLE, {}),
        (SINGLE, {"option": ["a", "b"]}),
        (SINGLE, {"option": ["x"]}),
        (NUMBER, {"answer": ["viele"]}),
        (NUMBER, {"answer": ["72"], "tolerance": ["-1"]}),
        (NUMBER, {}),
        (TEXT, {"accept": ["\n "]}),
        (TEXT, {"accept": ["x" * 201]}),
        (TEXT, {"accept": ["\n".join(map(str, range(21)))]}),
    ],
)
def test_what_is_no_key_is_refused(asked, form):
    with pytest.raises(ValueError):
        read_change(asked, form)


@pytest.mark.parametrize(
    ("asked", "change"),
    [
        (ORDER, Change(options=("x",))),
        (SINGLE, Change(options=("x",))),
        (NUMBER, Change(accept=("72",))),
        (ESSAY, Change(restores=True)),
    ],
)
def test_a_key_of_another_kind_does_not_fit(asked, change):
    with pytest.raises(ValueError):
        after(asked, change)


def test_only_choices_numbers_and_short_texts_have_a_key_to_correct():
    assert [one.id for one in QUIZ.questions if may_have_another_key(one)] == ["single", "multiple", "number", "text"]


@pytest.mark.parametrize(
    "change", [Change(), Change(restores=True), Change(("a",)), Change(number=(Fraction(1, 3), Fraction(0)))]
)
def test_a_change_is_stored_exactly(change):
    assert Change.from_json(change.to_json()) == change


def test_figures_count_steps_passes_and_fails():
    low, high = after(MULTIPLE, Change(("c",))), after(SINGLE, Change())
    figures = Figures().with_one(SHEET, high).with_one(high, SHEET).with_one(SHEET, SHEET).with_one(SHEET, low)
    assert dict(figures.steps) == {Fraction(2): 1, Fraction(-2): 2}
    assert figures.changed == 3
    assert Figures.from_json(figures.to_json()) == figures
    assert Figures.from_json({}) == Figures()
