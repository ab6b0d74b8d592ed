"""A worker on a real database, and a gradebook that keeps what it is sent and fails as told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Event

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import LtiUser, ScoreDelivery
from lti_tool.db.models import Registration as RegistrationRow
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.registration import Registration
from lti_tool.domain.scores import Result, Score
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.registrations import NewPlatform, RegistrationDirectory, SavePlatform
from lti_tool.services.scores import Scores
from lti_tool.worker.columns import ColumnKeeper
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.heartbeat import Heartbeat
from lti_tool.worker.loop import Pace, Worker
from tests.factories.launches import learner_launch

TEN = Decimal(10)


@dataclass
class Gradebook:
    """Fits `ScorePublisher`. `plan[subject]` holds what the next calls for this person do, in order."""

    entries: dict[str, list[Score]] = field(default_factory=lambda: defaultdict(list))
    plan: dict[str, list[Exception | str]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, str]] = field(default_factory=list)
    on_publish: list = field(default_factory=list)

    def publish(self, registration: Registration, line_item_url: str, score: Score) -> None:
        self.calls.append(("publish", score.subject))
        for watch in self.on_publish:
            watch(score)
        planned = self.plan[score.subject].pop(0) if self.plan[score.subject] else None
        if planned == "answer lost":
            self.entries[score.subject].append(score)
            raise DeliveryFailed(FailureKind.TRY_AGAIN, "ags.timeout")
        if isinstance(planned, Exception):
            raise planned
        held = self.entries[score.subject]
        if held and score.timestamp <= held[-1].timestamp:
            raise DeliveryFailed(FailureKind.NOT_NEWER, "ags.not_newer")
        held.append(score)

    def read_back(self, registration: Registration, line_item_url: str, subject: str) -> Result | None:
        self.calls.append(("read_back", subject))
        held = self.entries[subject]
        return Result(held[-1].given, held[-1].maximum) if held else None

    def shows(self, subject: str) -> list[Decimal]:
        return [score.given for score in self.entries[subject]]


class NoColumns:
    """Fits `GradeColumns`: a platform that lets nobody make columns."""

    def find(self, *_: object) -> None:
        raise DeliveryFailed(FailureKind.PERMANENT, "ags.no_column")

    make = change = find


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Station:
    """One registration, its learners, the worker and the gradebook."""

    sessions: sessionmaker[Session]
    clock: Clock
    gradebook: Gradebook
    registration_id: int
    stop: Event = field(default_factory=Event)
    monotonic: float = 0.0

    def worker(self, *, batch: int = 20, interval: float = 30, tasks: Sequence[Callable[[], None]] = ()) -> Worker:
        directory = RegistrationDirectory(self.sessions)
        return Worker(
            self.sessions,
            ScoreHandler(directory, self.gradebook, ColumnKeeper(self.sessions, NoColumns(), self.clock)),
            clock=self.clock,
            pace=Pace(batch=batch, interval=interval),
            stop=self.stop,
            tasks=tasks,
            heartbeat=Heartbeat(self.sessions, self.clock, monotonic=lambda: self.monotonic),
            monotonic=lambda: self.monotonic,
        )

    def learner(self, subject: str) -> Actor:
        placement = Placement("module", "datenrecht", "de")
        with self.sessions.begin() as session:
            launch = learner_launch(self.registration_id, subject=subject)
            opened = StoreLaunch(session, self.clock).store(launch, placement)
            actor = LaunchSessions(session, self.clock).actor(opened.registration_id, opened.launch_id, opened.secret)
        assert actor is not None
        return actor

    def queue(self, subject: str, points: str) -> None:
        actor = self.learner(subject)
        with self.sessions.begin() as session:
            Scores(session, self.clock).queue(actor, Decimal(points), TEN)

    def row(self, subject: str) -> ScoreDelivery:
        query = (
            select(ScoreDelivery).join(LtiUser, LtiUser.id == ScoreDelivery.user_id).where(LtiUser.subject == subject)
        )
        with self.sessions() as session:
            return session.scalars(query).one()

    def switch_off(self) -> None:
        with self.sessions.begin() as session:
            session.execute(update(RegistrationRow).values(active=False))


def register(sessions: sessionmaker[Session], clock: Clock, issuer: str) -> int:
    """Register a platform; return its number."""
    platform = NewPlatform(
        municipality="Stadt Olpe",
        name="Moodle",
        issuer=issuer,
        client_id="tool",
        auth_login_url=f"{issuer}/auth",
        auth_token_url=f"{issuer}/token",
        jwks_url=f"{issuer}/jwks",
        deployment_ids=["1"],
    )
    with sessions.begin() as session:
        return SavePlatform(session, clock).save(platform)


@pytest.fixture
def station(database_url: str) -> Iterator[Station]:
    engine = make_engine(database_url)
    sessions, clock = make_sessions(engine), Clock()
    yield Station(sessions, clock, Gradebook(), register(sessions, clock, "https://lms.example"))
    engine.dispose()
