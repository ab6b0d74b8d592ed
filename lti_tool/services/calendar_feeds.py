"""The secret addresses under which calendars read a person's dates."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import CalendarFeed, LiveDate, Municipality, Registration, SignUp
from lti_tool.db.upsert import upsert
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.calendar import Event, event_of
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.seats import Place
from lti_tool.services.launches import digest
from lti_tool.services.live_dates import occasion_of
from lti_tool.services.ports import Clock


class CalendarFeeds:
    """One address for each person; a new one ends the one before."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def made_at(self, actor: Actor) -> datetime | None:
        """Return since when a person has an address; None without one."""
        if not actor.keeps_progress:
            return None
        row = self._session.get(CalendarFeed, (actor.registration_id, actor.user_id))
        return row.made_at if row else None

    def renew(self, actor: Actor) -> str:
        """Return the secret of a new address; it can never be shown again.

        Raises:
            Refusal: `role.forbidden` for a preview.
        """
        if not actor.keeps_progress:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews keep nothing")
        token = secrets.token_urlsafe(32)
        upsert(
            self._session,
            CalendarFeed,
            key={"registration_id": actor.registration_id, "user_id": actor.user_id},
            values={"token_hash": digest(token), "made_at": self._clock()},
        )
        return token

    def revoke(self, actor: Actor) -> None:
        """End the address; whoever asks for it finds nothing."""
        self._session.execute(
            delete(CalendarFeed)
            .where(CalendarFeed.registration_id == actor.registration_id, CalendarFeed.user_id == actor.user_id)
            .execution_options(synchronize_session=False)
        )

    def holder(self, token: str) -> Learner:
        """Return whose address this is.

        Raises:
            Refusal: `not_found` for one that never was or was revoked, and where the town has left.
        """
        row = self._session.execute(
            select(CalendarFeed.registration_id, CalendarFeed.user_id)
            .join(Registration, Registration.id == CalendarFeed.registration_id)
            .join(Municipality, Municipality.id == Registration.municipality_id)
            .where(
                CalendarFeed.token_hash == digest(token),
                or_(Municipality.closes_at.is_(None), Municipality.closes_at > self._clock()),
            )
        ).one_or_none()
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such calendar")
        return Learner(row.registration_id, row.user_id)

    def place_changed_at(self, actor: Actor, date_id: UUID) -> datetime | None:
        """Return when a person signed up for a date or moved up; None without a place."""
        row = self._session.get(SignUp, (actor.registration_id, date_id, actor.user_id)) if actor.user_id else None
        return row.changed_at if row else None

    def events(self, person: Learner) -> Sequence[Event]:
        """Return everything a person has signed up for, past and cancelled dates as well."""
        rows = self._session.execute(
            select(LiveDate, SignUp.state, SignUp.changed_at)
            .join(SignUp, SignUp.date_id == LiveDate.id)
            .where(SignUp.registration_id == person.registration_id, SignUp.user_id == person.user_id)
            .order_by(LiveDate.starts_at, LiveDate.id)
        )
        now = self._clock()
        return [event_of(occasion_of(row), Place(state), changed_at, now) for row, state, changed_at in rows]
