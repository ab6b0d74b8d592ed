"""Texts and files of a course that a person marks: what waits, one answer with its marks, and a new mark.

Marks are only added. The newest counts; what was said before stays readable. A mark becomes part of the grade in the
same transaction, and nothing is sent to the platform before all of an attempt is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Question
from lti_tool.db.models import Attempt, LtiUser, ResourceLink, Review, RosterMember
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grading import GradeSheet, Verdict
from lti_tool.domain.reviews import Review as Marks
from lti_tool.domain.reviews import merge, read_review, stored_review
from lti_tool.domain.standing import pseudonym
from lti_tool.services.attempt_views import AttemptView, attempt_quiz, view_attempt
from lti_tool.services.ports import Clock
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.results import Results

MOST_IN_A_LIST = 500


@dataclass(frozen=True, slots=True)
class ToMark:
    """An answer in a list of those that wait, or that are marked already; `number` is its question's in the quiz."""

    attempt_id: UUID
    question_id: str
    number: int
    link_id: UUID
    activity: str
    name: str | None
    alias: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class PastMarks:
    """What somebody once said about an answer."""

    id: UUID
    marks: Marks
    at: datetime
    second: bool
    own: bool
    """Given by whoever looks at it now."""


@dataclass(frozen=True, slots=True)
class AnswerToMark:
    """One answer with all that a marker needs; `history` newest first."""

    entry: ToMark
    attempt: AttemptView
    question: Question
    history: tuple[PastMarks, ...]

    @property
    def latest(self) -> PastMarks | None:
        """The marks that count."""
        return self.history[0] if self.history else None


class MarkedMeanwhile(Exception):  # noqa: N818 -- an outcome that the page explains, not an error of ours
    """Somebody else has marked the answer since the page was opened."""


class Marking:
    """Marks answers of one course. Those of another course do not exist here."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def waiting(self, actor: Actor) -> list[ToMark]:
        """Return the answers that wait, the oldest first."""
        query = _of_course(actor).where(Attempt.needs_marking).order_by(Attempt.submitted_at, Attempt.id)
        rows = self._session.execute(query.limit(MOST_IN_A_LIST))
        return [
            self._entry(row, mark["question"], actor)
            for row in rows
            for mark in sorted(row.Attempt.sheet["marks"], key=lambda mark: str(mark["question"]))
            if mark["verdict"] == Verdict.PENDING
        ]

    def marked(self, actor: Actor) -> list[ToMark]:
        """Return answers that were marked, those handed in last first."""
        of_attempt = and_(Review.registration_id == Attempt.registration_id, Review.attempt_id == Attempt.id)
        query = _of_course(actor).where(exists().where(of_attempt)).order_by(Attempt.submitted_at.desc(), Attempt.id)
        rows = self._session.execute(query.limit(MOST_IN_A_LIST)).all()
        asked = self._session.execute(
            select(Review.attempt_id, Review.question_id)
            .where(
                Review.registration_id == actor.registration_id,
                Review.attempt_id.in_([row.Attempt.id for row in rows]),
            )
            .distinct()
            .order_by(Review.question_id)
        ).all()
        return [
            self._entry(row, question_id, actor)
            for row in rows
            for attempt_id, question_id in asked
            if attempt_id == row.Attempt.id
        ]

    def answer(self, actor: Actor, attempt_id: UUID, question_id: str) -> AnswerToMark:
        """Return one answer.

        Raises:
            Refusal: `not_found` if the course has no such answer, or it is not one that a person marks.
        """
        row = self._session.execute(_of_course(actor).where(Attempt.id == attempt_id)).one_or_none()
        view = view_attempt(self._session, self._quizzes, row.Attempt) if row else None
        question = view.quiz.question(question_id) if view else None
        if row is None or view is None or view.sheet is None or question is None or not question.rubric:
            raise Refusal(Code.NOT_FOUND, "no such answer in this course")
        history = self._history(actor, attempt_id, question_id)
        return AnswerToMark(self._entry(row, question_id, actor), view, question, history)

    def attempt(self, actor: Actor, attempt_id: UUID) -> Attempt:
        """Return an attempt that was handed in through the course, as for its file.

        Raises:
            Refusal: `not_found`.
        """
        row = self._session.execute(_of_course(actor).where(Attempt.id == attempt_id)).one_or_none()
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such attempt in this course")
        attempt: Attempt = row.Attempt
        return attempt

    def mark(
        self,
        actor: Actor,
        attempt_id: UUID,
        question_id: str,
        points: Mapping[str, str],
        comment: str,
        *,
        seen: str,
        second: bool = False,
    ) -> None:
        """Add marks and let them count.

        Args:
            actor: who marks.
            attempt_id: whose answer; nobody who marks needs to know.
            question_id: which answer.
            points: criterion id -> points as typed.
            comment: for the learner.
            seen: id of the marks that counted when the page was opened, "" if there were none.
            second: whether this is a second opinion, given without the first in sight.

        Raises:
            Refusal: `not_found`; `review.bad_marks` for points that the rubric does not have; `role.forbidden` for
                somebody without an identity.
            MarkedMeanwhile: other marks count by now; nothing was changed.
        """
        if actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "marks have a marker")
        answer = self.answer(actor, attempt_id, question_id)
        attempt = self._session.scalars(
            select(Attempt)
            .where(Attempt.registration_id == actor.registration_id, Attempt.id == attempt_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        history = self._history(actor, attempt_id, question_id)
        if seen != (str(history[0].id) if history else ""):
            raise MarkedMeanwhile
        try:
            marks = read_review(answer.question, points, comment)
        except ValueError as error:
            raise Refusal(Code.REVIEW_BAD_MARKS, str(error)) from error
        self._session.add(
            Review(
                registration_id=actor.registration_id,
                attempt_id=attempt_id,
                question_id=question_id,
                marker_id=actor.user_id,
                points=marks.points_to_json(),
                comment=marks.comment,
                at=self._clock(),
                second=second,
            ),
        )
        sheet = merge(GradeSheet.from_json(attempt.sheet or {}), attempt_quiz(self._quizzes, attempt), [marks])
        Results(self._session, self._clock).record(attempt, sheet)
        attempt.marks_unseen = not sheet.pending

    def _entry(self, row: Any, question_id: str, actor: Actor) -> ToMark:
        attempt: Attempt = row.Attempt
        questions = self._quizzes.quiz(attempt.module_id, attempt.quiz_version).questions
        return ToMark(
            attempt_id=attempt.id,
            question_id=question_id,
            number=next((place for place, one in enumerate(questions, 1) if one.id == question_id), 0),
            link_id=attempt.resource_link_id,
            activity=row.title,
            name=row.name or row.listed_name,
            alias=pseudonym(actor.context_id or UUID(int=0), row.subject),
            submitted_at=attempt.submitted_at or self._clock(),
        )

    def _history(self, actor: Actor, attempt_id: UUID, question_id: str) -> tuple[PastMarks, ...]:
        rows = self._session.scalars(
            select(Review)
            .where(
                Review.registration_id == actor.registration_id,
                Review.attempt_id == attempt_id,
                Review.question_id == question_id,
            )
            .order_by(Review.at.desc(), Review.id.desc())
        )
        return tuple(
            PastMarks(
                row.id,
                stored_review(row.question_id, row.points, row.comment),
                row.at,
                row.second,
                row.marker_id == actor.user_id,
            )
            for row in rows
        )


def among(entries: Iterable[ToMark], link_id: UUID | None) -> Sequence[ToMark]:
    """Return the answers of one activity, or all."""
    return [entry for entry in entries if link_id in {None, entry.link_id}]


def _of_course(actor: Actor) -> Any:
    """Attempts that were handed in through the actor's course, with who they belong to."""
    return (
        select(Attempt, ResourceLink.title, LtiUser.subject, LtiUser.name, RosterMember.name.label("listed_name"))
        .join(
            ResourceLink,
            and_(ResourceLink.registration_id == Attempt.registration_id, ResourceLink.id == Attempt.resource_link_id),
        )
        .join(LtiUser, and_(LtiUser.registration_id == Attempt.registration_id, LtiUser.id == Attempt.user_id))
        .outerjoin(
            RosterMember,
            and_(
                RosterMember.registration_id == LtiUser.registration_id,
                RosterMember.context_id == ResourceLink.context_id,
                RosterMember.subject == LtiUser.subject,
            ),
        )
        .where(
            Attempt.registration_id == actor.registration_id,
            ResourceLink.context_id == actor.context_id,
            Attempt.submitted_at.is_not(None),
        )
    )
