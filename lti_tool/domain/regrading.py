"""A question that turned out to be faulty: set aside, or graded by another key, for everybody alike.

Set aside means that everybody who was asked it gets its points: nobody loses by it, and the maximum stays. Another key
is applied exactly, up and down. What is changed is one mark of a sheet; all others stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.questions import CHOICES, Question, QuestionKind
from lti_tool.curriculum.tasks import Numeric, ShortText
from lti_tool.domain.answers import Answer
from lti_tool.domain.credit import credit
from lti_tool.domain.grading import GradeSheet, Mark, Verdict, add_up, verdict_of
from lti_tool.domain.numerals import read_number

MOST_SPELLINGS = 20
_LONGEST_SPELLING = 200


class Stage(StrEnum):
    """How far a change has got."""

    COUNTING = "counting"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    DONE = "done"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed; without a key the question is set aside.

    Attributes:
        restores: the question is graded as its author wants it, whatever was changed before.
        options: ids of the options that are right.
        number: the right number and how far off is right as well.
        accept: spellings that are right.
    """

    options: tuple[str, ...] = ()
    number: tuple[Fraction, Fraction] | None = None
    accept: tuple[str, ...] = ()
    restores: bool = False

    @property
    def sets_aside(self) -> bool:
        return not (self.options or self.number or self.accept or self.restores)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        number = [str(value) for value in self.number] if self.number else None
        return {
            "options": list(self.options),
            "number": number,
            "accept": list(self.accept),
            "restores": self.restores,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Change:
        """Read what `to_json` wrote."""
        number = stored["number"]
        exact = (Fraction(number[0]), Fraction(number[1])) if number else None
        return cls(tuple(stored["options"]), exact, tuple(stored["accept"]), stored["restores"])


@dataclass(frozen=True, slots=True)
class Figures:
    """How many attempts a change touches, and how.

    Attributes:
        steps: difference in points -> number of attempts; those that stay as they are are not in it.
        passes: attempts that pass by it.
        fails: attempts that passed and no longer do.
    """

    steps: Mapping[Fraction, int] = field(default_factory=dict)
    passes: int = 0
    fails: int = 0

    @property
    def changed(self) -> int:
        """Attempts whose points change."""
        return sum(self.steps.values())

    def with_one(self, before: GradeSheet, after: GradeSheet) -> Figures:
        """Return the figures with one more attempt in them."""
        step = Fraction(after.points) - Fraction(before.points)
        steps = Counter(self.steps)
        if step:
            steps[step] += 1
        won, lost = after.passed and not before.passed, before.passed and not after.passed
        return Figures(dict(steps), self.passes + won, self.fails + lost)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        steps = {str(step): number for step, number in sorted(self.steps.items())}
        return {"steps": steps, "passes": self.passes, "fails": self.fails}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Figures:
        """Read what `to_json` wrote; nothing counted yet is `{}`."""
        steps = {Fraction(step): number for step, number in stored.get("steps", {}).items()}
        return cls(steps, stored.get("passes", 0), stored.get("fails", 0))


def may_have_another_key(question: Question) -> bool:
    """Whether its key can be corrected; every other question can only be set aside."""
    return question.kind in CHOICES or isinstance(question.task, Numeric | ShortText)


def read_change(question: Question, form: Mapping[str, list[str]]) -> Change:
    """Read a new key from a form: `option` (ids), `answer` and `tolerance`, or `accept` (one spelling a line).

    Raises:
        ValueError: no key for this kind of question.
    """
    if question.kind in CHOICES:
        return _read_options(question, form)
    if isinstance(question.task, Numeric):
        return _read_number(question.task, form)
    return _read_spellings(form)


def regraded(sheet: GradeSheet, question: Question, change: Change, answer: Answer, pass_share: Fraction) -> GradeSheet:
    """Return a sheet with the mark for one question as the change wants it; the same if the question was not asked.

    Raises:
        ValueError: the key does not fit this version of the question.
    """
    if sheet.mark(question.id) is None:
        return sheet
    fixed = None if change.sets_aside else _with_key(question, change)
    marks = tuple(_mark(mark, fixed, answer) if mark.question_id == question.id else mark for mark in sheet.marks)
    return sheet if marks == sheet.marks else add_up(marks, pass_share)


def _mark(mark: Mark, question: Question | None, answer: Answer) -> Mark:
    if question is None:
        return replace(mark, points=Fraction(mark.maximum), verdict=Verdict.RIGHT)
    if not answer:
        return replace(mark, points=Fraction(0), verdict=Verdict.UNANSWERED)
    points = mark.maximum * credit(question, answer)
    return replace(mark, points=points, verdict=verdict_of(points, mark.maximum))


def _with_key(question: Question, change: Change) -> Question:
    task = question.task
    if change.restores and not question.marked_by_a_person:
        return question
    if question.kind in CHOICES and change.options:
        if not set(change.options) <= {option.id for option in question.options}:
            raise ValueError(f"question {question.id} has no such option")
        options = tuple(replace(option, correct=option.id in change.options) for option in question.options)
        return replace(question, options=options)
    if isinstance(task, Numeric) and change.number:
        return replace(question, task=replace(task, answer=change.number[0], tolerance=change.number[1]))
    if isinstance(task, ShortText) and change.accept:
        return replace(question, task=replace(task, accept=change.accept))
    raise ValueError(f"question {question.id} takes no such key")


def _read_options(question: Question, form: Mapping[str, list[str]]) -> Change:
    chosen = tuple(option.id for option in question.options if option.id in form.get("option", []))
    if not chosen or (question.kind is not QuestionKind.MULTIPLE and len(chosen) > 1):
        raise ValueError("one right option, or several where several may be chosen")
    return Change(options=chosen)


def _read_number(task: Numeric, form: Mapping[str, list[str]]) -> Change:
    answer = read_number(_first(form, "answer"), task.unit)
    tolerance = read_number(_first(form, "tolerance") or "0", task.unit)
    if tolerance < 0:
        raise ValueError("a tolerance is not below zero")
    return Change(number=(answer, tolerance))


def _read_spellings(form: Mapping[str, list[str]]) -> Change:
    lines = [line.strip() for line in _first(form, "accept").splitlines()]
    accept = tuple(dict.fromkeys(line for line in lines if line))
    if not accept or len(accept) > MOST_SPELLINGS or max(map(len, accept)) > _LONGEST_SPELLING:
        raise ValueError(f"1 to {MOST_SPELLINGS} spellings")
    return Change(accept=accept)


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, [])), "")
