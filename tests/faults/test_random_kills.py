"""Web server, workers and LMS are killed at random points; every acknowledged answer and grade is there exactly once.

Two workers race all the time. The points are random numbers of acknowledged steps, from a seed that is printed; the
number of killings is an option, so that the same test runs short with all others and long by `make test-faults`.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from threading import Event

import psutil
import pytest

from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Learner, answers_of, expected_percent
from tests.faults.deployment import Deployment, wait_until

MODULE = "datenrecht"
ACTIVITY = "rl-datenrecht"
QUIZ = plain_catalogue().modules[MODULE].quiz
AT_ONCE = 3


class Crowd:
    """People who take the quiz one after the other, each step again until it is acknowledged."""

    def __init__(self, house: Deployment) -> None:
        self.house = house
        self.steps = itertools.count(1)
        self.acknowledged = 0
        self.handed_in: dict[str, tuple[int, Learner]] = {}
        self.enough = Event()

    def keep_coming(self, numbers: range) -> None:
        for number in numbers:
            if self.enough.is_set():
                return
            person = f"zufall-{number}"
            self.handed_in[person] = (number, self.take_quiz(number, person))

    def take_quiz(self, number: int, person: str) -> Learner:
        assert QUIZ is not None
        learner = Learner(self.person(person), self.house.lms_url)
        self.persistently(lambda: learner.launch(ACTIVITY))
        self.persistently(lambda: learner.begin_quiz(MODULE))
        for question, chosen in answers_of(number, QUIZ).items():
            self.persistently(lambda question=question, chosen=chosen: learner.answer({question: chosen}))
        self.persistently(lambda: accepted(learner.submit()))
        return learner

    def person(self, name: str) -> str:
        found: list[str] = []
        self.persistently(lambda: found.extend(self.house.control("/practice/people?count=1", {})["people"]))
        return found[-1]

    def persistently(self, step: Callable[[], object]) -> None:
        def taken() -> bool:
            with suppress(OSError, HTTPException, AssertionError):
                step()
                return True
            return False

        wait_until(taken, "an acknowledgement", seconds=120)
        self.acknowledged = next(self.steps)


def accepted(answer) -> None:
    assert answer.status == 200


def kill_one_web_process(house: Deployment) -> None:
    """Its master starts another one."""
    for child in psutil.Process(house.web.pid).children():
        with suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGKILL)


def replace(workers: list[subprocess.Popen[bytes]], number: int, house: Deployment) -> None:
    workers[number].kill()
    workers[number].wait()
    workers[number] = house.start_worker()


@pytest.mark.both_databases
def test_nothing_acknowledged_is_lost_or_doubled_whoever_is_killed(
    deployment: Deployment, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    seed = pytestconfig.getoption("seed") or int.from_bytes(os.urandom(4), "big")
    print(f"--seed {seed}")  # noqa: T201 -- pytest shows it when the test fails
    chance, crowd = random.Random(seed), Crowd(deployment)
    with racing(deployment) as workers:
        kill_at_random(deployment, crowd, chance, workers, pytestconfig.getoption("random_kills"))
    deployment.let_time_pass()
    check(deployment, crowd)
    killed, people = pytestconfig.getoption("random_kills"), len(crowd.handed_in)
    record_property("figures", f"{killed} kills, {crowd.acknowledged} acknowledged steps, {people} grades, each once")


@contextmanager
def racing(house: Deployment) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run two workers; whoever is in the list at the end dies like all before."""
    workers = [house.start_worker() for _ in range(2)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def kill_at_random(
    deployment: Deployment,
    crowd: Crowd,
    chance: random.Random,
    workers: list[subprocess.Popen[bytes]],
    kills: int,
) -> None:
    """Let people come until so many processes have been killed; each kind at least once if there are enough."""
    victims: list[Callable[[], None]] = [
        deployment.kill_web,
        deployment.kill_lms,
        lambda: kill_one_web_process(deployment),
        lambda: replace(workers, 0, deployment),
        lambda: replace(workers, 1, deployment),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        people = [pool.submit(crowd.keep_coming, range(first, 10**6, AT_ONCE)) for first in range(AT_ONCE)]
        try:
            for kill in range(kills):
                point = crowd.acknowledged + chance.randint(1, 25)
                wait_until(lambda point=point: crowd.acknowledged >= point, f"the point of kill {kill}", seconds=180)
                victims[kill % len(victims) if kill < len(victims) else chance.randrange(len(victims))]()
        finally:
            crowd.enough.set()
        for future in people:
            future.result(240)


def check(house: Deployment, crowd: Crowd) -> None:
    """All grades arrive, each once and right; everybody sees what was acknowledged."""
    assert QUIZ is not None
    assert crowd.handed_in
    with house.worker():
        try:
            everybody = len(crowd.handed_in)
            wait_until(lambda: len({one["user"] for one in house.scores()}) >= everybody, "the last grade", 60)
        except AssertionError as error:
            raise AssertionError(f"{everybody} people; {house.outbox()}; {len(house.scores())} scores") from error
    scores = house.scores()
    assert Counter(one["user"] for one in scores) == dict.fromkeys(
        (learner.person for _, learner in crowd.handed_in.values()), 1
    )
    given = {one["user"]: one["message"] for one in scores}
    for number, learner in crowd.handed_in.values():
        percent = float(expected_percent(number, QUIZ))
        message = given[learner.person]
        assert message["given"] / message["maximum"] * 100 == pytest.approx(percent)
        assert f"{message['given']:g} von" in learner.submit().text.replace(".", ",").replace(",0 ", " ")
