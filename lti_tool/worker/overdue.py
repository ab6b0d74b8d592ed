"""Hands in attempts whose time is up."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.curriculum.model import Catalogue
from lti_tool.services.overdue_attempts import OverdueAttempts
from lti_tool.services.ports import Clock

log = structlog.get_logger(__name__)


class OverdueHandIn:
    """A task of the worker's loop."""

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, catalogue: Catalogue) -> None:
        self._sessions = sessions
        self._clock = clock
        self._catalogue = catalogue
        self._broken: set[UUID] = set()

    def __call__(self) -> None:
        """Hand in what is overdue; an attempt that breaks our own code waits for another worker, that is for us."""
        with self._sessions.begin() as session:
            done = OverdueAttempts(session, self._clock, self._catalogue).hand_in(self._broken)
        for attempt_id, error in done.broken.items():
            log.error("attempts.not_handed_in", code="internal", attempt_id=str(attempt_id), exc_info=error)
        self._broken |= set(done.broken)
        if done.count:
            log.info("attempts.handed_in", count=done.count, reason="time is up")
