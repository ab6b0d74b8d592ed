"""Stores a validated launch: burns its state, remembers person, course and activity, opens the session.

All of it is one transaction; a replay or a parallel post of the same launch loses the insert of the burnt state and
leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.db.models import (
    BurntState,
    Context,
    Deployment,
    Handover,
    LaunchSession,
    LtiUser,
    Membership,
    ResourceLink,
)
from lti_tool.db.upsert import insert_once, insert_row, upsert
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grade_column import NoGrades
from lti_tool.domain.ids import new_id
from lti_tool.domain.launch import Launch
from lti_tool.domain.privacy import month_of
from lti_tool.domain.roles import Role, parts_played
from lti_tool.services.deep_linking import keep_request
from lti_tool.services.launch_lookup import KnownLaunch, look_up
from lti_tool.services.line_items import LineItems
from lti_tool.services.notices import NoticeSubscriptions
from lti_tool.services.platform_page import remember_sighting
from lti_tool.services.ports import Clock
from lti_tool.services.rosters import Rosters

PARKED_SECONDS = 120
SESSION_HOURS = 12


@dataclass(frozen=True, slots=True)
class OpenedLaunch:
    """A session that a browser may now use; the secret goes into its cookie and is stored as a hash only."""

    registration_id: int
    launch_id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Placement:
    """What the activity shows: the content its link names, or the tracker.

    Attributes:
        maximum: points of its quiz; None if it shows nothing to grade.
        page: what this launch opens with where that is not the content itself: the picker, a submission review.
        way: certification whose percentage a tracker sends as its grade.
    """

    kind: str
    module_id: str | None
    locale: str
    page: str | None = None
    maximum: Decimal | None = None
    way: str | None = None

    @property
    def subject_id(self) -> str | None:
        """What a grade of this activity is about."""
        return self.module_id or self.way


class StoreLaunch:
    """The use case; one instance per request."""

    def __init__(self, session: Session, clock: Clock, session_hours: int = SESSION_HOURS) -> None:
        self._session = session
        self._clock = clock
        self._session_hours = session_hours

    def store(self, launch: Launch, placement: Placement) -> OpenedLaunch:
        """Open a session for the browser that brought the launch.

        Raises:
            Refusal: `launch.replayed` if this launch was used before.
        """
        secret = secrets.token_urlsafe(24)
        expires_at = self._clock() + timedelta(hours=self._session_hours)
        launch_id = self._record(launch, placement, digest(secret), expires_at)
        return OpenedLaunch(launch.registration_id, launch_id, secret)

    def park(self, launch: Launch, placement: Placement) -> str:
        """Keep a launch without binding cookie for two minutes; return the code that opens it in a new tab.

        Where the login left a secret with the platform, code and secret open it in place as well.

        Raises:
            Refusal: `launch.replayed` if this launch was used before.
        """
        expires_at = self._clock() + timedelta(seconds=PARKED_SECONDS)
        launch_id = self._record(launch, placement, None, expires_at)
        proof = launch.storage.proof if launch.storage else None
        return write_handover(self._session, launch.registration_id, launch_id, expires_at, proof)

    def remember_deployment(self, registration_id: int, deployment_id: str) -> None:
        """Keep an unknown deployment as an inactive row, for the administrator to approve."""
        insert_once(
            self._session,
            Deployment,
            {
                "registration_id": registration_id,
                "deployment_id": deployment_id,
                "active": False,
                "first_seen_at": self._clock(),
            },
        )

    def burn_state(self, registration_id: int, state_id: str, expires_at: datetime) -> None:
        """Use up a login state.

        Raises:
            Refusal: `launch.replayed` if it was used before.
        """
        burnt = {"registration_id": registration_id, "state_id": state_id, "expires_at": expires_at}
        if not insert_once(self._session, BurntState, burnt):
            raise Refusal(Code.LAUNCH_REPLAYED, registration_id=registration_id)

    def _record(
        self,
        launch: Launch,
        placement: Placement,
        secret_hash: str | None,
        expires_at: datetime,
    ) -> UUID:
        self.burn_state(launch.registration_id, launch.state_id, launch.state_expires_at)
        known = look_up(self._session, launch)
        played = parts_played(launch.roles)
        parts = " ".join(sorted(played))
        if Role.ADMINISTRATOR in played:
            remember_sighting(self._session, self._clock, launch)
        user_id = self._user(launch, known)
        context_id = self._context(launch, known)
        if user_id and context_id and known.parts != parts:
            self._membership(launch.registration_id, context_id, user_id, parts)
        link_id = self._resource_link(launch, placement, context_id, known)
        no_grades = self._grades(launch, placement, link_id, known) if link_id else NoGrades.NOT_GRADED
        if context_id and launch.memberships_url:
            teaches = bool(played - {Role.LEARNER})
            Rosters(self._session, self._clock).remember(
                launch.registration_id, context_id, launch.memberships_url, known.roster, wanted=teaches
            )
        NoticeSubscriptions(self._session, self._clock).offered(launch)
        launch_id = new_id()
        insert_row(
            self._session,
            LaunchSession,
            {
                "registration_id": launch.registration_id,
                "id": launch_id,
                "user_id": user_id,
                "context_id": context_id,
                "resource_link_id": link_id,
                "parts": parts,
                "kind": placement.page or placement.kind,
                "module_id": placement.module_id,
                "locale": placement.locale,
                "return_url": launch.return_url,
                "no_grades": no_grades,
                "deep_linking_id": keep_request(self._session, launch, expires_at),
                "for_user": launch.for_user,
                "secret_hash": secret_hash,
                "expires_at": expires_at,
            },
        )
        return launch_id

    def _user(self, launch: Launch, known: KnownLaunch) -> UUID | None:
        if launch.subject is None:
            return None
        name = launch.name if known.keeps_names else None
        month = month_of(self._clock())
        if known.user_id and (known.user_name, known.seen_in) == (name, month):
            return known.user_id
        return self._upsert(
            LtiUser,
            key={"registration_id": launch.registration_id, "subject": launch.subject},
            values={"name": name, "seen_in": month},
            once={"created_at": self._clock()},
        )

    def _context(self, launch: Launch, known: KnownLaunch) -> UUID | None:
        if launch.context is None:
            return None
        if known.context_id and known.context_texts == (launch.context.label, launch.context.title):
            return known.context_id
        return self._upsert(
            Context,
            key={
                "registration_id": launch.registration_id,
                "deployment_id": launch.deployment_id,
                "platform_id": launch.context.id,
            },
            values={"label": launch.context.label, "title": launch.context.title},
        )

    def _membership(self, registration_id: int, context_id: UUID, user_id: UUID, parts: str) -> None:
        upsert(
            self._session,
            Membership,
            key={"registration_id": registration_id, "context_id": context_id, "user_id": user_id},
            values={"parts": parts},
        )

    def _resource_link(
        self,
        launch: Launch,
        placement: Placement,
        context_id: UUID | None,
        known: KnownLaunch,
    ) -> UUID | None:
        link = launch.resource_link
        if link is None:
            return None
        values = {
            "title": link.title,
            "module_id": placement.subject_id,
            "kind": placement.kind,
            "context_id": context_id,
        }
        if known.link_id and known.link_texts == tuple(values.values()):
            return known.link_id
        return self._upsert(
            ResourceLink,
            key={
                "registration_id": launch.registration_id,
                "deployment_id": launch.deployment_id,
                "platform_id": link.id,
            },
            values=values,
        )

    def _grades(self, launch: Launch, placement: Placement, link_id: UUID, known: KnownLaunch) -> NoGrades | None:
        """Remember the activity's grade column; return why it sends no grades, None if it does."""
        return LineItems(self._session, self._clock).remember(
            launch,
            link_id,
            kind=placement.kind,
            module_id=placement.subject_id,
            maximum=placement.maximum,
            known=known.column,
        )

    def _upsert(
        self,
        table: Any,
        *,
        key: dict[str, Any],
        values: dict[str, Any],
        once: dict[str, Any] | None = None,
    ) -> UUID:
        """Insert or update by a natural key; return the row's id (the older one if another launch was quicker)."""
        row_id: UUID = upsert(
            self._session, table, key=key, values=values, once={"id": new_id(), **(once or {})}, returning="id"
        )
        return row_id


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret, in hexadecimal digits; secrets themselves are never stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def write_handover(
    session: Session, registration_id: int, launch_id: UUID, expires_at: datetime, proof: str | None = None
) -> str:
    """Store a single-use code for a launch and return it; it names its registration, the rest is random."""
    code = f"{registration_id}.{secrets.token_urlsafe(24)}"
    insert_row(
        session,
        Handover,
        {
            "registration_id": registration_id,
            "code_hash": digest(code),
            "launch_id": launch_id,
            "storage_proof": proof,
            "expires_at": expires_at,
        },
    )
    return code
