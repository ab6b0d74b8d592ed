"""Asks the issuers of transcripts that people brought: their keys first, then whether it was revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.credentials.transcript_check import host_of, is_revoked, read, verify
from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.transcripts import Fault, IssuerAway, Transcript, TranscriptRefused
from lti_tool.services.ports import Clock, IssuerDocuments
from lti_tool.services.presented_transcripts import DueCheck, PresentedTranscripts
from lti_tool.services.recognition import Recognition

log = structlog.get_logger(__name__)

AT_A_TIME = 5
"""So few that a slow issuer never keeps the grades waiting for long."""
PAUSE = timedelta(seconds=5)


class TranscriptChecking:
    """A task of the worker's loop. Its first round also looks for modules that are offered since the last start."""

    def __init__(
        self, sessions: sessionmaker[Session], documents: IssuerDocuments, clock: Clock, catalogue: Catalogue
    ) -> None:
        self._sessions = sessions
        self._documents = documents
        self._clock = clock
        self._catalogue = catalogue
        self._looked_at: datetime | None = None

    def __call__(self) -> None:
        """Check what is due, each in a transaction of its own, and let count what nothing stands against."""
        now = self._clock()
        if self._looked_at and now - self._looked_at < PAUSE:
            return
        with self._sessions.begin() as session:
            recognition = Recognition(session, self._clock, self._catalogue)
            recognition.recognise_accepted()
            if self._looked_at is None:
                recognition.recognise_new_modules()
            due = PresentedTranscripts(session, self._clock).due(AT_A_TIME)
        self._looked_at = now
        for check in due:
            self._check(check)

    def _check(self, check: DueCheck) -> None:
        """Ask without a transaction, then settle in one."""
        fault: Fault | None = None
        away = False
        try:
            self._ask(check.token)
        except TranscriptRefused as refused:
            fault = refused.fault
        except IssuerAway as silent:
            away = True
            log.info("transcript.issuer_away", reason=str(silent), registration_id=check.registration_id)
        with self._sessions.begin() as session:
            presented = PresentedTranscripts(session, self._clock)
            if away:
                presented.postpone(check.registration_id, check.id)
                return
            presented.settle(check.registration_id, check.id, fault)
            Recognition(session, self._clock, self._catalogue).put_forward(check.registration_id, check.id)

    def _ask(self, token: str) -> None:
        """Return if the transcript is genuine and was not revoked; it was presented in time.

        Raises:
            TranscriptRefused: it is not.
            IssuerAway: nobody knows yet.
        """
        host = host_of(read(token.encode())[1].issuer)
        document = self._documents.key_document(host)
        try:
            transcript = verify(token, document)
        except TranscriptRefused:  # perhaps the issuer has a new key
            document = self._documents.key_document(host, fresh=True)
            transcript = verify(token, document)
        if self._is_revoked(transcript, document):
            raise TranscriptRefused(Fault.REVOKED)

    def _is_revoked(self, transcript: Transcript, document: Mapping[str, Any]) -> bool:
        return is_revoked(self._documents.status_list(transcript.status_list), document, transcript, self._clock())
