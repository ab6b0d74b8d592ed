"""What a person answers: read from what a browser sent, checked against the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lti_tool.curriculum.questions import CHOICES, Question, QuestionKind
from lti_tool.curriculum.tasks import Essay, Gap, GapKind, GapText, Matching, Numeric, Ordering, ShortText, Upload
from lti_tool.domain.numerals import read_number

Answer = tuple[str, ...]
"""What was answered; () where nothing was.

Choices: ids of the chosen options, in the question's order. Number, text, essay: the text. Gaps and matching: a value
for each gap or pair in the question's order, "" where none was given. Ordering: all ids in the person's order. File:
the id of the file that was handed in.
"""

LONGEST_LINE = 200
LONGEST_ESSAY = 50_000


class BadAnswer(ValueError):  # noqa: N818 -- said to whoever sent it, not an error of ours
    """Not an answer to this question; `number` tells that a number was expected and something else typed."""

    def __init__(self, what: str, *, number: bool = False) -> None:
        super().__init__(what)
        self.number = number


def parse_answer(question: Question, raw: object) -> Answer:
    """Read what a browser sent for one question: None, a text or a list of texts.

    Returns:
        The answer in its one form, so that equal answers are equal.

    Raises:
        BadAnswer: another shape, an unknown option, too many values, too long a text, not a number.
    """
    values = _strings(raw)
    if not any(values):
        return ()
    if question.kind in CHOICES:
        return _choice(question, values)
    return _TASKS[question.kind](question, question.task, values)


def is_answered(question: Question, answer: Answer) -> bool:
    """Tell whether every part of a question has been answered."""
    return bool(answer) and all(answer) if question.kind in {QuestionKind.GAPS, QuestionKind.MATCH} else bool(answer)


def _strings(raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    if isinstance(raw, str):
        return (raw,) if raw else ()
    if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    raise BadAnswer("an answer is a text or a list of texts")


def _choice(question: Question, values: tuple[str, ...]) -> Answer:
    chosen = frozenset(values)
    known = [option.id for option in question.options]
    if not chosen.issubset(known):
        raise BadAnswer(f"question {question.id} has no such option")
    if question.kind is not QuestionKind.MULTIPLE and len(chosen) > 1:
        raise BadAnswer(f"question {question.id} takes one option")
    return tuple(option for option in known if option in chosen)


def _one(question: Question, values: tuple[str, ...], longest: int) -> str:
    if len(values) != 1:
        raise BadAnswer(f"question {question.id} takes one text")
    text = values[0].replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise BadAnswer(f"an answer to question {question.id} has at most {longest} characters")
    if "\0" in text:
        raise BadAnswer("a text has no null character")
    return text


def _number(text: str, unit: str | None = None) -> str:
    try:
        read_number(text, unit)
    except ValueError as error:
        raise BadAnswer("this is not a number", number=True) from error
    return text


def _numeric(question: Question, task: Numeric, values: tuple[str, ...]) -> Answer:
    text = _one(question, values, LONGEST_LINE)
    return (_number(text, task.unit),) if text else ()


def _text(question: Question, _task: ShortText, values: tuple[str, ...]) -> Answer:
    return tuple(filter(None, [_one(question, values, LONGEST_LINE)]))


def _gaps(question: Question, task: GapText, values: tuple[str, ...]) -> Answer:
    if len(values) != len(task.gaps):
        raise BadAnswer(f"question {question.id} has {len(task.gaps)} gaps")
    filled = tuple(_gap(question, gap, value) for gap, value in zip(task.gaps, values, strict=True))
    return filled if any(filled) else ()


def _gap(question: Question, gap: Gap, value: str) -> str:
    text = _one(question, (value,), LONGEST_LINE)
    if gap.kind is GapKind.CHOICE and value and value not in gap.options:
        raise BadAnswer(f"gap {gap.id} has no such option")
    if gap.kind is GapKind.NUMBER and text:
        return _number(text)
    return value if gap.kind is GapKind.CHOICE else text


def _order(question: Question, task: Ordering, values: tuple[str, ...]) -> Answer:
    if len(values) != len(task.items) or set(values) != {item.id for item in task.items}:
        raise BadAnswer(f"question {question.id} takes each of its items once")
    return values


def _match(question: Question, task: Matching, values: tuple[str, ...]) -> Answer:
    if len(values) != len(task.pairs):
        raise BadAnswer(f"question {question.id} has {len(task.pairs)} pairs")
    if not {*values} <= {"", *task.choices}:
        raise BadAnswer(f"question {question.id} has no such right side")
    return values


def _essay(question: Question, _task: Essay, values: tuple[str, ...]) -> Answer:
    return tuple(filter(None, [_one(question, values, LONGEST_ESSAY)]))


def _file(question: Question, _task: Upload, values: tuple[str, ...]) -> Answer:
    return (_one(question, values, LONGEST_LINE),)


_TASKS: Mapping[QuestionKind, Callable[[Question, Any, tuple[str, ...]], Answer]] = {
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.TEXT: _text,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ORDER: _order,
    QuestionKind.MATCH: _match,
    QuestionKind.ESSAY: _essay,
    QuestionKind.FILE: _file,
}
