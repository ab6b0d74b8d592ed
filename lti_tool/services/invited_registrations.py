"""What comes of an invitation: a registration for its municipality."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db.models import Registration
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.invitations import Invitations, OpenInvitation
from lti_tool.services.ports import Clock
from lti_tool.services.registrations import NewPlatform, SavePlatform


class StoreInvitedRegistration:
    """Stores a platform that an invitation was used for, and uses the invitation up, in one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def store(self, invitation: OpenInvitation, platform: NewPlatform) -> int:
        """Return the registration's id. A registration that is there already is never taken over.

        Raises:
            Refusal: R12, issuer and client id are registered already.
        """
        self.refuse_known(platform.issuer, platform.client_id)
        try:
            registration_id = SavePlatform(self._session, self._clock).save(platform)
        except IntegrityError:  # somebody else was quicker by a moment
            raise Refusal(Code.DR_DUPLICATE) from None
        Invitations(self._session, self._clock).redeem(invitation, registration_id)
        AuditLog(self._session, self._clock, Who.ADMINISTRATOR).record(
            Action.PLATFORM_CONNECTED, platform.issuer, registration_id=registration_id
        )
        return registration_id

    def refuse_known(self, issuer: str, client_id: str) -> None:
        """Do nothing if this client is new here.

        Raises:
            Refusal: R12.
        """
        known = self._session.scalar(
            select(Registration.id).where(Registration.issuer == issuer, Registration.client_id == client_id),
        )
        if known is not None:
            raise Refusal(Code.DR_DUPLICATE, registration_id=known)
