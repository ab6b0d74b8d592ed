"""The worker: every grade arrives once, one bad case never stops the others, and it stops when told."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import ClassVar

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.scores import Delivery
from lti_tool.services.outbox import LEASE, Outbox

pytestmark = pytest.mark.both_databases

AWAY = DeliveryFailed(FailureKind.TRY_AGAIN, "ags.unavailable")
FORBIDDEN = DeliveryFailed(FailureKind.PERMANENT, "ags.forbidden")


def test_a_queued_grade_reaches_the_gradebook_and_is_marked_sent(station):
    station.queue("ada", "7.5")

    assert station.worker().work_once() == 1

    assert station.gradebook.shows("ada") == [Decimal("7.5")]
    assert station.row("ada").state == Delivery.SENT
    assert station.worker().work_once() == 0


def test_one_person_whose_grade_is_refused_does_not_stop_the_rest(station):
    for subject in ("ada", "bob", "cem"):
        station.queue(subject, "5")
    station.gradebook.plan["bob"] = [FORBIDDEN]

    station.worker().work_once()

    assert station.gradebook.shows("ada") == station.gradebook.shows("cem") == [Decimal(5)]
    assert (station.row("bob").state, station.row("bob").reason) == (Delivery.FAILED, "ags.forbidden")


def test_a_grade_that_breaks_our_own_code_is_tried_again_and_stops_nobody(station):
    for subject in ("ada", "bob"):
        station.queue(subject, "5")
    station.gradebook.plan["ada"] = [ZeroDivisionError("ours")]

    station.worker().work_once()
    assert station.gradebook.shows("bob") == [Decimal(5)]
    assert (station.row("ada").state, station.row("ada").reason) == (Delivery.WAITING, "internal")

    station.clock.turn(minutes=1)
    station.worker().work_once()
    assert station.row("ada").state == Delivery.SENT


def test_g17_a_platform_that_is_away_is_left_alone_after_two_tries_and_loses_nothing(station):
    subjects = [f"learner-{number}" for number in range(6)]
    for subject in subjects:
        station.queue(subject, "5")
        station.gradebook.plan[subject] = [AWAY]

    station.worker().work_once()
    assert len(station.gradebook.calls) == 2
    assert {station.row(subject).state for subject in subjects} == {Delivery.WAITING}

    station.gradebook.plan.clear()
    station.clock.turn(minutes=1)
    station.worker().work_once()
    assert {subject: len(station.gradebook.shows(subject)) for subject in subjects} == dict.fromkeys(subjects, 1)


def test_g18_a_lost_answer_does_not_make_a_second_entry(station):
    station.queue("ada", "5")
    station.gradebook.plan["ada"] = ["answer lost"]
    station.worker().work_once()
    assert station.row("ada").state == Delivery.WAITING

    station.clock.turn(minutes=1)
    station.worker().work_once()

    assert station.gradebook.shows("ada") == [Decimal(5)]
    assert station.row("ada").state == Delivery.SENT


def test_a_worker_killed_after_sending_leaves_a_grade_that_the_next_one_does_not_send_again(station):
    station.queue("ada", "5")
    with station.sessions.begin() as session:
        [leased] = Outbox(session, station.clock).lease(1)
    station.gradebook.publish(None, leased.line_item_url, leased.score)  # … and here the process dies

    assert station.worker().work_once() == 0
    station.clock.turn(seconds=LEASE.total_seconds() + 1)
    assert station.worker().work_once() == 1

    assert station.gradebook.shows("ada") == [Decimal(5)]
    assert station.row("ada").state == Delivery.SENT


def test_a_worker_killed_before_sending_leaves_a_grade_that_the_next_one_sends(station):
    station.queue("ada", "5")
    with station.sessions.begin() as session:
        Outbox(session, station.clock).lease(1)

    station.clock.turn(seconds=LEASE.total_seconds() + 1)
    station.worker().work_once()

    assert station.gradebook.shows("ada") == [Decimal(5)]


def test_g15_a_conflict_over_the_same_value_counts_as_sent(station):
    station.queue("ada", "5")
    with station.sessions.begin() as session:
        [leased] = Outbox(session, station.clock).lease(1)
        session.rollback()
    station.gradebook.publish(None, leased.line_item_url, leased.score)

    station.worker().work_once()

    assert station.gradebook.shows("ada") == [Decimal(5)]
    assert station.row("ada").state == Delivery.SENT


def test_g15_a_conflict_over_another_value_is_settled_with_a_later_time(station):
    station.queue("ada", "5")
    with station.sessions.begin() as session:
        [leased] = Outbox(session, station.clock).lease(1)
        session.rollback()
    station.gradebook.publish(None, leased.line_item_url, leased.score)
    station.queue("ada", "8")

    station.worker().work_once()
    assert station.row("ada").state == Delivery.WAITING
    station.clock.turn(seconds=2)
    station.worker().work_once()

    assert station.gradebook.shows("ada") == [Decimal(5), Decimal(8)]
    assert station.row("ada").state == Delivery.SENT


def test_grades_for_a_platform_that_was_switched_off_are_not_sent(station):
    station.queue("ada", "5")
    station.switch_off()

    station.worker().work_once()

    assert station.gradebook.calls == []
    assert (station.row("ada").state, station.row("ada").reason) == (Delivery.FAILED, "registration.inactive")


def test_told_to_stop_it_finishes_one_grade_and_gives_the_others_back_at_once(station):
    for subject in ("ada", "bob", "cem"):
        station.queue(subject, "5")
    station.gradebook.on_publish.append(lambda _: station.stop.set())

    station.worker().run()

    assert [call for call, _ in station.gradebook.calls] == ["publish"]
    states = sorted(station.row(subject).state for subject in ("ada", "bob", "cem"))
    assert states == [Delivery.SENT, Delivery.WAITING, Delivery.WAITING]
    station.stop.clear()
    station.clock.turn(seconds=1)  # scores carry whole seconds
    assert station.worker().work_once() == 2


def test_a_batch_that_takes_too_long_gives_its_rest_back_before_the_lease_ends(station):
    for subject in ("ada", "bob", "cem"):
        station.queue(subject, "5")

    def slow(_score):
        station.monotonic += LEASE.total_seconds() * 0.6

    station.gradebook.on_publish.append(slow)
    station.worker().work_once()

    assert len(station.gradebook.calls) == 1
    station.clock.turn(seconds=1)
    assert station.worker().work_once() == 2


def test_waiting_for_work_it_stops_at_once(station):
    worker = station.worker(interval=3600)
    running = threading.Thread(target=worker.run)
    running.start()
    station.stop.set()
    running.join(timeout=30)
    assert not running.is_alive()


def test_with_nothing_to_send_it_rests_between_the_turns_of_its_tasks(station):
    rested = threading.Event()

    class Rests(threading.Event):
        seconds: ClassVar[list[float]] = []

        def wait(self, timeout=None):
            self.seconds.append(timeout)
            rested.set()
            if len(self.seconds) == 3:
                self.set()
            return self.is_set()

    station.stop = Rests()
    turns = []

    def task():
        turns.append(1)
        rested.wait(10)  # still at work when the worker has nothing left to do

    worker = threading.Thread(target=station.worker(interval=3600, tasks=[task]).run, daemon=True)
    worker.start()
    worker.join(timeout=30)
    assert not worker.is_alive()
    assert Rests.seconds == [3600, 3600, 3600]
    assert 1 <= len(turns) <= 3
