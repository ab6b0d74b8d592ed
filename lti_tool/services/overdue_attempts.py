"""Attempts whose time is up and that nobody handed in: handed in with what was saved, so that no result is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import Attempt
from lti_tool.services.attempt_views import view_attempt
from lti_tool.services.attempts import GRACE
from lti_tool.services.ports import Clock
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.results import Results

BATCH = 20


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How many, and which could not be."""

    count: int
    broken: Mapping[UUID, Exception]


class OverdueAttempts:
    """A short job that the worker runs between scores."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def hand_in(self, without: Collection[UUID] = ()) -> HandedIn:
        """Hand in some of them. Handed in by the person meanwhile is handed in once.

        An attempt that breaks our own code is left as it was, and tells its id, so that it can be left out next time.
        """
        now = self._clock()
        overdue = self._session.scalars(
            select(Attempt)
            .where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now - 2 * GRACE, Attempt.id.not_in(without))
            .order_by(Attempt.deadline_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        broken: dict[UUID, Exception] = {}
        for attempt_id, attempt in [(attempt.id, attempt) for attempt in overdue]:
            try:
                with self._session.begin_nested():
                    view = view_attempt(self._session, self._quizzes, attempt)
                    attempt.submitted_at = now
                    Results(self._session, self._clock).grade(attempt, view.quiz, view.answers)
            except SQLAlchemyError:
                raise
            except Exception as error:  # noqa: BLE001 -- whatever it is, the others' time is up as well
                broken[attempt_id] = error
        return HandedIn(len(overdue) - len(broken), broken)
