"""A packed quiz hides what is right, grades as the tool does, and fits into what an LMS keeps."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lti_tool.curriculum.questions import MARKED_BY_A_PERSON, ReviewMode
from scorm_packages.errors import PackageError
from scorm_packages.language import language
from scorm_packages.quizzes import packed_quiz
from scorm_packages.suspension import LIMIT, longest_state, typed_limit
from tests.factories.questions import quiz
from tests.unit.scorm_packages.conftest import CASES

GERMAN = language("de")


def _cases():
    for file in ("grading.json", "grading_kinds.json"):
        for case in json.loads((CASES / file).read_text(encoding="utf-8"))["cases"]:
            if not any(question["kind"] in MARKED_BY_A_PERSON for question in case["questions"]):
                yield case


def _packed(made, module):
    return packed_quiz(made, module, GERMAN)


def _given(case, module):
    names = {question["id"]: f"q{at}" for at, question in enumerate(case["questions"], 1)}
    made = quiz(*case["questions"], pass_share=case["pass_share"])
    answers = {names[key]: answer for key, answer in case["answers"].items()}
    return {"quiz": _packed(made, module), "answers": answers}


def test_the_player_grades_every_case_as_the_tool_does(node, module):
    cases = list(_cases())
    found = node("sealed_cases.mjs", cases=[_given(case, module) for case in cases])
    for case, sheet in zip(cases, found["sheets"], strict=True):
        expected = {key: case["expect"][key] for key in ("points", "maximum", "share", "passed")}
        marks = [{"points": mark["points"], "verdict": mark["verdict"]} for mark in case["expect"]["marks"]]
        assert sheet == expected | {"marks": marks}, case["name"]
    assert len(cases) >= 200


def test_answers_come_back_from_the_saved_state_as_they_were_given(node, module):
    cases = list(_cases())
    given = [_given(case, module) for case in cases]
    found = node("sealed_cases.mjs", cases=given)
    for case, one, back in zip(cases, given, found["resumed"], strict=True):
        for name, answer in one["answers"].items():
            kept = answer if any(answer) else []
            assert sorted(back["answers"][name]) == sorted(kept), case["name"]
        assert back["text"].isascii()


def test_nothing_right_can_be_read_in_a_packed_quiz():
    made = quiz(
        {"id": "t", "kind": "text", "task": {"accept": ["Gemeinwohl"]}, "explain_html": "Das Gemeinwohl zählt."},
        {"id": "n", "kind": "numeric", "task": {"answer": "7241", "tolerance": "0"}},
        {"id": "r", "kind": "numeric", "task": {"answer": "5318", "tolerance": "2"}},
        {"id": "c", "kind": "single", "options": ["ja", "nein"], "correct": ["ja"]},
    )
    text = json.dumps(_packed(made, _Module()), ensure_ascii=False)
    for secret in ("Gemeinwohl", "gemeinwohl", "7241", "5318", "correct"):
        assert secret not in text


class _Module:
    id, version = "m", "v"

    def page(self, _slug):
        return None


@pytest.mark.parametrize("mode", [ReviewMode.MARKS, ReviewMode.RESULT])
def test_a_quiz_that_shows_no_solutions_packs_none(mode):
    made = quiz({"id": "c", "kind": "single", "options": ["ja", "nein"], "correct": ["ja"]})
    packed = _packed(replace(made, review=mode), _Module())
    assert "sealed" not in packed["questions"][0]


ONE_OF_EACH = (
    {"id": "a", "kind": "multiple", "options": [f"o{at}" for at in range(8)], "correct": ["o1"]},
    {"id": "b", "kind": "text", "task": {"accept": ["x"]}},
    {"id": "c", "kind": "numeric", "task": {"answer": "1", "unit": "Stunden"}},
    {
        "id": "d",
        "kind": "gaps",
        "task": {
            "pieces": ["", "", "", ""],
            "gaps": [
                {"id": "g1", "kind": "text", "accept": ["x"]},
                {"id": "g2", "kind": "choice", "options": ["eins", "zwei"], "accept": ["eins"]},
                {"id": "g3", "kind": "number", "number": {"answer": "1"}},
            ],
        },
    },
    {"id": "e", "kind": "order", "task": {"items": [{"id": f"i{at}", "html": f"{at}"} for at in range(8)]}},
    {
        "id": "f",
        "kind": "match",
        "task": {"pairs": [{"id": f"p{at}", "left_html": "", "right": f"r{at}"} for at in range(8)]},
    },
)


def test_the_longest_state_is_exactly_as_long_as_was_counted(node):
    packed = _packed(quiz(*ONE_OF_EACH), _Module())
    limit = 40
    worst = "€" * limit
    answers = {
        "q1": [f"o{at}" for at in range(8)],
        "q2": [worst],
        "q3": [worst],
        "q4": [worst, "zwei", worst],
        "q5": [f"i{at}" for at in range(8)],
        "q6": [f"r{at}" for at in range(8)],
    }
    found = node("longest_state.mjs", quiz=packed, answers=answers, pages=9)
    assert len(found["text"]) <= longest_state(packed, 9, limit) <= len(found["text"]) + 4
    assert found["back"] == answers


def test_typed_answers_are_kept_short_enough_for_the_state_to_fit():
    texts = [{"id": f"t{at}", "kind": "text", "task": {"accept": ["x"]}} for at in range(8)]
    packed = _packed(quiz(*texts), _Module())
    limit = typed_limit(packed, 6)
    assert limit < 200
    assert longest_state(packed, 6, limit) <= LIMIT


def test_of_a_pool_only_the_questions_that_are_asked_count():
    texts = [{"id": f"t{at}", "kind": "text", "pool": "p", "task": {"accept": ["x"]}} for at in range(40)]
    packed = _packed(replace(quiz(*texts), pools={"p": 2}), _Module())
    assert typed_limit(packed, 6) == 200


def test_a_quiz_that_cannot_fit_is_refused_with_a_sentence():
    texts = [{"id": f"t{at}", "kind": "text", "task": {"accept": ["x"]}} for at in range(40)]
    with pytest.raises(PackageError, match="4096 Zeichen"):
        typed_limit(_packed(quiz(*texts), _Module()), 6)
