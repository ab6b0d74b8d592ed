"""Keeps the grade columns of trackers up to date."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.curriculum.model import Catalogue
from lti_tool.services.ports import Clock
from lti_tool.services.tracker_grades import TrackerGrades

PAUSE = timedelta(seconds=10)
OVERLAP = timedelta(minutes=1)
"""Looked at again each time: what was committed late, or stamped by another machine's clock."""


class TrackerGrading:
    """A task of the worker's loop; its first round looks at everybody."""

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, catalogue: Catalogue) -> None:
        self._sessions = sessions
        self._clock = clock
        self._catalogue = catalogue
        self._looked_at: datetime | None = None

    def __call__(self) -> None:
        """Queue what changed; an equal percentage is not sent twice."""
        now = self._clock()
        if self._looked_at and now - self._looked_at < PAUSE:
            return
        since = self._looked_at - OVERLAP if self._looked_at else None
        with self._sessions.begin() as session:
            TrackerGrades(session, self._clock, self._catalogue).refresh(since)
        self._looked_at = now
