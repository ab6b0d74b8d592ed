"""Keeps the grade columns of trackers, and of live time, up to date."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.curriculum.model import Catalogue
from lti_tool.services.attendance_grades import AttendanceGrades
from lti_tool.services.ports import Clock
from lti_tool.services.tracker_grades import TrackerGrades

PAUSE = timedelta(seconds=10)
OVERLAP = timedelta(minutes=1)
"""Looked at again each time: what was committed late, or stamped by another machine's clock."""
EVERYBODY = timedelta(hours=1)
"""So often everybody is looked at: nothing that moves a percentage in a way nobody thought of stays unseen."""
PEOPLE_AT_ONCE = 50
"""In one transaction, so that nobody who hands in meanwhile waits long for a worker that writes."""


class TrackerGrading:
    """A task of the worker's loop; its first round looks at everybody, as rules may have changed meanwhile.

    A worker that dies within a round has lost nothing: the next one begins with a first round of its own.
    """

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, catalogue: Catalogue) -> None:
        self._sessions = sessions
        self._clock = clock
        self._catalogue = catalogue
        self._looked_at: datetime | None = None
        self._everybody_at: datetime | None = None

    def __call__(self) -> None:
        """Queue what changed; an equal percentage is not sent twice."""
        now = self._clock()
        if self._looked_at and now - self._looked_at < PAUSE:
            return
        everybody = self._everybody_at is None or now - self._everybody_at >= EVERYBODY
        since = None if everybody or self._looked_at is None else self._looked_at - OVERLAP
        for grades in (TrackerGrades, AttendanceGrades):
            with self._sessions() as session:
                due = grades(session, self._clock, self._catalogue).due(since)
            for start in range(0, len(due), PEOPLE_AT_ONCE):
                with self._sessions.begin() as session:
                    grades(session, self._clock, self._catalogue).queue(due[start : start + PEOPLE_AT_ONCE])
        self._looked_at = now
        if since is None:
            self._everybody_at = now
