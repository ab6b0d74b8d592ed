"""Attempts whose time is up and that nobody handed in: handed in with what was saved, so that no result is lost."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import Attempt
from lti_tool.services.attempt_views import view_attempt
from lti_tool.services.attempts import GRACE
from lti_tool.services.ports import Clock
from lti_tool.services.quiz_versions import QuizVersions
from lti_tool.services.results import Results

BATCH = 20


class OverdueAttempts:
    """A short job that the worker runs between scores."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._quizzes = QuizVersions(session, catalogue)

    def hand_in(self) -> int:
        """Hand in some of them; return how many. Handed in by the person meanwhile is handed in once."""
        now = self._clock()
        overdue = self._session.scalars(
            select(Attempt)
            .where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now - 2 * GRACE)
            .order_by(Attempt.deadline_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for attempt in overdue:
            view = view_attempt(self._session, self._quizzes, attempt)
            attempt.submitted_at = now
            Results(self._session, self._clock).grade(attempt, view.quiz, view.answers)
        return len(overdue)
