"""Circuits: the same behaviour in memory and in Redis."""

from __future__ import annotations

import pytest

from lti_tool.restraint.circuits import MemoryCircuits, Patience
from lti_tool.restraint.shared import SharedCircuits, SharedMemory
from tests.redis_server import RedisServer

TWO = Patience(failures=2, first=20.0, longest=60.0)
HOST = "lms.example"


@pytest.fixture
def clock():
    class Turned:
        now = 50.0

        def __call__(self):
            return self.now

    return Turned()


@pytest.fixture(params=["memory", "redis"])
def circuits(request, clock):
    if request.param == "memory":
        return MemoryCircuits(clock)
    server = request.getfixturevalue("redis_server")
    return SharedCircuits(SharedMemory(server.url, "a secret"), MemoryCircuits())


def test_failures_in_a_row_open_a_circuit_and_pauses_double_up_to_a_limit(circuits) -> None:
    assert circuits.failed(HOST, TWO) == 0
    assert circuits.seconds_to_pause(HOST) == 0
    assert [circuits.failed(HOST, TWO) for _ in range(4)] == pytest.approx([20, 40, 60, 60])
    assert circuits.seconds_to_pause(HOST) == pytest.approx(60, abs=5)
    assert circuits.seconds_to_pause("other.example") == 0


def test_one_answer_forgets_all_failures(circuits) -> None:
    circuits.failed(HOST, TWO)
    circuits.answered(HOST)
    assert circuits.failed(HOST, TWO) == 0
    circuits.failed(HOST, TWO)
    circuits.answered(HOST)
    assert circuits.seconds_to_pause(HOST) == 0


def test_after_the_pause_one_may_try_and_the_others_wait(clock) -> None:
    circuits = MemoryCircuits(clock)
    circuits.failed(HOST, TWO)
    circuits.failed(HOST, TWO)
    clock.now += 20
    assert circuits.seconds_to_pause(HOST) == 0
    assert circuits.seconds_to_pause(HOST) == pytest.approx(15)
    assert circuits.failed(HOST, TWO) == 40


def test_in_redis_one_of_all_processes_tries(redis_server: RedisServer) -> None:
    one, other = (SharedCircuits(SharedMemory(redis_server.url, "a"), MemoryCircuits()) for _ in range(2))
    one.failed(HOST, TWO)
    assert other.failed(HOST, TWO) == 20
    (key,) = redis_server.run("KEYS", "*")
    redis_server.run("HSET", key, "open_until", "1")
    assert one.seconds_to_pause(HOST) == 0
    assert other.seconds_to_pause(HOST) == pytest.approx(15, abs=5)
    one.answered(HOST)
    assert other.seconds_to_pause(HOST) == 0


def test_a_redis_clock_set_back_leaves_no_platform_alone_for_an_hour(redis_server: RedisServer) -> None:
    circuits = SharedCircuits(SharedMemory(redis_server.url, "a"), MemoryCircuits())
    circuits.failed(HOST, TWO)
    circuits.failed(HOST, TWO)
    (key,) = redis_server.run("KEYS", "*")
    redis_server.run("HSET", key, "open_until", "99999999999")
    assert circuits.seconds_to_pause(HOST) <= 20


def test_when_redis_goes_away_what_was_known_stays_known(tmp_path) -> None:
    server = RedisServer(tmp_path)
    server.start()
    circuits = SharedCircuits(SharedMemory(server.url, "a"), MemoryCircuits())
    circuits.failed(HOST, TWO)
    circuits.failed(HOST, TWO)
    server.stop()
    assert circuits.seconds_to_pause(HOST) > 0
