"""Attempts at a quiz: begin, save answers as they come, submit once, and let the best one count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module, Quiz
from lti_tool.db.models import Attempt, Response
from lti_tool.db.upsert import insert_or
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grading import Answer, GradeSheet, grade, parse_answer
from lti_tool.domain.ids import new_id
from lti_tool.domain.scores import Submission
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.scores import Scores


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt with its answers; `sheet` is None until it is submitted."""

    id: UUID
    module_id: str
    number: int
    quiz: Quiz
    answers: Mapping[str, Answer]
    saved_at: datetime | None
    started_at: datetime
    submitted_at: datetime | None
    sheet: GradeSheet | None


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """A submitted attempt in a list."""

    id: UUID
    number: int
    started_at: datetime
    submitted_at: datetime
    points: Decimal
    maximum: Decimal
    passed: bool

    @property
    def share(self) -> Decimal:
        """Points over maximum, 0 to 1."""
        return self.points / self.maximum


@dataclass(frozen=True, slots=True)
class QuizOverview:
    """A person's attempts at a module's quiz in one activity, oldest first; `attempts_left` None means any number."""

    submitted: tuple[AttemptSummary, ...] = ()
    open_attempt: UUID | None = None
    attempts_left: int | None = None

    @property
    def best(self) -> AttemptSummary | None:
        """The attempt that counts; of equals, the first."""
        return max(self.submitted, key=lambda attempt: attempt.share, default=None)


class Attempts:
    """A person's attempts. Anybody else's do not exist here (`not_found`)."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def overview(self, actor: Actor, module: Module) -> QuizOverview:
        """Return the attempts made so far through this activity."""
        limit = module.quiz.attempts_limit if module.quiz else None
        if not actor.keeps_progress or actor.resource_link_id is None:
            return QuizOverview(attempts_left=limit)
        rows = self._rows(actor, module.id)
        return QuizOverview(
            submitted=tuple(summarise(row) for row in rows if row.submitted_at),
            open_attempt=next((row.id for row in rows if not row.submitted_at), None),
            attempts_left=None if limit is None else max(0, limit - len(rows)),
        )

    def start(self, actor: Actor, module: Module) -> UUID:
        """Begin an attempt, or return the one that is open; two tabs at once get the same one.

        Raises:
            Refusal: `role.forbidden` for a preview, `attempt.closed` if no attempt is left.
        """
        if not actor.keeps_progress or actor.resource_link_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews keep no attempts")
        overview = self.overview(actor, module)
        if overview.open_attempt:
            return overview.open_attempt
        if overview.attempts_left == 0:
            raise Refusal(Code.ATTEMPT_CLOSED, "no attempt left")
        quiz = self._quizzes.keep(module)
        self._session.execute(
            insert_or(self._session, Attempt)
            .values(
                registration_id=actor.registration_id,
                id=new_id(),
                user_id=actor.user_id,
                resource_link_id=actor.resource_link_id,
                module_id=module.id,
                quiz_version=quiz.version,
                number=len(overview.submitted) + 1,
                started_at=self._clock(),
            )
            .on_conflict_do_nothing(),
        )
        Progress(self._session, self._clock).begin(actor, module.id)
        started = self.overview(actor, module).open_attempt
        if started is None:
            raise Refusal(Code.ATTEMPT_CLOSED, "started and submitted in another tab")
        return started

    def view(self, actor: Actor, attempt_id: UUID) -> AttemptView:
        """Return one attempt.

        Raises:
            Refusal: `not_found`.
        """
        return view_attempt(self._session, self._quizzes, self._own(actor, attempt_id))

    def save(self, actor: Actor, attempt_id: UUID, question_id: str, raw_answer: object) -> datetime:
        """Keep the latest answer to one question; return when.

        Raises:
            Refusal: `not_found`, `attempt.closed` after the submission, `attempt.bad_answer` for anything that is not
                an answer to a question of this attempt.
        """
        attempt = self._own(actor, attempt_id, lock=True)
        if attempt.submitted_at:
            raise Refusal(Code.ATTEMPT_CLOSED)
        answer = self._parse(attempt, question_id, raw_answer)
        saved_at = self._clock()
        values = {"answer": list(answer), "saved_at": saved_at}
        self._session.execute(
            insert_or(self._session, Response)
            .values(
                registration_id=attempt.registration_id,
                attempt_id=attempt.id,
                question_id=question_id,
                **values,
            )
            .on_conflict_do_update(index_elements=["registration_id", "attempt_id", "question_id"], set_=values),
        )
        return saved_at

    def submit(self, actor: Actor, attempt_id: UUID) -> AttemptView:
        """Grade the attempt, once: a second submission returns the same sheet.

        The sheet, the progress and the score's way to the platform are stored together.
        """
        attempt = self._own(actor, attempt_id, lock=True)
        view = view_attempt(self._session, self._quizzes, attempt)
        if view.sheet:
            return view
        sheet = grade(view.quiz, view.answers)
        attempt.submitted_at = self._clock()
        attempt.sheet = sheet.to_json()
        attempt.points, attempt.maximum, attempt.passed = sheet.points, sheet.maximum, sheet.passed
        self._session.flush()  # the best score below is read from the database
        if sheet.passed:
            Progress(self._session, self._clock).record_pass(actor, attempt.module_id, attempt.submitted_at)
        self._queue_best(actor, attempt.module_id)
        return view_attempt(self._session, self._quizzes, attempt)

    def _queue_best(self, actor: Actor, module_id: str) -> None:
        """The activity's own module counts in its column; another module learned along the way does not."""
        if actor.module_id != module_id:
            return
        submitted = tuple(summarise(row) for row in self._rows(actor, module_id) if row.submitted_at)
        best = QuizOverview(submitted).best
        if best:
            submission = Submission(best.started_at, best.submitted_at)
            scores = Scores(self._session, self._clock)
            scores.queue(actor, best.points, best.maximum, submission, passed=best.passed)

    def _rows(self, actor: Actor, module_id: str) -> Sequence[Attempt]:
        return self._session.scalars(
            select(Attempt)
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.user_id == actor.user_id,
                Attempt.resource_link_id == actor.resource_link_id,
                Attempt.module_id == module_id,
            )
            .order_by(Attempt.number),
        ).all()

    def _own(self, actor: Actor, attempt_id: UUID, *, lock: bool = False) -> Attempt:
        query = select(Attempt).where(
            Attempt.registration_id == actor.registration_id,
            Attempt.id == attempt_id,
            Attempt.user_id == actor.user_id,
            Attempt.resource_link_id == actor.resource_link_id,
        )
        attempt = self._session.scalar(query.with_for_update() if lock else query)
        if attempt is None or not actor.keeps_progress:
            raise Refusal(Code.NOT_FOUND, "no such attempt of this person")
        return attempt

    def _parse(self, attempt: Attempt, question_id: str, raw_answer: object) -> Answer:
        question = self._quizzes.quiz(attempt.module_id, attempt.quiz_version).question(question_id)
        if question is None:
            raise Refusal(Code.ATTEMPT_BAD_ANSWER, "no such question")
        try:
            return parse_answer(question, raw_answer)
        except ValueError as error:
            raise Refusal(Code.ATTEMPT_BAD_ANSWER, str(error)) from error


def view_attempt(session: Session, quizzes: QuizVersions, attempt: Attempt) -> AttemptView:
    """Return an attempt with its answers and the quiz as it was; who may see it is the caller's to decide."""
    rows = session.execute(
        select(Response.question_id, Response.answer, Response.saved_at).where(
            Response.registration_id == attempt.registration_id,
            Response.attempt_id == attempt.id,
        ),
    ).all()
    return AttemptView(
        id=attempt.id,
        module_id=attempt.module_id,
        number=attempt.number,
        quiz=quizzes.quiz(attempt.module_id, attempt.quiz_version),
        answers={row.question_id: tuple(row.answer) for row in rows},
        saved_at=max((row.saved_at for row in rows), default=None),
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        sheet=GradeSheet.from_json(attempt.sheet) if attempt.sheet else None,
    )


def summarise(row: Attempt) -> AttemptSummary:
    if row.submitted_at is None or row.points is None or row.maximum is None or row.passed is None:
        raise ValueError(f"attempt {row.id} is submitted but not graded")
    return AttemptSummary(row.id, row.number, row.started_at, row.submitted_at, row.points, row.maximum, row.passed)
