"""An attempt's answers as a person reads them after handing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.curriculum.model import Question, Quiz
from lti_tool.domain.answers import Answer
from lti_tool.domain.credit import right_parts
from lti_tool.domain.grading import GradeSheet, Mark
from lti_tool.domain.reviews import Review
from lti_tool.services.attempt_views import AttemptView, FileView


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """One question with what became of its answer.

    Attributes:
        parts: for each part of the answer whether it is right (`domain.credit`); empty where options say it, where
            nothing was answered, and where a person marks.
        review: the marks of a person, once there are any.
    """

    question: Question
    mark: Mark
    answer: Answer
    parts: tuple[bool, ...]
    review: Review | None
    file: FileView | None


def reviewed(attempt: AttemptView) -> list[ReviewedQuestion]:
    """Return the questions of an attempt that was handed in."""
    if attempt.sheet is None:
        return []
    return _lines(attempt.quiz, attempt.sheet, attempt.answers, attempt.reviews, attempt.files)


def previewed(quiz: Quiz, sheet: GradeSheet, answers: Mapping[str, Answer]) -> list[ReviewedQuestion]:
    """Return the questions of answers that nobody keeps."""
    return _lines(quiz, sheet, answers, {}, {})


def _lines(
    quiz: Quiz,
    sheet: GradeSheet,
    answers: Mapping[str, Answer],
    reviews: Mapping[str, Review],
    files: Mapping[str, FileView],
) -> list[ReviewedQuestion]:
    return [
        ReviewedQuestion(
            question,
            mark,
            answers.get(question.id, ()),
            _parts(question, answers.get(question.id, ())),
            reviews.get(question.id),
            files.get(question.id),
        )
        for question in quiz.questions
        if (mark := sheet.mark(question.id))
    ]


def _parts(question: Question, answer: Answer) -> tuple[bool, ...]:
    if not answer or question.options or question.marked_by_a_person:
        return ()
    return right_parts(question, answer)
