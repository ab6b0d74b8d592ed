from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.model import Option, Question, QuestionKind, Quiz, Source, SourceKind
from lti_tool.domain.grading import GradeSheet, Verdict, grade, parse_answer, round_points

CASES = json.loads((Path(__file__).parents[2] / "cases/grading.json").read_text("utf-8"))["cases"]
SOURCE = Source(id="s", title="Quelle", kind=SourceKind.WEB, stand=date(2026, 1, 1))


def question(id: str, kind: str, points: int, options: list[str], correct: list[str]) -> Question:  # noqa: A002 -- the vectors' own word
    return Question(
        id=id,
        kind=QuestionKind(kind),
        prompt_html="?",
        options=tuple(Option(id=o, html=o, correct=o in correct, feedback_html="") for o in options),
        points=points,
        explain_html="",
        source=SOURCE,
    )


@st.composite
def multiple_questions(draw: st.DrawFn) -> Question:
    options = list("abcdef")[: draw(st.integers(2, 6))]
    correct = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
    return question("q", "multiple", draw(st.integers(1, 9)), options, correct)


@st.composite
def answered_quizzes(draw: st.DrawFn) -> tuple[Quiz, dict[str, tuple[str, ...]]]:
    questions, answers = [], {}
    for number in range(draw(st.integers(1, 5))):
        drawn = draw(multiple_questions())
        ids = [option.id for option in drawn.options]
        kind = draw(st.sampled_from(QuestionKind))
        correct = sorted(drawn.correct)[:1] if kind is QuestionKind.SINGLE else sorted(drawn.correct)
        questions.append(question(f"q{number}", kind, drawn.points, ids, correct))
        most = 1 if kind is QuestionKind.SINGLE else len(ids)
        answers[f"q{number}"] = tuple(draw(st.lists(st.sampled_from(ids), unique=True, max_size=most)))
    return Quiz(questions=tuple(questions), pass_share=draw(st.fractions("1/10", 1))), answers


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_grading_vectors(case: dict) -> None:
    quiz = Quiz(questions=tuple(question(**q) for q in case["questions"]), pass_share=Fraction(case["pass_share"]))
    sheet = grade(quiz, {name: tuple(chosen) for name, chosen in case["answers"].items()})
    expected = case["expect"]
    marks = [{"question": m.question_id, "points": str(m.points), "verdict": m.verdict} for m in sheet.marks]
    assert marks == expected["marks"]
    assert (str(sheet.points), sheet.maximum) == (expected["points"], expected["maximum"])
    assert (str(sheet.share), sheet.passed) == (expected["share"], expected["passed"])


def test_there_are_enough_vectors_for_a_second_grader() -> None:
    assert len(CASES) >= 60


@given(answered_quizzes())
def test_points_are_never_negative_and_never_above_the_maximum(
    drawn: tuple[Quiz, dict[str, tuple[str, ...]]],
) -> None:
    quiz, answers = drawn
    sheet = grade(quiz, answers)
    assert all(0 <= mark.points <= mark.maximum for mark in sheet.marks)
    assert 0 <= sheet.points <= sheet.maximum
    assert 0 <= sheet.share <= 1


@given(answered_quizzes(), st.randoms(use_true_random=False))
def test_the_order_of_choices_and_of_answers_does_not_matter(drawn, random) -> None:
    quiz, answers = drawn
    shuffled = {name: tuple(random.sample(chosen, len(chosen))) for name, chosen in answers.items()}
    again = dict(random.sample(list(shuffled.items()), len(shuffled)))
    assert grade(quiz, again) == grade(quiz, answers)


@given(multiple_questions(), st.data())
def test_one_more_right_choice_never_lowers_and_one_more_wrong_never_raises(
    drawn: Question, data: st.DataObject
) -> None:
    ids = [option.id for option in drawn.options]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(ids) - 1))
    added = data.draw(st.sampled_from([name for name in ids if name not in chosen]))
    quiz = Quiz(questions=(drawn,))
    before = grade(quiz, {"q": tuple(chosen)}).share
    after = grade(quiz, {"q": (*chosen, added)}).share
    assert after >= before if added in drawn.correct else after <= before


@given(answered_quizzes())
def test_a_stored_sheet_comes_back_exactly(drawn: tuple[Quiz, dict[str, tuple[str, ...]]]) -> None:
    sheet = grade(*drawn)
    assert GradeSheet.from_json(json.loads(json.dumps(sheet.to_json()))) == sheet


@given(st.fractions(0, 1000))
def test_rounding_is_off_by_at_most_half_a_hundredth_and_halves_go_up(points: Fraction) -> None:
    off = Fraction(round_points(points)) - points
    assert Fraction(-1, 200) < off <= Fraction(1, 200)


def test_halves_go_up_where_decimals_would_have_rounded_twice() -> None:
    assert round_points(Fraction(1, 8)) == Decimal("0.13")
    assert round_points(Fraction(124999999999999999999999999999999999, 10**36)) == Decimal("0.12")


def test_the_pass_mark_is_judged_by_the_exact_share() -> None:
    quiz = Quiz(questions=(question("q", "multiple", 1, list("abcd"), list("abc")),), pass_share=Fraction(2, 3))
    assert grade(quiz, {"q": ("a", "b")}).passed
    assert not grade(quiz, {"q": ("a",)}).passed


def test_a_sheet_finds_a_questions_mark() -> None:
    sheet = grade(Quiz(questions=(question("q", "single", 2, ["a", "b"], ["a"]),)), {})
    mark = sheet.mark("q")
    assert mark is not None
    assert (mark.verdict, mark.rounded) == (Verdict.UNANSWERED, Decimal("0.00"))
    assert sheet.mark("x") is None


def test_an_answer_to_a_question_of_another_quiz_is_refused() -> None:
    quiz = Quiz(questions=(question("q", "single", 1, ["a", "b"], ["a"]),))
    with pytest.raises(ValueError, match="no such question: x"):
        grade(quiz, {"x": ("a",)})
    with pytest.raises(ValueError, match="no such option"):
        grade(quiz, {"q": ("z",)})


SINGLE = question("q", "single", 1, ["a", "b", "c"], ["a"])
MULTIPLE = question("q", "multiple", 1, ["a", "b", "c"], ["a", "b"])


@pytest.mark.parametrize(
    ("asked", "raw", "answer"),
    [
        (SINGLE, None, ()),
        (SINGLE, "", ()),
        (SINGLE, [], ()),
        (SINGLE, "b", ("b",)),
        (SINGLE, ["b", "b"], ("b",)),
        (MULTIPLE, ["c", "a"], ("a", "c")),
        (MULTIPLE, ("b",), ("b",)),
    ],
)
def test_what_a_browser_sends_becomes_an_answer(asked: Question, raw: object, answer: tuple[str, ...]) -> None:
    assert parse_answer(asked, raw) == answer


@pytest.mark.parametrize(
    ("asked", "raw"),
    [(SINGLE, ["a", "b"]), (SINGLE, "z"), (MULTIPLE, ["a", "z"]), (MULTIPLE, 1), (MULTIPLE, [1]), (MULTIPLE, {"a": 1}),
     (MULTIPLE, [["a"]]), (MULTIPLE, True), (MULTIPLE, [""])],
)  # fmt: skip
def test_what_is_no_answer_is_refused(asked: Question, raw: object) -> None:
    with pytest.raises(ValueError):
        parse_answer(asked, raw)
