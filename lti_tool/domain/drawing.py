"""Which questions an attempt asks, and in which order: drawn once, the same ever after.

The order depends on the attempt's seed and on ids alone, so a new version of Python or of this program changes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from lti_tool.curriculum.questions import Question, QuestionKind, Quiz
from lti_tool.curriculum.tasks import Gap, GapText, Item, Matching, Ordering

SEEDS = 2**31
"""A seed is at least 0 and smaller than this."""

_T = TypeVar("_T")


def draw(quiz: Quiz, seed: int) -> tuple[str, ...]:
    """Return the ids of the questions of one attempt, in the order they are asked."""
    ids = [question.id for question in quiz.questions if question.pool not in quiz.pools]
    for pool, count in quiz.pools.items():
        members = [question.id for question in quiz.questions if question.pool == pool]
        ids += _shuffled(members, members, f"{seed} pool {pool}")[:count]
    if quiz.shuffle:
        return tuple(_shuffled(ids, ids, f"{seed} questions"))
    return tuple(question.id for question in quiz.questions if question.id in set(ids))


def drawn_quiz(quiz: Quiz, question_ids: Sequence[str] | None, seed: int | None) -> Quiz:
    """Return the quiz as one attempt asks it.

    Args:
        quiz: the stored quiz of the attempt.
        question_ids: what `draw` returned when the attempt began; None for attempts of times without drawing.
        seed: the attempt's seed; None for these too.
    """
    if question_ids is None or seed is None:
        return quiz
    by_id = {question.id: question for question in quiz.questions}
    asked = (by_id[name] for name in question_ids)
    questions = tuple(_mixed(question, seed) if quiz.shuffle else question for question in asked)
    return replace(quiz, questions=questions, pools=MappingProxyType({}))


def _mixed(question: Question, seed: int) -> Question:
    key = f"{seed} {question.id}"
    task = question.task
    if isinstance(task, Ordering):
        return replace(question, task=replace(task, shown=_items(task, key)))
    if not question.shuffle or question.kind is QuestionKind.TRUE_FALSE:
        return question
    if isinstance(task, Matching):
        shown = tuple(_shuffled(task.choices, task.choices, key))
        return replace(question, task=replace(task, shown=shown))
    if isinstance(task, GapText):
        return replace(question, task=replace(task, gaps=tuple(_gap(gap, key) for gap in task.gaps)))
    options = _shuffled(question.options, (option.id for option in question.options), key)
    return replace(question, options=tuple(options))


def _items(task: Ordering, key: str) -> tuple[Item, ...]:
    items = tuple(_shuffled(task.items, (item.id for item in task.items), key))
    return items if items != task.items else (*items[1:], items[0])


def _gap(gap: Gap, key: str) -> Gap:
    return replace(gap, options=tuple(_shuffled(gap.options, gap.options, f"{key} {gap.id}")))


def _shuffled(things: Iterable[_T], names: Iterable[str], key: str) -> list[_T]:
    """Sort by a hash of key and name: as good as a draw by lot, and the same wherever it is done."""
    keyed = [
        (hashlib.sha256(f"{key} {name}".encode()).digest(), thing) for thing, name in zip(things, names, strict=True)
    ]
    return [thing for _, thing in sorted(keyed, key=lambda entry: entry[0])]
