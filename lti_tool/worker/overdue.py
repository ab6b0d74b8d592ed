"""Hands in attempts whose time is up."""

from __future__ import annotations

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

    def __call__(self) -> None:
        """Hand in what is overdue; an attempt that breaks our own code must not stop the grades."""
        try:
            with self._sessions.begin() as session:
                count = OverdueAttempts(session, self._clock, self._catalogue).hand_in()
        except (ValueError, LookupError):
            log.exception("attempts.not_handed_in", code="internal")
            return
        if count:
            log.info("attempts.handed_in", count=count, reason="time is up")
