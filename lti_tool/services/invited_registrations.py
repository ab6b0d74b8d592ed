"""What comes of an invitation: a registration for its municipality."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db.models import Deployment, Registration
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
        self._refuse_if_found(
            select(Registration.id).where(
                Registration.issuer == platform.issuer, Registration.client_id == platform.client_id
            ),
        )
        try:
            registration_id = SavePlatform(self._session, self._clock).save(platform)
        except IntegrityError:  # somebody else was quicker by a moment
            raise Refusal(Code.DR_DUPLICATE) from None
        Invitations(self._session, self._clock).redeem(invitation, registration_id)
        AuditLog(self._session, self._clock, Who.ADMINISTRATOR).record(
            Action.PLATFORM_CONNECTED, platform.issuer, registration_id=registration_id
        )
        return registration_id

    def refuse_update(self, issuer: str, deployment_id: str) -> None:
        """Do nothing if this deployment is new here.

        Raises:
            Refusal: R12.
        """
        self._refuse_if_found(
            select(Registration.id)
            .join(Deployment, Deployment.registration_id == Registration.id)
            .where(Registration.issuer == issuer, Deployment.deployment_id == deployment_id)
        )

    def _refuse_if_found(self, query: Select[int]) -> None:
        known = self._session.scalars(query).first()
        if known is not None:
            raise Refusal(Code.DR_DUPLICATE, registration_id=known)
