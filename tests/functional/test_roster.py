"""Rosters: only where switched on, as little as possible, and never in anybody's way (rows G29 and G30)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import LtiUser, Registration, RosterMember
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.nrps import NrpsRosterReader
from lti_tool.lti.platform_service import PlatformService
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.services.rosters import Rosters, RosterState
from lti_tool.worker.rosters import RosterRefresher
from tests.factories.course_services import MEMBERS, CourseServices, page
from tests.factories.launches import LEARNER, learner_launch
from tests.factories.network import reply
from tests.functional.conftest import Internet, SettableClock, register_platform
from tests.unit.lti.test_connector import Keys

INSTRUCTOR = LEARNER.replace("Learner", "Instructor")
LEA = {"user_id": "5", "roles": ["Learner"], "name": "Lea Lernfeld", "status": "Active"}
TOM = {"user_id": "6", "roles": [LEARNER], "status": "Inactive"}
INES = {"user_id": "7", "roles": ["Instructor"], "name": "Ines"}


@dataclass
class Course:
    sessions: sessionmaker[Session]
    clock: SettableClock
    registration_id: int
    services: CourseServices = field(default_factory=CourseServices)

    def arrive(self, role: str = INSTRUCTOR, **changed: Any) -> None:
        launch = learner_launch(
            self.registration_id, **{"roles": frozenset({role}), "memberships_url": MEMBERS, **changed}
        )
        with self.sessions.begin() as session:
            StoreLaunch(session, self.clock).store(launch, Placement("module", "datenrecht", "de"))

    def switch(self, **values: bool) -> None:
        with self.sessions.begin() as session:
            session.execute(update(Registration).values(**values))

    def work(self) -> None:
        service = PlatformService(self.services, AccessTokens(self.services, Keys(), self.clock))
        directory = RegistrationDirectory(self.sessions)
        RosterRefresher(self.sessions, directory, NrpsRosterReader(service), self.clock)()

    def read(self, *pages: Any) -> None:
        self.services.members = list(pages)
        self.arrive()
        self.work()

    def people(self) -> dict[str, tuple[str | None, bool]]:
        with self.sessions() as session:
            return {row.subject: (row.name, row.active) for row in session.scalars(select(RosterMember))}

    def state(self) -> RosterState:
        with self.sessions() as session:
            [state] = Rosters(session, self.clock).states(self.registration_id)
            return state

    def asked(self) -> list[str]:
        return [call.url for call in self.services.calls if "memberships" in call.url]


@pytest.fixture
def course(database_url: str) -> Iterator[Course]:
    clock = SettableClock()
    platform = register_platform(database_url, clock, Internet())
    engine = make_engine(database_url)
    course = Course(make_sessions(engine), clock, platform.registration_id)
    course.switch(nrps_enabled=True)
    yield course
    engine.dispose()


def test_a_roster_is_read_after_an_instructor_opened_the_course(course: Course) -> None:
    course.read(page([LEA, TOM, INES]))
    assert course.people() == {"5": ("Lea Lernfeld", True), "6": (None, False)}
    assert (course.state().active, course.state().inactive, course.state().reason) == (1, 1, None)
    assert course.state().read_at == course.clock.now


def test_nobody_in_a_roster_becomes_a_person_of_the_tool(course: Course) -> None:
    course.read(page([LEA, TOM]))
    with course.sessions() as session:
        assert session.scalars(select(LtiUser.subject)).all() == ["5"], "only who launched"


def test_a_learner_makes_nobody_read_a_roster(course: Course) -> None:
    course.arrive(LEARNER)
    course.work()
    assert course.asked() == []


def test_a_roster_is_not_read_unless_the_registration_says_so(course: Course) -> None:
    course.switch(nrps_enabled=False)
    course.read(page([LEA]))
    assert course.asked() == []


def test_switched_off_again_the_rosters_are_deleted(course: Course) -> None:
    course.read(page([LEA]))
    course.switch(nrps_enabled=False)
    with course.sessions.begin() as session:
        Housekeeping(session, course.clock).sweep()
    assert course.people() == {}


def test_a_registration_that_keeps_no_names_keeps_none_of_a_roster(course: Course) -> None:
    course.switch(keeps_names=False)
    course.read(page([LEA]))
    assert course.people() == {"5": (None, True)}


def test_a_roster_is_read_once_a_day(course: Course) -> None:
    course.read(page([LEA, TOM]))
    course.read()
    assert len(course.asked()) == 1
    course.clock.turn(hours=25)
    course.read(page([TOM]))
    assert len(course.asked()) == 2
    assert set(course.people()) == {"6"}, "who is no longer in the roster is forgotten"


def test_all_pages_count(course: Course) -> None:
    course.read(page([LEA], next=MEMBERS + "?from=1"), page([TOM]))
    assert set(course.people()) == {"5", "6"}


def test_what_changed_is_read_where_the_platform_tells_it(course: Course) -> None:
    differences = MEMBERS + "?since=1"
    course.read(page([LEA, TOM], differences=differences))
    course.clock.turn(hours=25)
    course.read(page([{**LEA, "status": "Deleted"}, {**TOM, "status": "Active"}], differences=MEMBERS + "?since=2"))
    assert course.asked()[-1] == differences
    assert course.people() == {"6": (None, True)}
    course.clock.turn(days=8)
    course.read(page([LEA]))
    assert "since" not in course.asked()[-1], "now and then all is read afresh"
    assert set(course.people()) == {"5"}


def test_differences_that_fail_are_given_up_for_a_whole_reading(course: Course) -> None:
    course.read(page([LEA], differences=MEMBERS + "?since=1"))
    course.clock.turn(hours=25)
    course.read(reply([], 404))
    course.clock.turn(hours=2)
    course.read(page([TOM]))
    assert "since" not in course.asked()[-1]
    assert set(course.people()) == {"6"}


@pytest.mark.parametrize(
    ("member", "kept"),
    [
        ({"user_id": "8", "roles": ["Learner"]}, (None, True)),
        ({"user_id": 8, "roles": ["Learner"], "given_name": "Ada", "family_name": "L"}, ("Ada L", True)),
        ({"user_id": "8", "roles": ["Learner"], "status": "Inactive"}, (None, False)),
        ({"user_id": "8", "roles": ["Learner"], "status": "Suspended"}, (None, False)),
        ({"user_id": "8", "roles": ["Learner"], "status": "Deleted"}, None),
        ({"user_id": "8", "roles": ["urn:unknown#Role"]}, None),
        ({"user_id": "8", "roles": ["Learner", "Instructor"]}, None),
        ({"user_id": "8"}, None),
        ({"roles": ["Learner"]}, None),
        ({"user_id": "", "roles": ["Learner"]}, None),
        ("8", None),
    ],
    ids=lambda value: f"G29-{value}" if isinstance(value, dict | str) else "",
)
def test_odd_members_are_handled(course: Course, member: Any, kept: tuple[str | None, bool] | None) -> None:
    course.read(page([member, LEA]))
    assert course.people() == {"5": ("Lea Lernfeld", True)} | ({"8": kept} if kept else {})


def test_g29_of_a_person_told_twice_the_last_word_counts(course: Course) -> None:
    course.read(page([LEA, {**LEA, "status": "Inactive"}]))
    assert course.people() == {"5": ("Lea Lernfeld", False)}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(reply([], 403), "ags.forbidden", id="G30"),
        pytest.param(reply([], 404), "ags.forbidden", id="G30-404"),
        pytest.param(reply(b"<html>"), "ags.bad_answer", id="no-json"),
        pytest.param(reply({"members": 7}), "ags.bad_answer", id="no-list"),
        pytest.param(reply([], 503), "ags.platform_unavailable", id="away"),
    ],
)
def test_a_roster_that_cannot_be_read_keeps_what_was_known_and_says_why(
    course: Course, answer: Any, reason: str
) -> None:
    course.read(page([LEA]))
    course.clock.turn(hours=25)
    course.read(answer)
    assert set(course.people()) == {"5"}
    assert course.state().reason == reason
    course.arrive()
    course.work()
    assert len(course.asked()) == 2, "not asked again at once"
    course.clock.turn(hours=25)
    course.read(page([TOM]))
    assert (set(course.people()), course.state().reason) == ({"6"}, None)


def test_two_workers_do_not_read_one_roster(course: Course) -> None:
    course.services.members = [page([LEA])]
    course.arrive()
    course.work()
    course.work()
    assert len(course.asked()) == 1
