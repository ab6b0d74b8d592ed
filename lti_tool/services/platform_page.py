"""What is known of one platform, for the people who care for it: no page of it names a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Deployment, LtiUser, PlatformSighting, Registration, ScoreDelivery
from lti_tool.db.upsert import upsert
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import Reason
from lti_tool.domain.launch import Launch
from lti_tool.domain.scores import Delivery
from lti_tool.domain.self_test import Sighting
from lti_tool.services.ports import Clock
from lti_tool.services.refused_launches import Refused, RefusedLaunches

_AGES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """A deployment; one that is neither active nor declined waits for an answer."""

    deployment_id: str
    active: bool
    declined: bool
    first_seen_at: datetime

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return not self.active and not self.declined


@dataclass(frozen=True, slots=True)
class GradeCount:
    """So many grades in one state, for one reason if they failed."""

    state: Delivery
    reason: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ClassReading:
    """What instructors see of their learners, and what goes into the gradebook."""

    shows_results: bool
    sends_points: bool
    marks_anonymously: bool


@dataclass(frozen=True, slots=True)
class WaitingSince:
    """So many waiting grades younger than an age, and older than the age before; None is "older than all"."""

    younger_than: timedelta | None
    count: int


class PlatformPage:
    """Reads; for several registrations of a town at once where that makes sense."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def deployments(self, registration_id: int) -> list[DeploymentRow]:
        """Return the deployments, those that wait first."""
        query = (
            select(Deployment)
            .where(Deployment.registration_id == registration_id)
            .order_by(Deployment.active, Deployment.declined_at.is_not(None), Deployment.first_seen_at)
        )
        return [
            DeploymentRow(row.deployment_id, row.active, row.declined_at is not None, row.first_seen_at)
            for row in self._session.scalars(query)
        ]

    def grades(self, registration_ids: Sequence[int]) -> list[GradeCount]:
        """Return how many grades are in which state, failures by reason."""
        count = func.count().label("count")
        query = (
            select(ScoreDelivery.state, ScoreDelivery.reason, count)
            .where(ScoreDelivery.registration_id.in_(registration_ids))
            .group_by(ScoreDelivery.state, ScoreDelivery.reason)
            .order_by(ScoreDelivery.state, count.desc())
        )
        return [GradeCount(Delivery(state), reason, number) for state, reason, number in self._session.execute(query)]

    def waiting_ages(self, registration_ids: Sequence[int]) -> list[WaitingSince]:
        """Return a histogram of how long the waiting grades have waited."""
        now = self._clock()
        times = self._session.scalars(
            select(ScoreDelivery.queued_at).where(
                ScoreDelivery.registration_id.in_(registration_ids), ScoreDelivery.state == Delivery.WAITING
            ),
        ).all()
        bounds: tuple[timedelta | None, ...] = (*_AGES, None)
        counts = dict.fromkeys(bounds, 0)
        for queued_at in times:
            counts[next(bound for bound in bounds if bound is None or now - queued_at < bound)] += 1
        return [WaitingSince(bound, count) for bound, count in counts.items()]

    def asked_again_at(self, registration_id: int) -> datetime | None:
        """Return when a platform that does not answer is asked for the next time, None if nothing waits for it."""
        return self._session.scalar(
            select(func.min(ScoreDelivery.next_try_at)).where(
                ScoreDelivery.registration_id == registration_id,
                ScoreDelivery.state == Delivery.WAITING,
                ScoreDelivery.reason == Reason.PLATFORM_UNAVAILABLE,
                ScoreDelivery.next_try_at > self._clock(),
            ),
        )

    def refusals(self, registration_id: int) -> list[Refused]:
        """Return the last refused logins and launches."""
        return RefusedLaunches(self._session, self._clock).latest([registration_id])

    def sighting(self, registration_id: int) -> Sighting | None:
        """Return what an administrator's launch showed last, None before the first one."""
        row = self._session.get(PlatformSighting, registration_id)
        if row is None:
            return None
        return Sighting(
            row.seen_at, row.product, frozenset(row.scopes), row.line_item_url, row.sends_names, row.cookie_came
        )

    def reads_rosters(self, registration_id: int) -> bool:
        """Return whether lists of participants are read."""
        query = select(Registration.nrps_enabled).where(Registration.id == registration_id)
        return bool(self._session.scalar(query))

    def class_reading(self, registration_id: int) -> ClassReading:
        """Return how the registration is set for all its courses."""
        row = self._session.execute(
            select(Registration.shows_results, Registration.sends_points, Registration.marks_anonymously).where(
                Registration.id == registration_id
            ),
        ).one()
        return ClassReading(row.shows_results, row.sends_points, row.marks_anonymously)

    def subject(self, actor: Actor) -> str | None:
        """Return the platform's id of who acts, None if anonymous."""
        query = select(LtiUser.subject).where(
            LtiUser.registration_id == actor.registration_id, LtiUser.id == actor.user_id
        )
        return self._session.scalar(query)


def remember_sighting(session: Session, clock: Clock, launch: Launch) -> None:
    """Keep what a launch by an administrator shows of the platform: services, privacy, and whether the cookie came."""
    product = " ".join(filter(None, (launch.platform_family, launch.platform_version)))
    upsert(
        session,
        PlatformSighting,
        key={"registration_id": launch.registration_id},
        values={
            "seen_at": clock(),
            "product": product[:255],
            "scopes": sorted(launch.ags.scopes) if launch.ags else [],
            "line_item_url": launch.ags.lineitem if launch.ags else None,
            "sends_names": launch.name is not None,
            "cookie_came": launch.browser_bound,
        },
    )
