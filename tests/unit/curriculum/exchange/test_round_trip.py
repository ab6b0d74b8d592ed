"""Whatever can be carried comes back the same: any question, out and in again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lti_tool.curriculum.exchange.carry import Format, carry_in, carry_out
from lti_tool.curriculum.exchange.quiz_yaml import questions_yaml
from lti_tool.curriculum.exchange.rich_text import block_html, block_markdown, line_html, line_markdown
from lti_tool.curriculum.question_schema import AnyQuestion, QuestionSchema
from lti_tool.curriculum.yaml_source import read_yaml

ADAPTER: TypeAdapter[AnyQuestion] = TypeAdapter(QuestionSchema)
SIGNS = "abzÄß059 .,:;-–()\"'*_`~=#{}[]<>&\\/%|!?→"
words = (
    st.text(SIGNS, min_size=1, max_size=20)
    .map(lambda t: " ".join(f"w{t}w".split()))
    .filter(lambda t: "` `" not in t)  # code that is empty is nothing to be carried
)
plain = st.text("abzÄß059 .,:-()&<>{}=#~/\\\"'", min_size=1, max_size=15).map(lambda t: " ".join(f"w{t}w".split()))
points = st.integers(1, 20)
numbers = st.decimals(-10000, 10000, places=2).map(float)
both_feedbacks = {"feedback_right": words, "feedback_wrong": words}


def question(kind: str, **own: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"id": st.just("f"), "kind": st.just(kind), "prompt": words, "source": st.just("q"), **own, "explain": words}
    )


def named(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": "abcdefgh"[index], **entry} for index, entry in enumerate(entries)]


def one_right(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return named([{**entry, "correct": index == 0} for index, entry in enumerate(entries)])


def first_right(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return named([{**entry, "correct": entry["correct"] or index == 0} for index, entry in enumerate(entries)])


option = st.fixed_dictionaries({"text": words, "feedback": words})
marked_option = st.fixed_dictionaries({"text": words, "feedback": words, "correct": st.booleans()})
pair = st.fixed_dictionaries({"left": words, "right": plain})
criterion = st.fixed_dictionaries({"text": plain, "points": points})
gap = st.one_of(
    st.fixed_dictionaries({"kind": st.just("text"), "accept": st.lists(plain, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"kind": st.just("number"), "answer": numbers, "tolerance": st.sampled_from([0, 0.5])}),
    st.fixed_dictionaries({"kind": st.just("choice"), "options": st.lists(plain, min_size=2, max_size=4, unique=True).map(
        lambda texts: [{"text": text, "correct": index == 1} for index, text in enumerate(texts)])}),
)  # fmt: skip
with_points = {"points": points}
KINDS = {
    "single": question("single", **with_points, options=st.lists(option, min_size=2, max_size=5).map(one_right)),
    "multiple": question("multiple", **with_points,
                         options=st.lists(marked_option, min_size=2, max_size=7).map(first_right)),
    "true_false": question("true_false", **with_points, correct=st.booleans(), feedback_true=words, feedback_false=words),
    "numeric": question("numeric", **with_points, answer=numbers, tolerance=st.sampled_from([0, 0.25, 3]),
                        unit=st.none() | plain, **both_feedbacks),
    "text": question("text", **with_points, accept=st.lists(plain | st.just("a*b"), min_size=1, max_size=4), **both_feedbacks),
    "order": question("order", **with_points, **both_feedbacks,
                      items=st.lists(st.fixed_dictionaries({"text": words}), min_size=3, max_size=8).map(named)),
    "match": question("match", **with_points, pairs=st.lists(pair, min_size=2, max_size=8).map(named), **both_feedbacks),
    "gaps": question("gaps", **with_points, **both_feedbacks, gaps=st.lists(gap, min_size=1, max_size=4).map(
        lambda gaps: [{"id": f"l{number}", **one} for number, one in enumerate(gaps, 1)])).flatmap(
            lambda q: st.lists(words, min_size=len(q["gaps"]) + 1, max_size=len(q["gaps"]) + 1).map(
                lambda texts: {**q, "text": " ".join(f"{t} [[{g['id']}]]" for t, g in zip(texts, q["gaps"], strict=False))})),
    "essay": question("essay", words=st.none() | st.just([100, 200]), rubric=st.lists(
        criterion, min_size=1, max_size=4).map(lambda c: [{"id": f"k{n}", **one} for n, one in enumerate(c, 1)])),
}  # fmt: skip

# What each form has no place for, and the import fills in again with general words.
NOT_IN = {
    (Format.MOODLE_XML, "gaps"): {"points", "feedback_right", "feedback_wrong"},
    (Format.GIFT, "match"): {"feedback_right", "feedback_wrong"},
    (Format.GIFT, "essay"): {"words", "rubric"},
}
RICH = {"prompt", "feedback", "feedback_right", "feedback_wrong", "feedback_true", "feedback_false", "left", "hint"}


def as_read(value: Any, kind: str, key: str = "") -> Any:
    """A question as people see it: Markdown by what it looks like, everything else as it is."""
    if isinstance(value, dict):
        return {name: as_read(entry, kind, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [as_read(entry, kind, key) for entry in value]
    if key in {"answer", "tolerance"}:
        return float(value)
    return " ".join(_seen(value, kind, key).split()) if isinstance(value, str) else value


def _seen(text: str, kind: str, key: str) -> str:
    if key in RICH or (key == "text" and kind not in {"essay", "gaps"}):
        return line_html(text)
    if key == "explain" or (key == "text" and "[[" in text):
        return block_html(text, lambda _reason: None)
    return text


def comparable(body: dict[str, Any], ignored: set[str]) -> dict[str, Any]:
    whole = ADAPTER.validate_python(body).model_dump(mode="json")
    return as_read({key: value for key, value in whole.items() if key not in ignored}, body["kind"])


def assert_comes_back(body: dict[str, Any], form: Format) -> None:
    bank, losses = carry_out("Titel", [ADAPTER.validate_python(body)], form)
    assert not [loss for loss in losses if loss.whole]
    carried = carry_in(bank.encode(), "q")
    assert len(carried.questions) == 1, carried.losses
    ignored = NOT_IN.get((form, body["kind"]), set()) | ({"points", "unit"} if form is Format.GIFT else set())
    assert comparable(carried.questions[0], ignored) == comparable(body, ignored)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_moodle_xml_brings_every_kind_back(kind: str, data: st.DataObject) -> None:
    assert_comes_back(data.draw(KINDS[kind]), Format.MOODLE_XML)


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "numeric", "text", "match", "essay"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_gift_brings_back_what_it_knows(kind: str, data: st.DataObject) -> None:
    assert_comes_back(data.draw(KINDS[kind]), Format.GIFT)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_written_to_quiz_yaml_is_read_the_same(kind: str, data: st.DataObject) -> None:
    body = data.draw(KINDS[kind])
    problems: list[object] = []
    source = read_yaml("quiz.yaml", "questions:\n" + questions_yaml([body]), problems.append)
    assert problems == []
    assert source.data == {"questions": [body]}


@settings(max_examples=60, deadline=None)
@given(words)
def test_a_line_comes_back_from_html(text: str) -> None:
    html = line_html(text)
    again = line_html(line_markdown(html, lambda _reason: None))
    assert " ".join(again.split()) == " ".join(html.split())


BLOCKS = ["Ein **fetter** Satz.", "- eins\n- zwei", "1. eins\n1. zwei", "> Zitat", "### Frage", "[Link](https://example.org/a)",
          "| A | B |\n|---|---|\n| 1 | 2 |", "1\\. Januar", "\\- kein Punkt", "`code`", "\\# keine"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4, unique=True))
def test_blocks_come_back_from_html(blocks: list[str]) -> None:
    html = block_html("\n\n".join(blocks), lambda _reason: None)
    reasons: list[str] = []
    assert block_html(block_markdown(html, reasons.append), reasons.append) == html
    assert reasons == []
