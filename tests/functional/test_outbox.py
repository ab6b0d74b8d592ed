"""The outbox: newest value wins, one worker at a time, times that only grow, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.domain.actor import Actor
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.scores import Delivery
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.outbox import LEASE, LeasedScore, Outbox
from lti_tool.services.scores import Scores
from tests.factories.launches import learner_launch
from tests.functional.conftest import Internet, SettableClock, register_platform

TEN = Decimal(10)


class Bench:
    """One registration, any number of learners, and the outbox as two workers would use it."""

    def __init__(self, sessions: sessionmaker[Session], clock: SettableClock, registration_id: int) -> None:
        self.sessions = sessions
        self.clock = clock
        self.registration_id = registration_id

    def learner(self, subject: str = "5") -> Actor:
        placement = Placement("module", "datenrecht", "de")
        with self.sessions.begin() as session:
            opened = StoreLaunch(session, self.clock).store(
                learner_launch(self.registration_id, subject=subject), placement
            )
            return LaunchSessions(session, self.clock).actor(opened.registration_id, opened.launch_id, opened.secret)

    def queue(self, actor: Actor, points: str) -> None:
        with self.sessions.begin() as session:
            Scores(session, self.clock).queue(actor, Decimal(points), TEN)

    def lease(self, limit: int = 10, *, suspects: bool = False) -> list[LeasedScore]:
        with self.sessions.begin() as session:
            return Outbox(session, self.clock).lease(limit, suspects=suspects)

    def lease_without(self, registrations: set[int]) -> list[LeasedScore]:
        with self.sessions.begin() as session:
            return Outbox(session, self.clock).lease(10, without=registrations)

    def sent(self, leased: LeasedScore) -> None:
        with self.sessions.begin() as session:
            Outbox(session, self.clock).settle_sent(leased)

    def failed(
        self,
        leased: LeasedScore,
        kind: FailureKind,
        *,
        retry_after: float | None = None,
        most_tries: int | None = None,
        reason: str = "ags.some_reason",
    ) -> None:
        failure = DeliveryFailed(kind, reason, retry_after=retry_after, most_tries=most_tries)
        with self.sessions.begin() as session:
            Outbox(session, self.clock).settle_failed(leased, failure)

    def state(self, actor: Actor) -> Delivery | None:
        with self.sessions() as session:
            return Scores(session, self.clock).state(actor).delivery


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    clock = SettableClock()
    platform = register_platform(database_url, clock, Internet())
    engine = make_engine(database_url)
    yield Bench(make_sessions(engine), clock, platform.registration_id)
    engine.dispose()


def test_a_queued_score_is_leased_with_all_that_sending_needs(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")

    [leased] = bench.lease()

    assert (leased.subject, leased.given, leased.maximum) == ("5", Decimal(8), TEN)
    assert leased.line_item_url == "https://lms.example/lineitems/9/lineitem?type_id=1"
    assert leased.timestamp == bench.clock.now.replace(microsecond=0)
    assert not leased.interrupted
    assert bench.state(actor) is Delivery.WAITING


def test_a_leased_score_is_not_given_to_a_second_worker(bench: Bench) -> None:
    bench.queue(bench.learner(), "8")

    assert len(bench.lease()) == 1
    assert bench.lease() == []


def test_a_settled_score_is_sent_and_never_leased_again(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    bench.sent(*bench.lease())
    bench.clock.turn(days=2)

    assert bench.state(actor) is Delivery.SENT
    assert bench.lease() == []


def test_the_same_value_again_is_not_sent_twice(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    bench.sent(*bench.lease())

    bench.queue(actor, "8")

    assert bench.state(actor) is Delivery.SENT
    assert bench.lease() == []


def test_g22_only_the_newest_of_two_values_is_sent(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "3")
    bench.queue(actor, "8")

    [leased] = bench.lease()

    assert leased.given == Decimal(8)


def test_g22_a_value_that_comes_in_while_another_is_being_sent_waits_its_turn_and_is_sent_after_it(
    bench: Bench,
) -> None:
    actor = bench.learner()
    bench.queue(actor, "3")
    [first] = bench.lease()
    bench.queue(actor, "8")

    assert bench.lease() == [], "two workers must not send one person's scores side by side"
    bench.sent(first)
    bench.clock.turn(seconds=1)
    [second] = bench.lease()

    assert second.given == Decimal(8)
    assert second.timestamp > first.timestamp
    assert not second.interrupted


def test_g21_g23_times_grow_by_whole_seconds_and_never_lie_in_the_future(bench: Bench) -> None:
    actor = bench.learner()
    bench.clock.now = bench.clock.now.replace(microsecond=500_000)
    bench.queue(actor, "3")
    [first] = bench.lease()
    bench.sent(first)
    bench.queue(actor, "8")

    assert bench.lease() == [], "the next second has not come yet"
    bench.clock.turn(milliseconds=500)
    [second] = bench.lease()

    assert second.timestamp == first.timestamp + timedelta(seconds=1)
    assert second.timestamp <= bench.clock.now


def test_a_dead_workers_score_comes_back_marked_as_perhaps_sent(bench: Bench) -> None:
    bench.queue(bench.learner(), "8")
    [lost] = bench.lease()
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)

    [found] = bench.lease()

    assert found.interrupted
    assert found.timestamp > lost.timestamp


def test_a_worker_whose_lease_is_gone_can_no_longer_settle(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    [lost] = bench.lease()
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    [found] = bench.lease()

    bench.sent(lost)
    assert bench.state(actor) is Delivery.WAITING
    bench.sent(found)
    assert bench.state(actor) is Delivery.SENT


def test_g16_a_busy_platform_is_tried_again_after_the_time_it_asks_for(bench: Bench) -> None:
    bench.queue(bench.learner(), "8")
    bench.failed(*bench.lease(), FailureKind.TRY_AGAIN, retry_after=30)

    bench.clock.turn(seconds=29)
    assert bench.lease() == []
    bench.clock.turn(seconds=2)
    assert [leased.interrupted for leased in bench.lease()] == [False]


def test_g16_g17_waiting_times_double_from_seconds_to_a_quarter_of_an_hour(bench: Bench) -> None:
    bench.queue(bench.learner(), "8")
    pauses = []
    for _ in range(12):
        bench.failed(*bench.lease(), FailureKind.TRY_AGAIN)
        pause = 0
        while True:
            bench.clock.turn(seconds=1)
            pause += 1
            if found := bench.lease():
                break
        with bench.sessions.begin() as session:
            Outbox(session, bench.clock).release(found[0])
        bench.clock.turn(seconds=1)
        pauses.append(pause)

    assert 4 <= pauses[0] <= 7
    assert 8 <= pauses[1] <= 13
    assert all(pause <= 15 * 60 * 1.2 + 2 for pause in pauses)
    assert pauses[-1] >= 15 * 60 * 0.8


def test_g17_after_three_days_the_score_is_given_up_and_says_so(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    bench.failed(*bench.lease(), FailureKind.TRY_AGAIN)
    bench.clock.turn(hours=71)
    bench.failed(*bench.lease(), FailureKind.TRY_AGAIN)
    assert bench.state(actor) is Delivery.WAITING
    bench.clock.turn(hours=2)
    bench.failed(*bench.lease(), FailureKind.TRY_AGAIN)
    assert bench.state(actor) is Delivery.FAILED


def test_a_score_that_workers_die_with_becomes_a_suspect_and_is_given_up_in_the_end(bench: Bench) -> None:
    poison = bench.learner("poison")
    bench.queue(poison, "8")
    assert len(bench.lease()) == 1
    bench.clock.turn(minutes=2)
    assert [score.interrupted for score in bench.lease()] == [True], "once may happen to anybody"
    bench.clock.turn(minutes=2)
    good = bench.learner("good")
    bench.queue(good, "5")
    assert [score.subject for score in bench.lease()] == ["good"], "twice, and it holds up nobody any more"
    for _ in range(3):
        assert [score.subject for score in bench.lease(suspects=True)] == ["poison"]
        bench.clock.turn(minutes=2)
    assert bench.lease(suspects=True) == []
    assert bench.state(poison) is Delivery.FAILED


def test_a_suspect_that_is_settled_is_none_any_more(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    for _ in range(2):
        bench.lease()
        bench.clock.turn(minutes=2)
    bench.failed(*bench.lease(suspects=True), FailureKind.TRY_AGAIN)
    bench.clock.turn(minutes=2)
    assert [score.interrupted for score in bench.lease()] == [False]


def test_a_registration_that_somebody_is_busy_with_is_left_out(bench: Bench) -> None:
    bench.queue(bench.learner(), "8")
    assert bench.lease_without({bench.registration_id}) == []
    assert len(bench.lease_without({bench.registration_id + 1})) == 1


def test_a_refusal_that_few_tries_prove_is_given_up_after_them(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    for _ in range(3):
        assert bench.state(actor) is Delivery.WAITING
        bench.failed(*bench.lease(), FailureKind.TRY_AGAIN, most_tries=3)
        bench.clock.turn(hours=1)

    assert bench.state(actor) is Delivery.FAILED


def test_tries_of_an_outage_do_not_count_for_a_refusal_after_it(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    for _ in range(5):
        bench.failed(*bench.lease(), FailureKind.TRY_AGAIN)
        bench.clock.turn(hours=1)
    for _ in range(2):
        bench.failed(*bench.lease(), FailureKind.TRY_AGAIN, most_tries=3, reason="ags.unknown_key")
        assert bench.state(actor) is Delivery.WAITING
        bench.clock.turn(hours=1)
    bench.failed(*bench.lease(), FailureKind.TRY_AGAIN, most_tries=3, reason="ags.unknown_key")
    assert bench.state(actor) is Delivery.FAILED


def test_a_permanent_failure_is_not_tried_again_until_there_is_a_new_value(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    bench.failed(*bench.lease(), FailureKind.PERMANENT)
    bench.clock.turn(days=3)

    assert bench.state(actor) is Delivery.FAILED
    assert bench.lease() == []
    bench.queue(actor, "8")
    assert [leased.given for leased in bench.lease()] == [Decimal(8)]


def test_g15_a_score_that_is_not_newer_is_sent_again_with_a_later_time_but_not_for_ever(bench: Bench) -> None:
    actor = bench.learner()
    bench.queue(actor, "8")
    for _ in range(3):
        bench.failed(*bench.lease(), FailureKind.NOT_NEWER)
        bench.clock.turn(seconds=3)

    assert bench.state(actor) is Delivery.FAILED


def test_g14_one_failing_learner_holds_nobody_up(bench: Bench) -> None:
    actors = [bench.learner(subject) for subject in ("5", "6", "7")]
    for actor in actors:
        bench.queue(actor, "8")
    first, second, third = bench.lease()
    bench.failed(first, FailureKind.PERMANENT)
    bench.sent(second)
    bench.sent(third)

    assert sorted(str(bench.state(actor)) for actor in actors) == ["failed", "sent", "sent"]


def test_an_activity_without_a_grade_column_queues_nothing(bench: Bench) -> None:
    placement = Placement("module", "datenrecht", "de")
    with bench.sessions.begin() as session:
        opened = StoreLaunch(session, bench.clock).store(learner_launch(bench.registration_id, ags=None), placement)
        actor = LaunchSessions(session, bench.clock).actor(opened.registration_id, opened.launch_id, opened.secret)

    bench.queue(actor, "8")

    assert bench.lease() == []
    assert bench.state(actor) is None
