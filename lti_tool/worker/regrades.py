"""Attempts graded anew after a question was changed, between the grades that are due."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.curriculum.model import Catalogue
from lti_tool.services.ports import Clock
from lti_tool.services.regrade_steps import RegradeSteps

log = structlog.get_logger(__name__)

SECONDS_AT_A_TIME = 2.0
"""Then grades get their turn."""


class Regrader:
    """Takes changes further, a step in each transaction."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        catalogue: Catalogue,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._catalogue = catalogue
        self._clock = clock
        self._monotonic = monotonic

    def __call__(self) -> None:
        """Do what is due, for two seconds at most."""
        end = self._monotonic() + SECONDS_AT_A_TIME
        while self._step() and self._monotonic() < end:
            pass

    def _step(self) -> bool:
        try:
            with self._sessions.begin() as session:
                return RegradeSteps(session, self._clock, self._catalogue).step()
        except SQLAlchemyError:
            raise
        except Exception:  # one change that breaks our own code must not stop the others
            log.exception("regrade.broken", code="internal")
        with self._sessions.begin() as session:
            RegradeSteps(session, self._clock, self._catalogue).postpone()
        return True
