"""The operator of the tool: no password, but a one-time link from the command line of the server."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import OperatorLink, OperatorSession
from lti_tool.db.upsert import insert_row
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.launches import digest
from lti_tool.services.ports import Clock

LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=8)


class Operators:
    """Links and sessions; the database holds hashes of their secrets only."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def make_link(self, lasts: timedelta = LINK_LASTS) -> str:
        """Return a code that opens one session within `lasts`."""
        code = secrets.token_urlsafe(24)
        insert_row(self._session, OperatorLink, {"code_hash": digest(code), "expires_at": self._clock() + lasts})
        AuditLog(self._session, self._clock, Who.COMMAND_LINE).record(Action.OPERATOR_LINK_MADE)
        return code

    def enter(self, code: str) -> str:
        """Use a code up and return the secret of a new session.

        Raises:
            Refusal: `operator.link_invalid` if it is unknown, used or too old.
        """
        now = self._clock()
        used = self._session.execute(
            delete(OperatorLink)
            .where(OperatorLink.code_hash == digest(code), OperatorLink.expires_at > now)
            .returning(OperatorLink.code_hash),
        ).first()
        if used is None:
            raise Refusal(Code.OPERATOR_LINK_INVALID)
        secret = secrets.token_urlsafe(24)
        insert_row(self._session, OperatorSession, {"secret_hash": digest(secret), "expires_at": now + SESSION_LASTS})
        AuditLog(self._session, self._clock, Who.OPERATOR).record(Action.OPERATOR_ENTERED)
        return secret

    def check(self, secret: str) -> None:
        """Let a session's requests pass.

        Raises:
            Refusal: `operator.session_expired` if there is no such session, or no longer.
        """
        known = select(OperatorSession.secret_hash).where(
            OperatorSession.secret_hash == digest(secret), OperatorSession.expires_at > self._clock()
        )
        if not secret or self._session.scalar(known) is None:
            raise Refusal(Code.OPERATOR_SESSION_EXPIRED)

    def leave(self, secret: str) -> None:
        """End a session."""
        self._session.execute(delete(OperatorSession).where(OperatorSession.secret_hash == digest(secret)))
