"""The end of a town's contract: launches are refused, its data can be taken along for a while, then all of it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.base import Base
from lti_tool.db.models import (
    BurntState,
    Context,
    DeepLinkingRequest,
    Deployment,
    IdeaAdoption,
    IdeaPicture,
    IdeaReport,
    LaunchSession,
    LiveDate,
    LtiUser,
    Municipality,
    Notice,
    NoticeHandler,
    PlatformSighting,
    RefusedLaunch,
    Registration,
    ResourceLink,
)
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.privacy import FEWEST_CLOSED_DAYS, MOST_CLOSED_DAYS
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.erasure import Erasure
from lti_tool.services.kept_statistics import KeptStatistics
from lti_tool.services.personal_data import People
from lti_tool.services.picture_doom import let_pictures_go
from lti_tool.services.ports import Clock

BATCH = 50

EMPTIED: tuple[type[Base], ...] = (
    *(IdeaAdoption, IdeaReport),
    *(LaunchSession, DeepLinkingRequest, BurntState, RefusedLaunch),
    *(LiveDate, ResourceLink, Context, Notice, NoticeHandler, PlatformSighting, Deployment),
)
"""What goes after the people; grade columns, rosters and regrades go with their activity or course."""


class TownClosing:
    """Closes, reopens and empties municipalities."""

    def __init__(self, session: Session, clock: Clock, who: Who) -> None:
        self._session = session
        self._clock = clock
        self._audit = AuditLog(session, clock, who)

    def close(self, number: int, closes_at: datetime, days: int) -> datetime:
        """Let nobody in from a moment on; return when the data go.

        Raises:
            Refusal: `not_found`, `bad_request` for a period out of bounds, `town.erasing` while its data go.
        """
        if not FEWEST_CLOSED_DAYS <= days <= MOST_CLOSED_DAYS:
            raise Refusal(Code.BAD_REQUEST, f"not between {FEWEST_CLOSED_DAYS} and {MOST_CLOSED_DAYS} days")
        town = self._not_while_erasing(number)
        town.closes_at, town.erases_at, town.erased_at = closes_at, closes_at + timedelta(days=days), None
        self._audit.record(
            Action.TOWN_CLOSED, town.name, closes_at=closes_at.isoformat(), erases_at=town.erases_at.isoformat()
        )
        return town.erases_at

    def reopen(self, number: int) -> None:
        """Let people in again: within the period nothing was lost, after it the town starts from nothing.

        Raises:
            Refusal: `not_found`; `town.erasing` while its data go.
        """
        town = self._not_while_erasing(number)
        town.closes_at = town.erases_at = town.erased_at = None
        self._audit.record(Action.TOWN_REOPENED, town.name)

    def due(self) -> Sequence[int]:
        """Return the numbers of towns whose data are to go."""
        over = Municipality.erases_at <= self._clock()
        return self._session.scalars(select(Municipality.id).where(over, Municipality.erased_at.is_(None))).all()

    def empty(self, number: int) -> bool:
        """Erase a batch; return whether there is more to do.

        Names of the town and addresses of its platforms stay, as the audit log and proofs refer to them.
        """
        town = self._town(number)
        if town.erased_at or not town.erases_at or town.erases_at > self._clock():
            return False
        platforms = self._platforms(number)
        people = self._some_people(platforms)
        if people:
            Erasure(self._session, self._clock).erase(people)
            return True
        let_pictures_go(self._session, self._clock, IdeaPicture.registration_id.in_(platforms))
        for model in EMPTIED:
            self._session.execute(
                delete(model)
                .where(model.__table__.c.registration_id.in_(platforms))
                .execution_options(synchronize_session=False)
            )
        for registration_id in platforms:
            KeptStatistics(self._session).forget_few(registration_id)
        town.erased_at = self._clock()
        self._audit.record(Action.TOWN_ERASED, town.name, platforms=len(platforms))
        return False

    def _some_people(self, platforms: Sequence[int]) -> People | None:
        row = self._session.scalar(select(LtiUser.registration_id).where(LtiUser.registration_id.in_(platforms)))
        if row is None:
            return None
        here = LtiUser.registration_id == row
        found = self._session.execute(select(LtiUser.id, LtiUser.subject).where(here).limit(BATCH)).all()
        return People(row, tuple(one.id for one in found), tuple(one.subject for one in found))

    def _platforms(self, number: int) -> Sequence[int]:
        here = Registration.municipality_id == number
        return self._session.scalars(select(Registration.id).where(here).order_by(Registration.id)).all()

    def _not_while_erasing(self, number: int) -> Municipality:
        town = self._town(number)
        if town.erases_at and town.erases_at <= self._clock() and town.erased_at is None:
            raise Refusal(Code.TOWN_ERASING)
        return town

    def _town(self, number: int) -> Municipality:
        town = self._session.get(Municipality, number, populate_existing=True, with_for_update=True)
        if town is None:
            raise Refusal(Code.NOT_FOUND, "no such municipality")
        return town
