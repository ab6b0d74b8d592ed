"""Grade columns: used, found, made once, followed when they are lost (rows G1 to G4, G13, G14, G25)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import LineItem, ScoreDelivery
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import Reason
from lti_tool.domain.launch import AgsEndpoint, Launch, LaunchResourceLink
from lti_tool.domain.scores import Delivery
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.line_items import AgsLineItems
from lti_tool.lti.platform_service import PlatformService
from lti_tool.services.attempts import Attempts
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.services.scores import Scores, ScoreState
from lti_tool.worker.columns import ColumnKeeper
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.loop import Pace, Worker
from tests.factories.answers import right_answer
from tests.factories.course_services import CONTAINER, GRADEBOOK_SCOPES, CourseServices
from tests.factories.launches import SCORE_SCOPE, learner_launch
from tests.factories.plain_content import plain_catalogue
from tests.functional.conftest import Internet, SettableClock, register_platform
from tests.unit.lti.test_connector import Keys

CATALOGUE = plain_catalogue()
MODULE = CATALOGUE.modules["datenrecht"]
QUIZ = MODULE.quiz
MAY_MAKE = AgsEndpoint(lineitem=None, lineitems=CONTAINER, scopes=GRADEBOOK_SCOPES)
ONLY_SCORES = AgsEndpoint(lineitem=None, lineitems=CONTAINER, scopes=frozenset({SCORE_SCOPE}))


class Course:
    """One registration, its course's services, learners who take the quiz, and any number of workers."""

    def __init__(self, sessions: sessionmaker[Session], clock: SettableClock, registration_id: int) -> None:
        self.sessions = sessions
        self.clock = clock
        self.registration_id = registration_id
        self.services = CourseServices()
        self.ags: AgsEndpoint | None = MAY_MAKE
        self.placement = Placement("module", "datenrecht", "de", maximum=Decimal(QUIZ.maximum))

    def arrive(self, subject: str = "5", **changed: Any) -> Actor:
        launch: Launch = learner_launch(self.registration_id, subject=subject, **{"ags": self.ags, **changed})
        with self.sessions.begin() as session:
            opened = StoreLaunch(session, self.clock).store(launch, self.placement)
            return LaunchSessions(session, self.clock).actor(opened.registration_id, opened.launch_id, opened.secret)

    def take(self, actor: Actor, right: int = 99, *, hand_in: bool = True) -> None:
        """Take the quiz with so many right answers."""
        with self.sessions.begin() as session:
            attempts = Attempts(session, self.clock, CATALOGUE)
            attempt = attempts.start(actor, MODULE)
            for question in QUIZ.questions[:right]:
                attempts.save(actor, attempt, question.id, right_answer(question))
            if hand_in:
                self.clock.turn(minutes=5)
                attempts.submit(actor, attempt)

    def finish(self, subject: str = "5", right: int = 99, **changed: Any) -> Actor:
        actor = self.arrive(subject, **changed)
        self.take(actor, right)
        return actor

    def worker(self, batch: int = 20) -> Worker:
        service = PlatformService(self.services, AccessTokens(self.services, Keys(), self.clock))
        columns = ColumnKeeper(self.sessions, AgsLineItems(service), self.clock)
        handler = ScoreHandler(RegistrationDirectory(self.sessions), AgsScorePublisher(service), columns)
        return Worker(self.sessions, handler, clock=self.clock, pace=Pace(batch=batch, interval=1), stop=Event())

    def deliver(self, *, rounds: int = 3) -> None:
        for _ in range(rounds):
            self.worker().work_once()
            self.clock.turn(minutes=1)

    def state(self, actor: Actor) -> ScoreState:
        with self.sessions() as session:
            return Scores(session, self.clock).state(actor)

    def rows(self, table: Any) -> list[Any]:
        with self.sessions() as session:
            return list(session.scalars(select(table)))


@pytest.fixture
def course(database_url: str) -> Iterator[Course]:
    clock = SettableClock()
    platform = register_platform(database_url, clock, Internet())
    engine = make_engine(database_url)
    yield Course(make_sessions(engine), clock, platform.registration_id)
    engine.dispose()


@pytest.mark.parametrize(
    ("ags", "reason"),
    [
        pytest.param(None, "ags.not_offered", id="G1"),
        pytest.param(AgsEndpoint(None, CONTAINER, frozenset()), "ags.no_score_scope", id="G2"),
        pytest.param(ONLY_SCORES, "ags.no_column", id="G4"),
    ],
)
def test_where_no_grades_can_be_sent_none_are_queued_and_the_launch_knows_why(
    course: Course, ags: AgsEndpoint | None, reason: str
) -> None:
    course.ags = ags
    lea = course.finish()
    course.deliver()
    assert lea.no_grades == reason
    assert course.rows(ScoreDelivery) == []
    assert course.services.calls == []


def test_g3_a_missing_column_is_made_by_the_worker_and_holds_the_grade(course: Course) -> None:
    lea = course.finish()
    assert lea.no_grades is None
    assert course.services.calls == [], "no request waits for the platform"
    course.deliver()
    [column] = course.services.living.values()
    assert column.item == {
        "id": "https://lms.example/2/lineitems/1/lineitem?type_id=1",
        "label": "Datenrecht",
        "scoreMaximum": QUIZ.maximum,
        "resourceId": "datenrecht",
        "tag": "module",
        "resourceLinkId": "7",
    }
    assert column.shows("5") == 1
    assert course.state(lea).delivery is Delivery.SENT


@pytest.mark.parametrize(
    "item",
    [
        {"resourceLinkId": "7", "resourceId": "datenrecht", "tag": "module"},
        {"resourceLinkId": "7"},
    ],
)
def test_g3_a_column_that_is_there_is_found(course: Course, item: dict[str, str]) -> None:
    course.services.add_column(resourceLinkId="8", resourceId="datenrecht", tag="module")
    course.services.add_column(**item)
    course.finish()
    course.deliver()
    assert course.services.made() == []
    assert [column.shows("5") for column in course.services.living.values()] == [None, 1]


def test_g3_a_copied_activity_gets_a_column_of_its_own(course: Course) -> None:
    """Course copy: same module, another link; the grades of the old activity stay where they are."""
    course.finish()
    course.deliver()
    course.finish("6", resource_link=LaunchResourceLink("70", "Datenrecht"), right=0)
    course.deliver()
    first, second = course.services.living.values()
    assert (first.shows("5"), first.shows("6")) == (1, None)
    assert (second.shows("5"), second.shows("6")) == (None, 0)


def test_g3_two_workers_and_two_learners_at_once_make_one_column(course: Course) -> None:
    for subject in ("5", "6", "7", "8"):
        course.finish(subject)
    together = Barrier(2)

    def wait_for_the_other() -> None:
        with suppress(BrokenBarrierError):  # the other worker rightly does not come
            together.wait(timeout=0.5)

    course.services.before_making = wait_for_the_other
    workers = course.worker(batch=2), course.worker(batch=2)
    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(worker.work_once) for worker in workers]:
            assert running.result(timeout=30) > 0
    course.clock.turn(minutes=1)
    course.deliver()
    assert len(course.services.made()) == 1
    [column] = course.services.living.values()
    assert {subject: column.shows(subject) for subject in ("5", "6", "7", "8")} == dict.fromkeys("5678", 1.0)


def test_g3_a_column_whose_making_was_not_answered_is_found_the_next_time(course: Course) -> None:
    lea = course.finish()
    course.services.lost.append(("POST", "/2/lineitems"))
    course.worker().work_once()
    assert course.state(lea).delivery is Delivery.WAITING
    course.clock.turn(minutes=1)
    course.deliver()
    assert len(course.services.made()) == 1
    assert course.state(lea).delivery is Delivery.SENT


def test_g3_a_worker_that_died_while_making_a_column_leaves_it_to_the_next(course: Course) -> None:
    course.finish()
    course.services.before_making = lambda: (_ for _ in ()).throw(SystemExit())
    with pytest.raises(SystemExit):
        course.worker().work_once()
    course.services.before_making = lambda: None
    course.clock.turn(minutes=2)
    course.deliver()
    [column] = course.services.living.values()
    assert column.shows("5") == 1


def test_g3_a_worker_that_looked_for_longer_than_its_lease_makes_no_second_column(course: Course) -> None:
    lea = course.finish()

    def another_takes_over() -> None:
        course.clock.turn(minutes=2)
        assert course.worker().work_once() == 1

    course.services.after_looking.append(another_takes_over)
    course.worker().work_once()
    course.deliver()
    assert len(course.services.made()) == 1
    assert course.state(lea).delivery is Delivery.SENT


@pytest.mark.parametrize("custom", [{"module": "datenrecht", "grade": "none"}, {"grade": "None"}])
def test_an_activity_made_without_a_grade_never_gets_a_column(course: Course, custom: dict[str, str]) -> None:
    lea = course.finish(custom=custom)
    course.deliver()
    assert lea.no_grades == "not_graded"
    assert course.services.calls == []


def test_a_tracker_never_gets_a_column(course: Course) -> None:
    course.placement = Placement("tracker", None, "de")
    assert course.arrive().no_grades == "not_graded"
    assert course.rows(LineItem) == []


@pytest.mark.parametrize("status", [403, 404, 405])
def test_g4_a_platform_that_makes_no_columns_is_a_failure_for_good_until_it_has_one(
    course: Course, status: int
) -> None:
    course.services.refused["POST", "/2/lineitems"] = status
    lea = course.finish()
    course.deliver()
    state = course.state(lea)
    assert (state.delivery, state.reason) == (
        Delivery.FAILED,
        Reason.FORBIDDEN if status == 403 else Reason.NO_COLUMN,
    )
    assert len(course.services.made()) == 1

    url = course.services.add_column()
    course.arrive("6", ags=AgsEndpoint(url, CONTAINER, GRADEBOOK_SCOPES))
    course.deliver()
    assert course.state(lea).delivery is Delivery.SENT


def test_scores_earned_before_there_was_a_column_are_sent_when_it_appears(course: Course) -> None:
    course.ags = None
    for subject, right in (("5", 99), ("6", 0)):
        course.finish(subject, right)
    url = course.services.add_column()
    course.arrive("7", ags=AgsEndpoint(url, None, frozenset({SCORE_SCOPE})))
    course.deliver()
    [column] = course.services.living.values()
    assert (column.shows("5"), column.shows("6"), column.shows("7")) == (1, 0, None)


def test_the_best_earlier_attempt_is_the_one_that_is_sent(course: Course) -> None:
    course.ags = None
    lea = course.finish(right=99)
    course.take(lea, right=0)
    course.arrive(ags=MAY_MAKE)
    course.deliver()
    [column] = course.services.living.values()
    assert column.shows("5") == 1


def test_an_activity_that_gets_another_column_takes_all_grades_there(course: Course) -> None:
    first, second = course.services.add_column(), course.services.add_column()
    course.ags = AgsEndpoint(first, None, frozenset({SCORE_SCOPE}))
    course.finish()
    course.deliver()
    course.arrive("6", ags=AgsEndpoint(second, None, frozenset({SCORE_SCOPE})))
    course.deliver()
    assert [column.shows("5") for column in course.services.living.values()] == [1, 1]


def test_an_address_that_varies_in_its_query_is_still_the_same_column(course: Course) -> None:
    url = course.services.add_column()
    course.ags = AgsEndpoint(url, None, frozenset({SCORE_SCOPE}))
    course.finish()
    course.deliver()
    course.arrive("6", ags=AgsEndpoint(url.replace("type_id=1", "type_id=2"), None, frozenset({SCORE_SCOPE})))
    course.deliver()
    assert len(course.services.scores()) == 1


def test_g13_a_deleted_column_is_made_once_more_and_everybodys_grade_goes_there(course: Course) -> None:
    course.finish("5")
    course.deliver()
    course.services.delete_column("/2/lineitems/1/lineitem")
    tom = course.finish("6")
    course.deliver()
    assert len(course.services.made()) == 2
    [column] = course.services.living.values()
    assert (column.shows("5"), column.shows("6")) == (1, 1)
    assert len(column.grades["6"]) == 1
    assert course.state(tom).delivery is Delivery.SENT


def test_g13_without_the_right_to_make_columns_a_deleted_one_is_a_failure_for_good(course: Course) -> None:
    gone = "https://lms.example/2/lineitems/9/lineitem?type_id=1"
    course.ags = AgsEndpoint(gone, CONTAINER, frozenset({SCORE_SCOPE}))
    lea = course.finish()
    course.deliver()
    assert (course.state(lea).delivery, course.state(lea).reason) == (Delivery.FAILED, Reason.NO_COLUMN)
    assert len(course.services.scores()) == 1
    assert course.services.made() == []


def test_g13_a_new_column_that_is_refused_as_well_is_not_followed_by_a_third(course: Course) -> None:
    course.services.refused["POST", "/2/lineitems/1/lineitem/scores"] = 404
    course.services.refused["POST", "/2/lineitems/2/lineitem/scores"] = 404
    lea = course.finish()
    course.deliver()
    assert course.state(lea).reason == Reason.NO_COLUMN
    assert len(course.services.made()) == 2


def test_g14_one_person_without_a_gradebook_role_holds_nobody_up(course: Course) -> None:
    url = course.services.add_column()
    course.ags = AgsEndpoint(url, None, frozenset({SCORE_SCOPE}))
    lea = course.finish("5")
    course.services.refused["POST", "/2/lineitems/1/lineitem/scores"] = 400
    course.worker().work_once()
    course.services.refused.clear()
    tom = course.finish("6")
    course.deliver()
    assert (course.state(lea).delivery, course.state(lea).reason) == (Delivery.FAILED, Reason.PERSON_NOT_GRADABLE)
    assert course.state(tom).delivery is Delivery.SENT


def test_g25_an_attempt_that_is_not_handed_in_sends_nothing(course: Course) -> None:
    course.take(course.arrive(), hand_in=False)
    course.deliver()
    assert course.rows(ScoreDelivery) == []
    assert course.services.calls == []


def test_a_score_says_when_the_attempt_was_begun_and_handed_in(course: Course) -> None:
    begun = course.clock.now
    course.finish()
    handed_in = course.clock.now
    course.deliver()
    [score] = course.services.scores()
    assert handed_in > begun
    assert score["submission"] == {
        "startedAt": f"{begun:%Y-%m-%dT%H:%M:%S}.000Z",
        "submittedAt": f"{handed_in:%Y-%m-%dT%H:%M:%S}.000Z",
    }


def test_a_column_we_made_follows_the_activitys_title_and_the_quizs_points_and_keeps_the_rest(course: Course) -> None:
    course.finish()
    course.deliver()
    [column] = course.services.living.values()
    column.item["gradesReleased"] = False
    course.placement = replace(course.placement, maximum=Decimal(20))
    renamed = LaunchResourceLink("7", "Datenrecht für alle")
    for subject in ("6", "7"):
        course.finish(subject, resource_link=renamed)
    course.deliver()
    [changed] = course.services.changed()
    assert changed == {
        **column.item,
        "label": "Datenrecht für alle",
        "scoreMaximum": 20,
        "resourceId": "datenrecht",
        "tag": "module",
        "resourceLinkId": "7",
        "gradesReleased": False,
    }
    assert column.shows("6") == column.shows("7") == 1


def test_a_launch_without_a_title_renames_nothing(course: Course) -> None:
    course.finish()
    course.deliver()
    course.finish("6", resource_link=LaunchResourceLink("7"))
    course.deliver()
    assert course.services.changed() == []


def test_a_column_that_may_not_be_changed_still_takes_grades_and_is_not_asked_again(course: Course) -> None:
    course.finish()
    course.deliver()
    course.services.refused["PUT", "/2/lineitems/1/lineitem"] = 403
    for subject in ("6", "7"):
        course.finish(subject, resource_link=LaunchResourceLink("7", "Neu"))
        course.deliver()
    [column] = course.services.living.values()
    assert (column.shows("6"), column.shows("7")) == (1, 1)
    assert len(course.services.called("PUT", "/2/lineitems/1/lineitem")) == 1


def test_a_column_the_platform_made_is_never_changed(course: Course) -> None:
    url = course.services.add_column(label="Von Hand")
    course.ags = AgsEndpoint(url, CONTAINER, GRADEBOOK_SCOPES)
    course.finish()
    course.finish("6", resource_link=LaunchResourceLink("7", "Neu"))
    course.deliver()
    assert course.services.changed() == []
