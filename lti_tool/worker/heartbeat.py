"""A worker's sign of life, for the operator and for monitoring."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import __version__
from lti_tool.domain.ids import new_id
from lti_tool.services.ports import Clock
from lti_tool.services.worker_beats import WorkerBeats, WorkerProcess

BEAT_SECONDS = 15.0

_log = structlog.get_logger(__name__)


class Heartbeat:
    """Beats when called, at most every quarter of a minute."""

    def __init__(
        self, sessions: sessionmaker[Session], clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._monotonic = monotonic
        self._beat_at = float("-inf")
        self._worker = WorkerProcess(new_id(), socket.gethostname(), os.getpid(), __version__, clock())

    def __call__(self) -> None:
        """Say that this worker lives, if it is time to."""
        now = self._monotonic()
        if now - self._beat_at >= BEAT_SECONDS:
            with self._sessions.begin() as session:
                WorkerBeats(session, self._clock).beat(self._worker)
            self._beat_at = now

    def end(self) -> None:
        """Say that it ends."""
        try:
            with self._sessions.begin() as session:
                WorkerBeats(session, self._clock).end(self._worker)
        except SQLAlchemyError as error:
            _log.warning("worker.end_not_noted", error=type(error).__name__)
