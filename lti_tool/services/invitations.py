"""Invitations: made by an operator, used once by whoever administers a municipality's platform.

The token stands in an address that a platform opens, so it is treated as seen by logs and proxies: it works once, ends
soon, and only its hash is stored. Using it takes a call to the platform in between, during which no transaction may
stay open; so an invitation is claimed first (one confirmation at a time, row R16) and then redeemed or given back.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import Invitation
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.launches import digest
from lti_tool.services.ports import Clock

LIFETIME = timedelta(days=14)
CLAIM = timedelta(minutes=1)
"""Longer than any call to a platform lasts; a process that dies meanwhile blocks the invitation no longer than this."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class InvitationState(StrEnum):
    """Whether an invitation can still be used, and why not."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made; the only moment at which its token is known."""

    id: int
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that may be used."""

    id: int
    municipality: str
    private_hosts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvitation:
    """An invitation as an operator sees it."""

    id: int
    municipality: str
    state: InvitationState
    created_at: datetime
    expires_at: datetime
    private_hosts: Sequence[str]
    registration_id: int | None


class Invitations:
    """Makes, lists, revokes and uses invitations."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def create(
        self, municipality: str, *, lifetime: timedelta = LIFETIME, private_hosts: Sequence[str] = ()
    ) -> NewInvitation:
        """Make an invitation for one platform of a municipality."""
        token = secrets.token_urlsafe(24)
        now = self._clock()
        row = Invitation(
            token_hash=digest(token),
            municipality=municipality,
            private_hosts=sorted({host.lower() for host in private_hosts}),
            created_at=now,
            expires_at=now + lifetime,
        )
        self._session.add(row)
        self._session.flush()  # the operator is told the number
        return NewInvitation(row.id, token, row.expires_at)

    def all(self, municipality: str | None = None) -> list[ListedInvitation]:
        """Return every invitation, or those of one municipality, newest first."""
        query = select(Invitation).order_by(Invitation.id.desc())
        if municipality is not None:
            query = query.where(Invitation.municipality == municipality)
        return [self._listed(row) for row in self._session.scalars(query)]

    def revoke(self, invitation_id: int) -> bool:
        """End an invitation that was not used; return whether there was one to end."""
        return self._change(invitation_id, revoked_at=self._clock())

    def find(self, token: str) -> OpenInvitation:
        """Return the invitation a token stands for.

        Raises:
            Refusal: R1, it is unknown, expired, revoked or used.
        """
        row = self._session.scalar(select(Invitation).where(*self._usable(token)))
        return _opened(row)

    def claim(self, token: str) -> OpenInvitation:
        """Take the invitation for one confirmation; the caller commits before it talks to the platform.

        Raises:
            Refusal: R1 as for `find`; R16 another confirmation is under way.
        """
        now = self._clock()
        row = self._session.scalar(
            update(Invitation)
            .where(
                *self._usable(token),
                or_(Invitation.claimed_until.is_(None), Invitation.claimed_until <= now),
            )
            .values(claimed_until=now + CLAIM)
            .returning(Invitation),
        )
        return _opened(row)

    def give_back(self, invitation: OpenInvitation) -> None:
        """End a claim from which nothing came; the invitation can be used again."""
        self._change(invitation.id, claimed_until=None)

    def redeem(self, invitation: OpenInvitation, registration_id: int) -> None:
        """Use the invitation up."""
        if not self._change(invitation.id, used_at=self._clock(), registration_id=registration_id):
            raise Refusal(Code.DR_TOKEN_INVALID, "revoked or used meanwhile")

    def _usable(self, token: str) -> tuple[ColumnElement[bool], ...]:
        if not _TOKEN.fullmatch(token):
            raise Refusal(Code.DR_TOKEN_INVALID)
        return (
            Invitation.token_hash == digest(token),
            Invitation.expires_at > self._clock(),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )

    def _change(self, invitation_id: int, **values: object) -> bool:
        changed = self._session.execute(
            update(Invitation)
            .where(Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
            .values(values)
            .returning(Invitation.id),
        )
        return changed.first() is not None

    def _listed(self, row: Invitation) -> ListedInvitation:
        return ListedInvitation(
            id=row.id,
            municipality=row.municipality,
            state=self._state(row),
            created_at=row.created_at,
            expires_at=row.expires_at,
            private_hosts=tuple(row.private_hosts),
            registration_id=row.registration_id,
        )

    def _state(self, row: Invitation) -> InvitationState:
        if row.used_at is not None:
            return InvitationState.USED
        if row.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.OPEN if row.expires_at > self._clock() else InvitationState.EXPIRED


def _opened(row: Invitation | None) -> OpenInvitation:
    if row is None:
        raise Refusal(Code.DR_TOKEN_INVALID)
    return OpenInvitation(row.id, row.municipality, frozenset(row.private_hosts))
