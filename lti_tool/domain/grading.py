"""From answers to points, exactly: fractions all the way, rounded once at the end.

The offline packages' JavaScript runs the same rules; `tests/cases/grading.json` holds both to the same sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.model import Question, QuestionKind, Quiz

Answer = tuple[str, ...]
"""Ids of the chosen options, in the question's order; () where nothing was chosen."""

_HUNDREDTH = Decimal("0.01")


class Verdict(StrEnum):
    """What became of one answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Mark:
    """Points for one question, unrounded; 0 <= points <= maximum."""

    question_id: str
    points: Fraction
    maximum: int
    verdict: Verdict

    @property
    def rounded(self) -> Decimal:
        """The points as people read them."""
        return round_points(self.points)


@dataclass(frozen=True, slots=True)
class GradeSheet:
    """One attempt, graded.

    Attributes:
        marks: one for each question, in the quiz's order.
        points: the exact sum, rounded to hundredths (half up).
        share: the exact sum over the maximum, unrounded; `passed` is judged by it.
    """

    marks: tuple[Mark, ...]
    points: Decimal
    maximum: Decimal
    share: Fraction
    passed: bool

    def mark(self, question_id: str) -> Mark | None:
        return next((mark for mark in self.marks if mark.question_id == question_id), None)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; fractions as "2/3", so that nothing is lost."""
        return {
            "marks": [
                {
                    "question": mark.question_id,
                    "points": str(mark.points),
                    "maximum": mark.maximum,
                    "verdict": mark.verdict.value,
                }
                for mark in self.marks
            ],
            "points": str(self.points),
            "maximum": str(self.maximum),
            "share": str(self.share),
            "passed": self.passed,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> GradeSheet:
        """Read what `to_json` wrote; the round trip is exact."""
        return cls(
            marks=tuple(
                Mark(mark["question"], Fraction(mark["points"]), mark["maximum"], Verdict(mark["verdict"]))
                for mark in stored["marks"]
            ),
            points=Decimal(stored["points"]),
            maximum=Decimal(stored["maximum"]),
            share=Fraction(stored["share"]),
            passed=stored["passed"],
        )


def grade(quiz: Quiz, answers: Mapping[str, Answer]) -> GradeSheet:
    """Grade an attempt against the quiz it was taken with.

    Args:
        quiz: the stored quiz of the attempt, not today's files.
        answers: question id -> chosen options; a question left out is unanswered.

    Raises:
        ValueError: an answer to a question or with an option that the quiz does not have.
    """
    strangers = answers.keys() - {question.id for question in quiz.questions}
    if strangers:
        raise ValueError(f"no such question: {', '.join(sorted(strangers))}")
    marks = tuple(_mark(question, answers.get(question.id, ())) for question in quiz.questions)
    total = sum((mark.points for mark in marks), Fraction(0))
    share = total / quiz.maximum
    return GradeSheet(
        marks=marks,
        points=round_points(total),
        maximum=Decimal(quiz.maximum),
        share=share,
        passed=share >= quiz.pass_share,
    )


def parse_answer(question: Question, raw: object) -> Answer:
    """Read what a browser sent for one question: None, an option id or a list of them.

    Returns:
        The chosen ids without doubles, in the question's order.

    Raises:
        ValueError: another shape, an unknown option, or several options where one may be chosen.
    """
    chosen = _strings(raw)
    known = [option.id for option in question.options]
    if not chosen.issubset(known):
        raise ValueError(f"question {question.id} has no such option")
    if question.kind is QuestionKind.SINGLE and len(chosen) > 1:
        raise ValueError(f"question {question.id} takes one option")
    return tuple(option for option in known if option in chosen)


def round_points(points: Fraction) -> Decimal:
    """Round to hundredths, half up; exact for any fraction (a division of decimals would round twice)."""
    hundredths = (points * 200 + 1) // 2
    return (Decimal(hundredths) / 100).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def _strings(raw: object) -> frozenset[str]:
    if raw is None:
        return frozenset()
    if isinstance(raw, str):
        return frozenset({raw} - {""})
    if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
        return frozenset(raw)
    raise ValueError("an answer is an option id or a list of option ids")


def _mark(question: Question, answer: Answer) -> Mark:
    chosen = frozenset(parse_answer(question, answer))
    points = question.points * _credit(question, chosen)
    return Mark(question.id, points, question.points, _verdict(chosen, points, question.points))


def _credit(question: Question, chosen: frozenset[str]) -> Fraction:
    """Single: all or nothing. Multiple: what is right minus what is wrong, never below zero."""
    right = len(chosen & question.correct)
    wrong = len(chosen - question.correct)
    return max(Fraction(0), Fraction(right - wrong, len(question.correct)))


def _verdict(chosen: frozenset[str], points: Fraction, maximum: int) -> Verdict:
    if not chosen:
        return Verdict.UNANSWERED
    if points == maximum:
        return Verdict.RIGHT
    return Verdict.PARTLY if points else Verdict.WRONG
