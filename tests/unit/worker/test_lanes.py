"""Fifty platforms, one of which takes connections and never answers; a job that kills; a clock that jumps."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.scores import Delivery
from lti_tool.services.outbox import LEASE, Outbox
from tests.unit.worker.conftest import Station, register

PLATFORMS, SCORES = 50, 3


def another_platform(station: Station, number: int) -> Station:
    return replace(station, registration_id=register(station.sessions, station.clock, f"https://lms{number}.example"))


def arrived(station: Station, prefix: str) -> int:
    return sum(len(held) for subject, held in list(station.gradebook.entries.items()) if subject.startswith(prefix))


def until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_platform_that_never_answers_holds_up_none_of_fifty(station: Station) -> None:
    """All grades of the others arrive while the first call to the dead one still hangs."""
    called, over = Event(), Event()

    def swallow(score) -> None:
        if score.subject.startswith("hole"):
            called.set()
            assert over.wait(60)
            raise DeliveryFailed(FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE)

    station.gradebook.on_publish.append(swallow)
    for number in range(SCORES * 20):
        station.queue(f"hole {number}", "5")  # the oldest: whoever goes by age alone meets nothing else
    for number in range(1, PLATFORMS):
        lms = another_platform(station, number)
        for score in range(SCORES):
            lms.queue(f"good {number} {score}", "5")
    worker = Thread(target=station.worker(interval=0.01).run)
    worker.start()
    try:
        until(lambda: arrived(station, "good") == (PLATFORMS - 1) * SCORES)
        assert called.is_set()
        assert [subject for _, subject in station.gradebook.calls if subject.startswith("hole")] == ["hole 0"]
    finally:
        station.stop.set()
        over.set()
        worker.join(60)
    assert not worker.is_alive()
    assert arrived(station, "hole") == 0
    with station.sessions.begin() as session:
        station.clock.turn(minutes=30)
        assert len(Outbox(session, station.clock).lease(500)) == SCORES * 20, "all of them wait, and none is leased"


def test_a_task_that_waits_for_a_platform_holds_up_no_grade(station: Station) -> None:
    over = Event()
    station.queue("ada", "5")
    worker = station.worker(interval=0.01)
    worker._tasks = [lambda: over.wait(60)]
    running = Thread(target=worker.run)
    running.start()
    until(lambda: arrived(station, "ada") == 1)
    station.clock.turn(seconds=5)
    station.queue("bob", "5")
    until(lambda: arrived(station, "bob") == 1)
    over.set()
    station.stop.set()
    running.join(60)


def test_a_score_that_kills_its_worker_is_alone_when_it_does_so_and_not_for_ever(station: Station) -> None:
    class Killed(BaseException):
        """As good as SIGKILL: nothing of ours settles anything."""

    def kill(score) -> None:
        if score.subject == "poison":
            raise Killed

    station.gradebook.on_publish.append(kill)
    station.queue("poison", "5")
    station.queue("ada", "5")
    deaths = 0
    for _ in range(10):
        worker, before = station.worker(), len(station.gradebook.calls)
        try:
            worker.work_once()
        except Killed:
            deaths += 1
        poisoned = [subject for _, subject in station.gradebook.calls[before:]].count("poison")
        if not poisoned:
            break
        station.clock.turn(minutes=2)
        station.queue(f"after {deaths}", "5")
    assert station.row("poison").state == Delivery.FAILED
    assert station.row("poison").reason == "internal"
    assert station.gradebook.shows("ada") == [Decimal(5)]
    assert {len(held) for name, held in station.gradebook.entries.items() if name != "poison"} == {1}
    assert 2 <= deaths <= 5


@pytest.mark.both_databases
@pytest.mark.parametrize("hours", [1, -1], ids=["forward", "backward"])
def test_a_clock_that_jumps_while_a_grade_is_on_its_way_sends_nothing_twice(station: Station, hours: int) -> None:
    """The second worker would take the lease for ended, find nothing in the gradebook yet, and send once more."""
    other, sending, arrived_first = station.worker(), Event(), Event()

    def hold_back(_score) -> None:
        sending.set()
        assert arrived_first.wait(60)

    def jump(_score) -> None:
        station.gradebook.on_publish[:] = [hold_back]
        station.clock.turn(hours=hours)
        station.monotonic += 1
        second.start()
        until(lambda: sending.is_set() or not second.is_alive())

    second = Thread(target=other.work_once)
    station.gradebook.on_publish.append(jump)
    station.queue("ada", "5")
    station.worker().work_once()
    arrived_first.set()
    second.join(60)
    assert station.gradebook.shows("ada") == [Decimal(5)]
    assert station.row("ada").state == Delivery.SENT


@pytest.mark.parametrize("hours", [1, -1], ids=["forward", "backward"])
def test_a_grade_queued_after_a_jump_arrives_and_a_newer_one_wins(station: Station, hours: int) -> None:
    station.queue("ada", "5")
    station.worker().work_once()
    station.clock.turn(hours=hours)
    station.queue("ada", "7")
    station.worker().work_once()
    station.clock.turn(hours=1, seconds=5)  # a score's time is later than the last one and not in the future
    station.worker().work_once()
    assert station.gradebook.shows("ada") == [Decimal(5), Decimal(7)]


def test_after_a_jump_a_dead_workers_score_waits_for_the_length_of_a_lease(station: Station) -> None:
    watching = station.worker()
    station.queue("ada", "5")
    with station.sessions.begin() as session:
        Outbox(session, station.clock).lease(1)
    station.clock.turn(hours=1)
    station.monotonic += 1
    watching.work_once()
    assert station.gradebook.calls == []
    station.monotonic += LEASE.total_seconds()
    station.clock.now += timedelta(seconds=LEASE.total_seconds())
    watching.work_once()
    assert station.gradebook.shows("ada") == [Decimal(5)]


@pytest.mark.faults
@pytest.mark.both_databases
def test_a_platform_that_is_down_for_a_day_gets_every_grade_once(station: Station) -> None:
    """A day by the clock of a time machine; workers come and go meanwhile, and people go on learning."""
    station.gradebook.on_publish.append(away := Away())
    people = []
    for hour in range(25):
        people.append(f"person {hour}")
        station.queue(people[-1], str(hour % 10))
        worker = station.worker()
        for _ in range(4):
            worker.work_once()
            station.clock.turn(minutes=15)
    assert not any(station.gradebook.shows(person) for person in people)
    assert away.asked < 25 * 4 * 2 + 1, "two tries a round, however many wait"

    station.gradebook.on_publish.clear()
    for _ in range(4):
        station.worker().work_once()
        station.clock.turn(minutes=20)
    assert {person: station.gradebook.shows(person) for person in people} == {
        person: [Decimal(number % 10)] for number, person in enumerate(people)
    }
    assert {station.row(person).state for person in people} == {Delivery.SENT}


class Away:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _score) -> None:
        self.asked += 1
        raise DeliveryFailed(FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE)
