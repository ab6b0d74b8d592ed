"""Changes to questions as the worker carries them out: a few hundred attempts in each transaction.

A step's place is written together with what it changed, so a worker that dies loses nothing and repeats nothing. Every
attempt is graded from its stored answers, never by adding a difference: once more changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Part
from lti_tool.db.models import Attempt, Registration, Regrade, RegradedAttempt, ResourceLink, Response
from lti_tool.db.upsert import insert_or
from lti_tool.domain.grading import GradeSheet
from lti_tool.domain.regrading import Change, Figures, Stage, regraded
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.scores import Scores

ATTEMPTS_PER_STEP = 250
LEASE = timedelta(seconds=60)
BROKEN_AGAIN_AFTER = timedelta(minutes=15)
HANDED_IN_MEANWHILE = timedelta(minutes=5)
"""Attempts that were on their way in when a change began to hold are looked at once more at its end."""


@dataclass(frozen=True, slots=True)
class _Changed:
    attempt: Attempt
    before: GradeSheet
    after: GradeSheet


class RegradeSteps:
    """Takes one change at a time a step further."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def step(self) -> bool:
        """Look at the next attempts of a change that is due; return whether there was one."""
        row = self._take()
        if row is None:
            return False
        if row.cursor is None:
            row.total = self._count(row)
        attempts = self._attempts(row)
        changed = self._regraded(row, attempts)
        figures = Figures.from_json(row.figures)
        for one in changed:
            figures = figures.with_one(one.before, one.after)
        if row.stage == Stage.APPLYING:
            self._write(row, changed)
        row.figures, row.done = figures.to_json(), row.done + len(attempts)
        if attempts:
            row.cursor = attempts[-1].id
        if len(attempts) < ATTEMPTS_PER_STEP:
            self._finish(row)
        row.next_try_at = self._clock()
        return True

    def postpone(self) -> None:
        """Leave the change that is due, as it breaks our own code: others get their turn, and it again in a while."""
        row = self._take()
        if row is not None:
            row.next_try_at = self._clock() + BROKEN_AGAIN_AFTER

    def _take(self) -> Regrade | None:
        """Lock a change; another worker passes it by until this transaction ends."""
        return self._session.scalar(
            select(Regrade)
            .join(Registration, Registration.id == Regrade.registration_id)
            .where(
                Regrade.stage.in_((Stage.COUNTING, Stage.APPLYING)),
                Regrade.next_try_at <= self._clock(),
                Registration.active,
            )
            .order_by(Regrade.next_try_at)
            .limit(1)
            .with_for_update(of=Regrade, skip_locked=True)
            .execution_options(populate_existing=True)
        )

    def _finish(self, row: Regrade) -> None:
        if row.stage == Stage.COUNTING:
            row.stage = Stage.PREVIEWED
            return
        late = self._regraded(row, self._handed_in_meanwhile(row))
        self._write(row, late)
        row.stage = Stage.DONE

    def _count(self, row: Regrade) -> int:
        return self._session.scalar(select(func.count()).select_from(_attempts_of(row).subquery())) or 0

    def _attempts(self, row: Regrade) -> Sequence[Attempt]:
        query = _attempts_of(row).order_by(Attempt.id).limit(ATTEMPTS_PER_STEP).with_for_update(of=Attempt)
        if row.cursor is not None:
            query = query.where(Attempt.id > row.cursor)
        return self._session.scalars(query.execution_options(populate_existing=True)).all()

    def _handed_in_meanwhile(self, row: Regrade) -> Sequence[Attempt]:
        since = (row.applied_at or self._clock()) - HANDED_IN_MEANWHILE
        query = _attempts_of(row).where(Attempt.submitted_at >= since).with_for_update(of=Attempt)
        return self._session.scalars(query.execution_options(populate_existing=True)).all()

    def _regraded(self, row: Regrade, attempts: Sequence[Attempt]) -> list[_Changed]:
        """Return the attempts whose sheet is another one by the change."""
        change = Change.from_json(row.change)
        answers = self._answers(row, attempts)
        changed = []
        for attempt in attempts:
            quiz = self._quizzes.quiz(attempt.module_id, attempt.quiz_version)
            question = quiz.question(row.question_id)
            before = GradeSheet.from_json(attempt.sheet or {})
            if question is None:
                continue
            try:
                after = regraded(before, question, change, answers.get(attempt.id, ()), quiz.pass_share)
            except ValueError:  # another question had this name when the attempt was made
                continue
            if after is not before:
                changed.append(_Changed(attempt, before, after))
        return changed

    def _answers(self, row: Regrade, attempts: Sequence[Attempt]) -> Mapping[UUID, tuple[str, ...]]:
        rows = self._session.execute(
            select(Response.attempt_id, Response.answer).where(
                Response.registration_id == row.registration_id,
                Response.attempt_id.in_([attempt.id for attempt in attempts]),
                Response.question_id == row.question_id,
            ),
        )
        return {attempt_id: tuple(answer) for attempt_id, answer in rows}

    def _write(self, row: Regrade, changed: Sequence[_Changed]) -> None:
        """Store sheets, what was before, passes and the scores' way to the platform, in this one transaction."""
        if not changed:
            return
        key = {"registration_id": row.registration_id}
        attempt_table = cast("Table", Attempt.__table__)
        connection = self._session.connection()
        connection.execute(
            update(attempt_table).where(
                attempt_table.c.registration_id == row.registration_id, attempt_table.c.id == bindparam("its_id")
            ),
            [{"its_id": one.attempt.id, **_columns(one.after)} for one in changed],
        )
        connection.execute(
            insert_or(self._session, RegradedAttempt).on_conflict_do_nothing(),
            [{**key, "regrade_id": row.id, **_history(one)} for one in changed],
        )
        self._record_progress(row, changed)
        people: dict[UUID, set[UUID]] = defaultdict(set)
        for one in changed:
            people[one.attempt.resource_link_id].add(one.attempt.user_id)
        scores = Scores(self._session, self._clock)
        for link_id, its_people in people.items():
            scores.queue_people(row.registration_id, link_id, its_people)

    def _record_progress(self, row: Regrade, changed: Sequence[_Changed]) -> None:
        progress = Progress(self._session, self._clock)
        progress.touch(row.registration_id, {one.attempt.user_id for one in changed}, row.module_id)
        if row.part != Part.QUIZ:
            return
        for one in changed:
            if one.after.passed and not one.after.pending and not one.before.passed:
                moment = one.attempt.submitted_at or self._clock()
                progress.record_pass(row.registration_id, one.attempt.user_id, row.module_id, moment)


def _attempts_of(row: Regrade) -> Any:
    """Attempts that were handed in through the course at the module's part."""
    return (
        select(Attempt)
        .join(
            ResourceLink,
            and_(ResourceLink.registration_id == Attempt.registration_id, ResourceLink.id == Attempt.resource_link_id),
        )
        .where(
            Attempt.registration_id == row.registration_id,
            ResourceLink.context_id == row.context_id,
            Attempt.module_id == row.module_id,
            Attempt.part == row.part,
            Attempt.submitted_at.is_not(None),
        )
    )


def _columns(sheet: GradeSheet) -> dict[str, Any]:
    return {
        "sheet": sheet.to_json(),
        "points": sheet.points,
        "maximum": sheet.maximum,
        "passed": sheet.passed and not sheet.pending,
        "needs_marking": sheet.pending,
    }


def _history(one: _Changed) -> dict[str, Any]:
    return {
        "attempt_id": one.attempt.id,
        "points_before": one.before.points,
        "points_after": one.after.points,
        "passed_before": one.before.passed,
        "passed_after": one.after.passed,
        "sheet_before": one.before.to_json(),
    }
