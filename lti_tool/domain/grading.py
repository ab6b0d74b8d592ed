"""From answers to points, exactly: fractions all the way, rounded once at the end.

The offline packages' JavaScript runs the same rules; `tests/cases/grading.json` holds both to the same sums. Texts and
files are marked by a person afterwards (`domain.reviews`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.questions import Question, Quiz
from lti_tool.domain.answers import Answer, parse_answer
from lti_tool.domain.credit import credit

_HUNDREDTH = Decimal("0.01")


class Verdict(StrEnum):
    """What became of one answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    PENDING = "pending"
    """Waits for a person to mark it; counts 0 until then."""


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

    @property
    def pending(self) -> bool:
        """Whether a person has to mark something before the sum is final; it can only grow."""
        return any(mark.verdict is Verdict.PENDING for mark in self.marks)

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
        quiz: the stored quiz of the attempt, not today's files; where questions are drawn, those drawn for it.
        answers: question id -> answer; a question left out is unanswered.

    Raises:
        ValueError: an answer to a question that the quiz does not have, or that is none to its question.
    """
    strangers = answers.keys() - {question.id for question in quiz.questions}
    if strangers:
        raise ValueError(f"no such question: {', '.join(sorted(strangers))}")
    return add_up(tuple(_mark(question, answers.get(question.id, ())) for question in quiz.questions), quiz.pass_share)


def add_up(marks: tuple[Mark, ...], pass_share: Fraction) -> GradeSheet:
    """Make a sheet of marks."""
    total = sum((mark.points for mark in marks), Fraction(0))
    maximum = sum(mark.maximum for mark in marks)
    share = total / maximum
    return GradeSheet(
        marks=marks,
        points=round_points(total),
        maximum=Decimal(maximum),
        share=share,
        passed=share >= pass_share,
    )


def round_points(points: Fraction) -> Decimal:
    """Round to hundredths, half up; exact for any fraction (a division of decimals would round twice)."""
    hundredths = (points * 200 + 1) // 2
    return (Decimal(hundredths) / 100).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def verdict_of(points: Fraction, maximum: int) -> Verdict:
    """Name what became of an answer that was graded or marked."""
    if points == maximum:
        return Verdict.RIGHT
    return Verdict.PARTLY if points else Verdict.WRONG


def _mark(question: Question, given: Answer) -> Mark:
    answer = parse_answer(question, given)
    if not answer:
        return Mark(question.id, Fraction(0), question.points, Verdict.UNANSWERED)
    if question.marked_by_a_person:
        return Mark(question.id, Fraction(0), question.points, Verdict.PENDING)
    points = question.points * credit(question, answer)
    return Mark(question.id, points, question.points, verdict_of(points, question.points))
