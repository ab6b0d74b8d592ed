"""Deletes what has served its time: burnt states, sessions, hand-over codes, questions for content, old keys."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import (
    BurntState,
    DeepLinkingRequest,
    Handover,
    LaunchSession,
    OperatorLink,
    OperatorSession,
    Registration,
    Roster,
)
from lti_tool.services.notices import Notices
from lti_tool.services.ports import Clock
from lti_tool.services.presented_transcripts import PresentedTranscripts
from lti_tool.services.refused_launches import RefusedLaunches
from lti_tool.services.tool_keys import delete_gone_keys
from lti_tool.services.worker_beats import WorkerBeats


class Housekeeping:
    """A short job that the worker runs from time to time."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def sweep(self) -> None:
        """Delete expired rows. A burnt state is kept until the state itself would be refused by its date."""
        now = self._clock()
        for table in (Handover, BurntState, LaunchSession, DeepLinkingRequest, OperatorLink, OperatorSession):
            self._session.execute(
                delete(table).where(table.expires_at < now).execution_options(synchronize_session=False),
            )
        Notices(self._session, self._clock).sweep()
        RefusedLaunches(self._session, self._clock).sweep()
        PresentedTranscripts(self._session, self._clock).sweep()
        WorkerBeats(self._session, self._clock).sweep()
        delete_gone_keys(self._session, now)
        switched_off = select(Registration.id).where(Registration.nrps_enabled.is_(False))
        self._session.execute(
            delete(Roster).where(Roster.registration_id.in_(switched_off)).execution_options(synchronize_session=False),
        )
