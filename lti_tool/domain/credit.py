"""Which share of its points an answer earns, exactly, for each kind that the tool grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.questions import CHOICES, Question, QuestionKind
from lti_tool.curriculum.spelling import same_spelling
from lti_tool.curriculum.tasks import Gap, GapKind, GapText, Matching, Numeric, Ordering, ShortText
from lti_tool.domain.answers import Answer
from lti_tool.domain.numerals import read_number

_NOTHING, _ALL = Fraction(0), Fraction(1)


def credit(question: Question, answer: Answer) -> Fraction:
    """Return 0 to 1 for an answer in the form of `parse_answer`; nothing answered earns nothing."""
    if not answer:
        return _NOTHING
    if question.kind in CHOICES:
        return _choice(question, frozenset(answer))
    right = right_parts(question, answer)
    return Fraction(sum(right), len(right))


def right_parts(question: Question, answer: Answer) -> tuple[bool, ...]:
    """Tell for each part of an answer whether it is right: each gap, item or pair, or the one text or number."""
    return _TASKS[question.kind](question.task, answer)


def _choice(question: Question, chosen: frozenset[str]) -> Fraction:
    """One option: all or nothing. Several: what is right minus what is wrong, never below zero."""
    right = len(chosen & question.correct)
    wrong = len(chosen - question.correct)
    return max(_NOTHING, Fraction(right - wrong, len(question.correct)))


def _is_right_number(task: Numeric, text: str) -> bool:
    return bool(text) and abs(read_number(text, task.unit) - task.answer) <= task.tolerance


def _numeric(task: Numeric, answer: Answer) -> tuple[bool, ...]:
    return (_is_right_number(task, answer[0]),)


def _text(task: ShortText, answer: Answer) -> tuple[bool, ...]:
    return (any(same_spelling(answer[0], accepted) for accepted in task.accept),)


def _gaps(task: GapText, answer: Answer) -> tuple[bool, ...]:
    return tuple(_gap(gap, value) for gap, value in zip(task.gaps, answer, strict=True))


def _gap(gap: Gap, value: str) -> bool:
    if gap.number is not None:
        return _is_right_number(gap.number, value)
    if gap.kind is GapKind.CHOICE:
        return value in gap.accept
    return bool(value) and any(same_spelling(value, accepted) for accepted in gap.accept)


def _order(task: Ordering, answer: Answer) -> tuple[bool, ...]:
    return tuple(item.id == name for item, name in zip(task.items, answer, strict=True))


def _match(task: Matching, answer: Answer) -> tuple[bool, ...]:
    return tuple(pair.right == value for pair, value in zip(task.pairs, answer, strict=True))


_TASKS: Mapping[QuestionKind, Callable[[Any, Answer], tuple[bool, ...]]] = {
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.TEXT: _text,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ORDER: _order,
    QuestionKind.MATCH: _match,
}
