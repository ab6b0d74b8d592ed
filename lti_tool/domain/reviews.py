"""What a person who marks says about an answer, and how it becomes part of the grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lti_tool.curriculum.questions import Question, Quiz
from lti_tool.domain.grading import GradeSheet, add_up, verdict_of

LONGEST_COMMENT = 5000
_STEP = Fraction(1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One person's marks for one answer.

    Attributes:
        points: criterion id -> points, for every line of the question's rubric.
        comment: for the learner.
    """

    question_id: str
    points: Mapping[str, Fraction]
    comment: str = ""

    @property
    def total(self) -> Fraction:
        return sum(self.points.values(), Fraction(0))

    def points_to_json(self) -> dict[str, str]:
        """Return exact points as text: "5/2"."""
        return {criterion: str(points) for criterion, points in self.points.items()}


def read_review(question: Question, points: Mapping[str, str], comment: str) -> Review:
    """Read what a marker sent.

    Args:
        question: one that a person marks.
        points: criterion id -> number as typed, with comma or point, in steps of a quarter.
        comment: for the learner, may be empty.

    Raises:
        ValueError: a criterion without points or of another question, points out of range, too long a comment.
    """
    known = {criterion.id: criterion for criterion in question.rubric}
    if points.keys() != known.keys():
        raise ValueError(f"question {question.id} has the criteria {', '.join(known)}")
    if len(comment) > LONGEST_COMMENT:
        raise ValueError(f"a comment has at most {LONGEST_COMMENT} characters")
    read = {name: _points(points[name], known[name].points) for name in known}
    return Review(question_id=question.id, points=read, comment=comment.strip())


def stored_review(question_id: str, points: Mapping[str, str], comment: str) -> Review:
    """Read what `points_to_json` wrote."""
    exact = {criterion: Fraction(value) for criterion, value in points.items()}
    return Review(question_id=question_id, points=exact, comment=comment)


def merge(sheet: GradeSheet, quiz: Quiz, reviews: Iterable[Review]) -> GradeSheet:
    """Put marks of a person into a sheet; a later review of the same question takes the place of an earlier one.

    Raises:
        ValueError: a review of a question that the sheet does not have or that no person marks.
    """
    given = {review.question_id: review for review in reviews}
    manual = {question.id for question in quiz.questions if question.marked_by_a_person}
    strangers = given.keys() - (manual & {mark.question_id for mark in sheet.marks})
    if strangers:
        raise ValueError(f"not marked by a person: {', '.join(sorted(strangers))}")
    marks = tuple(
        replace(
            mark,
            points=given[mark.question_id].total,
            verdict=verdict_of(given[mark.question_id].total, mark.maximum),
        )
        if mark.question_id in given
        else mark
        for mark in sheet.marks
    )
    return add_up(marks, quiz.pass_share)


def _points(typed: str, most: int) -> Fraction:
    try:
        points = Fraction(Decimal(typed.strip().replace(",", ".")))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"not a number of points: {typed[:20]}") from error
    if not 0 <= points <= most:
        raise ValueError(f"points from 0 to {most}, not {typed.strip()[:20]}")
    if points % _STEP:
        raise ValueError(f"points in quarters, not {typed.strip()[:20]}")
    return points
