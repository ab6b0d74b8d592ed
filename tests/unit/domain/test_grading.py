from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.model import Question, Quiz
from lti_tool.curriculum.spelling import same_spelling
from lti_tool.domain.answers import BadAnswer, is_answered, parse_answer
from lti_tool.domain.grading import GradeSheet, Verdict, grade, round_points
from lti_tool.domain.numerals import read_number
from tests.factories.questions import question, quiz

FOLDER = Path(__file__).parents[2] / "cases"


def cases(name: str) -> list[dict]:
    return json.loads((FOLDER / name).read_text("utf-8"))["cases"]


CASES = cases("grading.json") + cases("grading_kinds.json")
TASKS = {
    "numeric": {"answer": "72", "tolerance": "3"},
    "text": {"accept": ["Gemeinwohl"]},
    "gaps": {
        "pieces": ["a", "b", "c", "d"],
        "gaps": [
            {"id": "x", "kind": "choice", "options": ["p", "q"], "accept": ["p"], "number": None},
            {"id": "y", "kind": "text", "options": [], "accept": ["wort"], "number": None},
            {
                "id": "z",
                "kind": "number",
                "options": [],
                "accept": [],
                "number": {"answer": "5", "tolerance": "0", "unit": None},
            },
        ],
    },
    "order": {"items": [{"id": name, "html": name} for name in "abcd"], "shown": []},
    "match": {
        "pairs": [{"id": name, "left_html": name, "right": name.upper()} for name in "abc"],
        "distractors": ["Z"],
        "shown": [],
    },
    "essay": {"rubric": [{"id": "k", "text": "K", "points": 4, "hint": None}], "words": None, "snippets": []},
    "file": {
        "rubric": [{"id": "k", "text": "K", "points": 4, "hint": None}],
        "snippets": [],
        "types": ["pdf"],
        "max_mib": 1,
    },
}
VALUES = {
    "numeric": [["72"], ["75"], ["76"], ["1,5"]],
    "text": [["gemeinwohl"], ["x"]],
    "gaps": [[x, y, z] for x in ("", "p", "q") for y in ("", "Wort", "x") for z in ("", "5", "6")],
    "order": [list("abcd"), list("dcba"), list("abdc")],
    "match": [[a, b, c] for a in ("", "A", "Z") for b in ("B", "A") for c in ("", "C")],
    "essay": [["Ein Text"]],
    "file": [["0198"]],
}  # fmt: skip


@st.composite
def multiple_questions(draw: st.DrawFn) -> dict:
    options = list("abcdef")[: draw(st.integers(2, 6))]
    correct = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
    return {"id": "q", "kind": "multiple", "points": draw(st.integers(1, 9)), "options": options, "correct": correct}


@st.composite
def answered_questions(draw: st.DrawFn, name: str) -> tuple[dict, tuple[str, ...]]:
    kind = draw(st.sampled_from(["multiple", "single", *TASKS]))
    if kind in TASKS:
        answers = st.sampled_from([[], *VALUES[kind]])
        return {"id": name, "kind": kind, "points": draw(st.integers(1, 9)), "task": TASKS[kind]}, tuple(draw(answers))
    drawn = draw(multiple_questions()) | {"id": name, "kind": kind}
    if kind == "single":
        drawn["correct"] = drawn["correct"][:1]
    most = 1 if kind == "single" else None
    return drawn, tuple(draw(st.lists(st.sampled_from(drawn["options"]), unique=True, max_size=most)))


@st.composite
def answered_quizzes(draw: st.DrawFn) -> tuple[Quiz, dict[str, tuple[str, ...]]]:
    drawn = [draw(answered_questions(f"q{number}")) for number in range(draw(st.integers(1, 5)))]
    share = draw(st.fractions("1/10", 1))
    asked = quiz(*(one for one, _ in drawn), pass_share=str(share))
    return asked, {one["id"]: answer for one, answer in drawn}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_grading_vectors(case: dict) -> None:
    asked = quiz(*case["questions"], pass_share=case["pass_share"])
    sheet = grade(asked, {name: tuple(given) for name, given in case["answers"].items()})
    expected = case["expect"]
    marks = [{"question": m.question_id, "points": str(m.points), "verdict": m.verdict} for m in sheet.marks]
    assert marks == expected["marks"]
    assert (str(sheet.points), sheet.maximum) == (expected["points"], expected["maximum"])
    assert (str(sheet.share), sheet.passed) == (expected["share"], expected["passed"])
    assert sheet.pending is any(mark["verdict"] == "pending" for mark in marks)


@pytest.mark.parametrize("case", cases("numbers.json"), ids=lambda case: case["name"])
def test_the_number_vectors(case: dict) -> None:
    if case["value"] is None:
        with pytest.raises(ValueError, match="not a number"):
            read_number(case["typed"], case.get("unit"))
    else:
        assert str(read_number(case["typed"], case.get("unit"))) == case["value"]


@pytest.mark.parametrize("case", cases("spelling.json"), ids=lambda case: case["name"])
def test_the_spelling_vectors(case: dict) -> None:
    assert same_spelling(case["typed"], case["accepted"]) is case["same"]


def test_there_are_enough_vectors_for_a_second_grader() -> None:
    assert len(CASES) + len(cases("numbers.json")) + len(cases("spelling.json")) >= 300


@given(answered_quizzes())
def test_points_are_never_negative_and_never_above_the_maximum(
    drawn: tuple[Quiz, dict[str, tuple[str, ...]]],
) -> None:
    asked, answers = drawn
    sheet = grade(asked, answers)
    assert all(0 <= mark.points <= mark.maximum for mark in sheet.marks)
    assert 0 <= sheet.points <= sheet.maximum
    assert 0 <= sheet.share <= 1


@given(answered_quizzes(), st.randoms(use_true_random=False))
def test_the_order_of_choices_and_of_answers_does_not_matter(drawn, random) -> None:
    asked, answers = drawn
    choices = {one.id for one in asked.questions if one.options}
    shuffled = {
        name: tuple(random.sample(given, len(given))) if name in choices else given for name, given in answers.items()
    }
    again = dict(random.sample(list(shuffled.items()), len(shuffled)))
    assert grade(asked, again) == grade(asked, answers)


@given(multiple_questions(), st.data())
def test_one_more_right_choice_never_lowers_and_one_more_wrong_never_raises(drawn: dict, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(drawn["options"]), unique=True, max_size=len(drawn["options"]) - 1))
    added = data.draw(st.sampled_from([name for name in drawn["options"] if name not in chosen]))
    asked = quiz(drawn)
    before = grade(asked, {"q": tuple(chosen)}).share
    after = grade(asked, {"q": (*chosen, added)}).share
    assert after >= before if added in drawn["correct"] else after <= before


@given(st.data())
def test_one_more_right_part_never_lowers(data: st.DataObject) -> None:
    right = {"gaps": ["p", "wort", "5"], "match": ["A", "B", "C"]}
    kind = data.draw(st.sampled_from(sorted(right)))
    asked = quiz({"id": "q", "kind": kind, "points": data.draw(st.integers(1, 9)), "task": TASKS[kind]})
    given = data.draw(st.sampled_from(VALUES[kind]))
    at = data.draw(st.integers(0, len(given) - 1))
    mended = [*given[:at], right[kind][at], *given[at + 1 :]]
    assert grade(asked, {"q": tuple(mended)}).share >= grade(asked, {"q": tuple(given)}).share


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
    asked = quiz({"id": "q", "kind": "multiple", "options": list("abcd"), "correct": list("abc")}, pass_share="2/3")
    assert grade(asked, {"q": ("a", "b")}).passed
    assert not grade(asked, {"q": ("a",)}).passed


def test_a_sheet_finds_a_questions_mark() -> None:
    sheet = grade(quiz({"id": "q", "kind": "single", "points": 2, "options": ["a", "b"], "correct": ["a"]}), {})
    mark = sheet.mark("q")
    assert mark is not None
    assert (mark.verdict, mark.rounded) == (Verdict.UNANSWERED, Decimal("0.00"))
    assert sheet.mark("x") is None


def test_an_answer_to_a_question_of_another_quiz_is_refused() -> None:
    asked = quiz({"id": "q", "kind": "single", "options": ["a", "b"], "correct": ["a"]})
    with pytest.raises(ValueError, match="no such question: x"):
        grade(asked, {"x": ("a",)})
    with pytest.raises(ValueError, match="no such option"):
        grade(asked, {"q": ("z",)})


SINGLE = question(id="q", kind="single", options=["a", "b", "c"], correct=["a"])
MULTIPLE = question(id="q", kind="multiple", options=["a", "b", "c"], correct=["a", "b"])
ASKED = {kind: question(id="q", kind=kind, task=task) for kind, task in TASKS.items()}


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
        (MULTIPLE, [""], ()),
        (ASKED["numeric"], [" 72 "], ("72",)),
        (ASKED["numeric"], [" "], ()),
        (ASKED["text"], ["  Gemeinwohl\n"], ("Gemeinwohl",)),
        (ASKED["gaps"], ["", " wort ", ""], ("", "wort", "")),
        (ASKED["gaps"], ["", "", ""], ()),
        (ASKED["order"], ["d", "c", "b", "a"], ("d", "c", "b", "a")),
        (ASKED["match"], ["A", "", "Z"], ("A", "", "Z")),
        (ASKED["essay"], ["eins\r\nzwei "], ("eins\nzwei",)),
    ],
)
def test_what_a_browser_sends_becomes_an_answer(asked: Question, raw: object, answer: tuple[str, ...]) -> None:
    assert parse_answer(asked, raw) == answer


@pytest.mark.parametrize(
    ("asked", "raw"),
    [(SINGLE, ["a", "b"]), (SINGLE, "z"), (MULTIPLE, ["a", "z"]), (MULTIPLE, 1), (MULTIPLE, [1]), (MULTIPLE, {"a": 1}),
     (MULTIPLE, [["a"]]), (MULTIPLE, True), (ASKED["numeric"], float("nan")), (ASKED["numeric"], ["1", "2"]),
     (ASKED["text"], ["x" * 201]), (ASKED["text"], ["a\0b"]), (ASKED["gaps"], ["p"]), (ASKED["gaps"], ["x", "", ""]),
     (ASKED["order"], ["a", "b"]), (ASKED["order"], ["a", "a", "b", "c"]), (ASKED["order"], ["a", "b", "c", "x"]),
     (ASKED["match"], ["A"]), (ASKED["match"], ["A", "B", "Y"]), (ASKED["essay"], ["x" * 50_001]),
     (ASKED["essay"], ["a", "b"])],
)  # fmt: skip
def test_what_is_no_answer_is_refused(asked: Question, raw: object) -> None:
    with pytest.raises(BadAnswer) as refused:
        parse_answer(asked, raw)
    assert not refused.value.number


@pytest.mark.parametrize(("asked", "raw"), [(ASKED["numeric"], ["NaN"]), (ASKED["gaps"], ["", "", "drei"])])
def test_a_word_in_place_of_a_number_is_told_apart(asked: Question, raw: object) -> None:
    with pytest.raises(BadAnswer) as refused:
        parse_answer(asked, raw)
    assert refused.value.number


def test_a_question_is_answered_when_all_its_parts_are() -> None:
    assert is_answered(ASKED["gaps"], ("p", "wort", "5"))
    assert not is_answered(ASKED["gaps"], ("p", "", "5"))
    assert not is_answered(ASKED["match"], ())
    assert is_answered(SINGLE, ("a",))
