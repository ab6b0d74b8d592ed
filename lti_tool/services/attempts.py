"""Attempts at a quiz or an assignment: begin, save answers as they come, submit once, and let one of them count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import randrange
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Counts, Module, Part, QuestionKind, Quiz
from lti_tool.db.models import Attempt, Response
from lti_tool.db.upsert import insert_or, upsert
from lti_tool.domain.actor import Actor
from lti_tool.domain.answers import Answer, BadAnswer, parse_answer
from lti_tool.domain.drawing import SEEDS, draw
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.services.attempt_views import AttemptView, QuizOverview, summarise, view_attempt
from lti_tool.services.extra_time import ExtraTimes
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.results import Results

GRACE = timedelta(seconds=30)
"""An answer may be this long on its way after the time is up."""


class Attempts:
    """A person's attempts. Anybody else's do not exist here (`not_found`)."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def overview(self, actor: Actor, module: Module, part: Part = Part.QUIZ) -> QuizOverview:
        """Return the attempts made so far through this activity."""
        quiz = module.graded(part)
        limit = quiz.attempts_limit if quiz else None
        counts = quiz.counts if quiz else Counts.BEST
        if not actor.keeps_progress or actor.resource_link_id is None:
            return QuizOverview(attempts_left=limit, counts=counts)
        rows = self._rows(actor, module.id, part)
        return QuizOverview(
            submitted=tuple(summarise(row) for row in rows if row.submitted_at),
            open_attempt=next((row.id for row in rows if not row.submitted_at), None),
            attempts_left=None if limit is None else max(0, limit - len(rows)),
            counts=Counts(rows[-1].counts) if rows else counts,
        )

    def start(self, actor: Actor, module: Module, part: Part = Part.QUIZ) -> UUID:
        """Begin an attempt, or return the one that is open; two tabs at once get the same one.

        Raises:
            Refusal: `role.forbidden` for a preview, `attempt.closed` if no attempt is left.
        """
        if not actor.keeps_progress or actor.resource_link_id is None or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews keep no attempts")
        overview = self.overview(actor, module, part)
        if overview.open_attempt:
            return overview.open_attempt
        if overview.attempts_left == 0:
            raise Refusal(Code.ATTEMPT_CLOSED, "no attempt left")
        self._begin(actor, module, part, (actor.resource_link_id, actor.user_id, len(overview.submitted) + 1))
        Progress(self._session, self._clock).begin(actor, module.id)
        started = self.overview(actor, module, part).open_attempt
        if started is None:
            raise Refusal(Code.ATTEMPT_CLOSED, "started and submitted in another tab")
        return started

    def view(self, actor: Actor, attempt_id: UUID) -> AttemptView:
        """Return one attempt.

        Raises:
            Refusal: `not_found`.
        """
        return view_attempt(self._session, self._quizzes, self.own(actor, attempt_id))

    def save(self, actor: Actor, attempt_id: UUID, question_id: str, raw_answer: object) -> datetime:
        """Keep the latest answer to one question; return when.

        Raises:
            Refusal: `not_found`, `attempt.closed` after the submission, `attempt.late` after the deadline,
                `attempt.bad_answer` for anything that is not an answer to a question of this attempt.
        """
        attempt = self.open_attempt(actor, attempt_id)
        return self.keep(attempt, question_id, self._parse(attempt, question_id, raw_answer))

    def submit(self, actor: Actor, attempt_id: UUID) -> AttemptView:
        """Grade the attempt, once: a second submission returns the same sheet.

        After the deadline the answers count that had come until then. The sheet, the progress and the score's way to
        the platform are stored together.
        """
        attempt = self.own(actor, attempt_id, lock=True)
        view = view_attempt(self._session, self._quizzes, attempt)
        if view.sheet:
            return view
        attempt.submitted_at = self._clock()
        Results(self._session, self._clock).grade(attempt, view.quiz, view.answers)
        return view_attempt(self._session, self._quizzes, attempt)

    def _begin(self, actor: Actor, module: Module, part: Part, place: tuple[UUID, UUID, int]) -> None:
        link_id, user_id, number = place
        quiz = self._quizzes.keep(module, part)
        seed = randrange(SEEDS)
        self._session.execute(
            insert_or(self._session, Attempt)
            .values(
                registration_id=actor.registration_id,
                id=new_id(),
                user_id=user_id,
                resource_link_id=link_id,
                module_id=module.id,
                part=part,
                quiz_version=quiz.version,
                number=number,
                counts=quiz.counts,
                seed=seed,
                question_ids=list(draw(quiz, seed)),
                started_at=self._clock(),
                deadline_at=self._deadline(actor, link_id, user_id, quiz),
            )
            .on_conflict_do_nothing(),
        )

    def _deadline(self, actor: Actor, link_id: UUID, user_id: UUID, quiz: Quiz) -> datetime | None:
        if quiz.time_limit is None:
            return None
        extra = ExtraTimes(self._session, self._clock).minutes(actor.registration_id, link_id, user_id)
        return self._clock() + timedelta(minutes=quiz.time_limit + extra)

    def open_attempt(self, actor: Actor, attempt_id: UUID) -> Attempt:
        """Return the person's attempt, locked, if its answers may still be changed.

        Raises:
            Refusal: `not_found`, `attempt.closed`, `attempt.late`.
        """
        attempt = self.own(actor, attempt_id, lock=True)
        if attempt.submitted_at:
            raise Refusal(Code.ATTEMPT_CLOSED)
        if self.is_late(attempt.deadline_at):
            raise Refusal(Code.ATTEMPT_LATE)
        return attempt

    def is_late(self, deadline_at: datetime | None) -> bool:
        """Tell whether the time is up, by the server's clock."""
        return deadline_at is not None and self._clock() > deadline_at + GRACE

    def keep(self, attempt: Attempt, question_id: str, answer: Answer) -> datetime:
        """Write an answer down that was checked before; return when."""
        saved_at = self._clock()
        upsert(
            self._session,
            Response,
            key={
                "registration_id": attempt.registration_id,
                "attempt_id": attempt.id,
                "question_id": question_id,
            },
            values={"answer": list(answer), "saved_at": saved_at},
        )
        return saved_at

    def _rows(self, actor: Actor, module_id: str, part: Part) -> Sequence[Attempt]:
        return self._session.scalars(
            select(Attempt)
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.user_id == actor.user_id,
                Attempt.resource_link_id == actor.resource_link_id,
                Attempt.module_id == module_id,
                Attempt.part == part,
            )
            .order_by(Attempt.number),
        ).all()

    def own(self, actor: Actor, attempt_id: UUID, *, lock: bool = False) -> Attempt:
        """Return the person's attempt.

        Raises:
            Refusal: `not_found`.
        """
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
        asked = attempt.question_ids is None or question_id in attempt.question_ids
        if question is None or not asked or question.kind is QuestionKind.FILE:
            raise Refusal(Code.ATTEMPT_BAD_ANSWER, "no such question, or one that takes a file")
        try:
            return parse_answer(question, raw_answer)
        except BadAnswer as error:
            code = Code.ATTEMPT_NOT_A_NUMBER if error.number else Code.ATTEMPT_BAD_ANSWER
            raise Refusal(code, str(error)) from error
