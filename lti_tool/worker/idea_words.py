"""Writes anew what cards of ideas are searched by, after an upgrade that does so in another way."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.idea_renewal import BATCH, IdeaRenewal
from lti_tool.services.ports import Clock

log = structlog.get_logger(__name__)

LOOKS_EVERY = timedelta(minutes=10)
"""An older version beside this one may go on writing cards in its way."""


class IdeaWords:
    """A task of the worker's loop: a batch at each turn until all are done."""

    def __init__(self, sessions: sessionmaker[Session], clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock
        self._done_at: datetime | None = None

    def __call__(self) -> None:
        """Write a batch."""
        now = self._clock()
        if self._done_at and now - self._done_at < LOOKS_EVERY:
            return
        with self._sessions.begin() as session:
            count = IdeaRenewal(session).renew()
        if count:
            log.info("ideas.made_searchable", count=count)
        self._done_at = now if count < BATCH else None
