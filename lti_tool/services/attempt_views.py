"""What there is to see of attempts; who may see it is the caller's to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Counts, Part, Quiz
from lti_tool.db.models import Attempt, Response, Review, UploadedFile
from lti_tool.domain.answers import Answer
from lti_tool.domain.counting import attempt_that_counts, points_that_count, share_of
from lti_tool.domain.drawing import drawn_quiz
from lti_tool.domain.grading import GradeSheet
from lti_tool.domain.reviews import Review as Marks
from lti_tool.domain.reviews import stored_review
from lti_tool.services.quiz_versions import QuizVersions


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was handed in."""

    id: UUID
    name: str
    media_type: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An attempt with its answers.

    Attributes:
        quiz: as this attempt asks it: the questions drawn for it, in its order.
        sheet: None until it is submitted.
        reviews: question id -> the marks of a person that count.
        files: question id -> the file that is the answer.
        deadline_at: None without a time limit.
    """

    id: UUID
    module_id: str
    part: Part
    number: int
    quiz: Quiz
    answers: Mapping[str, Answer]
    saved_at: datetime | None
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    sheet: GradeSheet | None
    reviews: Mapping[str, Marks]
    files: Mapping[str, FileView]


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """A submitted attempt in a list; `pending` while a person has to mark something in it."""

    id: UUID
    number: int
    started_at: datetime
    submitted_at: datetime
    points: Decimal
    maximum: Decimal
    passed: bool
    pending: bool = False

    @property
    def share(self) -> Fraction:
        """Points over maximum, 0 to 1."""
        return share_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizOverview:
    """A person's attempts at one graded part of a module in one activity, oldest first.

    Attributes:
        counts: which of them counts.
        attempts_left: None means any number.
    """

    submitted: tuple[AttemptSummary, ...] = ()
    open_attempt: UUID | None = None
    attempts_left: int | None = None
    counts: Counts = Counts.BEST

    @property
    def final(self) -> tuple[AttemptSummary, ...]:
        """The attempts that are wholly graded."""
        return tuple(attempt for attempt in self.submitted if not attempt.pending)

    @property
    def counting(self) -> AttemptSummary | None:
        """The attempt that counts; for an average the last one stands for all."""
        return attempt_that_counts(self.final, self.counts)

    @property
    def points(self) -> Decimal | None:
        """The points that count."""
        return points_that_count(self.final, self.counts)


def view_attempt(session: Session, quizzes: QuizVersions, attempt: Attempt) -> AttemptView:
    """Return an attempt with its answers and the quiz as it was."""
    rows = session.execute(
        select(Response.question_id, Response.answer, Response.saved_at).where(
            Response.registration_id == attempt.registration_id,
            Response.attempt_id == attempt.id,
        ),
    ).all()
    quiz = attempt_quiz(quizzes, attempt)
    manual = any(question.marked_by_a_person for question in quiz.questions)
    return AttemptView(
        id=attempt.id,
        module_id=attempt.module_id,
        part=Part(attempt.part),
        number=attempt.number,
        quiz=quiz,
        answers={row.question_id: tuple(row.answer) for row in rows},
        saved_at=max((row.saved_at for row in rows), default=None),
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        submitted_at=attempt.submitted_at,
        sheet=GradeSheet.from_json(attempt.sheet) if attempt.sheet else None,
        reviews=_reviews(session, attempt) if manual and attempt.submitted_at else {},
        files=_files(session, attempt) if manual else {},
    )


def attempt_quiz(quizzes: QuizVersions, attempt: Attempt) -> Quiz:
    """Return the quiz as an attempt asks it."""
    whole = quizzes.quiz(attempt.module_id, attempt.quiz_version)
    return drawn_quiz(whole, attempt.question_ids, attempt.seed)


def summarise(row: Attempt) -> AttemptSummary:
    if row.submitted_at is None or row.points is None or row.maximum is None or row.passed is None:
        raise ValueError(f"attempt {row.id} is submitted but not graded")
    return AttemptSummary(
        row.id, row.number, row.started_at, row.submitted_at, row.points, row.maximum, row.passed, row.needs_marking
    )


def _reviews(session: Session, attempt: Attempt) -> dict[str, Marks]:
    rows = session.execute(
        select(Review.question_id, Review.points, Review.comment)
        .where(Review.registration_id == attempt.registration_id, Review.attempt_id == attempt.id)
        .order_by(Review.at, Review.id)
    )
    return {row.question_id: stored_review(row.question_id, row.points, row.comment) for row in rows}


def _files(session: Session, attempt: Attempt) -> dict[str, FileView]:
    rows = session.scalars(
        select(UploadedFile).where(
            UploadedFile.registration_id == attempt.registration_id, UploadedFile.attempt_id == attempt.id
        )
    )
    return {row.question_id: FileView(row.id, row.name, row.media_type, row.size, row.uploaded_at) for row in rows}
