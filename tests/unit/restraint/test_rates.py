"""Rates: in memory by a clock that tests turn, in Redis by the server's own."""

from __future__ import annotations

import re
import time

import pytest
from structlog.testing import capture_logs

from lti_tool.restraint.rates import MemoryRates, Quota
from lti_tool.restraint.shared import AWAY_SECONDS, SharedMemory, SharedRates
from tests.redis_server import RedisServer

MINUTE = Quota(5, 60.0)


class Turned:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates, name: str, tries: int = 20, quota: Quota = MINUTE) -> int:
    return sum(not rates.seconds_to_wait(name, quota) for _ in range(tries))


def shared(server: RedisServer, now=time.monotonic) -> SharedRates:
    return SharedRates(SharedMemory(server.url, "a secret", now), MemoryRates(now))


@pytest.mark.parametrize(
    ("written", "quota"),
    [
        ("200/minute", Quota(200, 60.0)),
        ("5 per hour", Quota(5, 3_600.0)),
        ("7 per 3 days", Quota(7, 259_200.0)),
        (" 10 / 2 Seconds ", Quota(10, 2.0)),
    ],
)
def test_a_rate_is_read_as_it_is_spoken(written: str, quota: Quota) -> None:
    assert Quota.parse(written) == quota


@pytest.mark.parametrize("written", [" ", "often", "0/minute", "5", "5/fortnight", "1/minute;9/hour", "-1/day"])
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=re.escape(written)):
        Quota.parse(written)


def test_a_whole_minutes_worth_may_come_at_once_and_then_evenly() -> None:
    clock = Turned()
    rates = MemoryRates(clock)
    assert taken(rates, "a") == 5
    assert rates.seconds_to_wait("a", MINUTE) == pytest.approx(12)
    clock.now += 12
    assert taken(rates, "a") == 1
    clock.now += 3600
    assert taken(rates, "a") == 5, "a long pause saves up no more than one minute's worth"


def test_each_name_counts_for_itself_and_looking_counts_nothing() -> None:
    rates = MemoryRates(Turned())
    assert taken(rates, "a") == taken(rates, "b") == 5
    assert [rates.seconds_to_wait("c", MINUTE, count=False) for _ in range(9)] == [0.0] * 9
    assert taken(rates, "c") == 5
    assert rates.seconds_to_wait("c", MINUTE, count=False) > 0


def test_a_flood_of_names_forgets_the_quietest_and_grows_no_further() -> None:
    rates = MemoryRates(Turned(), most_names=100)
    taken(rates, "busy", 4)
    for number in range(99):
        rates.seconds_to_wait(f"flood {number}", MINUTE)
    assert taken(rates, "busy") == 1, "still known, and now the youngest"
    for number in range(99, 198):
        rates.seconds_to_wait(f"flood {number}", MINUTE)
    assert len(rates._full_at) == 100
    assert taken(rates, "busy") == 0


def test_all_processes_count_together_through_redis(redis_server: RedisServer) -> None:
    one, other = shared(redis_server), shared(redis_server)
    assert taken(one, "a", 3) + taken(other, "a", 9) == 5
    assert 0 < other.seconds_to_wait("a", MINUTE) <= 12
    assert other.seconds_to_wait("a", MINUTE, count=False) > 0
    assert taken(other, "b", 9) == 5


def test_redis_holds_no_address_and_forgets_by_itself(redis_server: RedisServer) -> None:
    taken(shared(redis_server), "login 203.0.113.7", 3)
    (key,) = redis_server.run("KEYS", "*")
    assert b"203" not in key
    assert 30_000 < int(str(redis_server.run("PTTL", key))) <= 36_000


def test_a_redis_clock_set_back_an_hour_locks_nobody_out(redis_server: RedisServer) -> None:
    rates = shared(redis_server)
    taken(rates, "a")
    (key,) = redis_server.run("KEYS", "*")
    ahead = float(redis_server.run("GET", key)) + 3600
    redis_server.run("SET", key, str(ahead))
    assert rates.seconds_to_wait("a", MINUTE) <= 12.001


def test_a_redis_that_is_away_is_said_once_and_replaced_by_memory(tmp_path, redis_server: RedisServer) -> None:
    clock = Turned()
    away = RedisServer(tmp_path)
    rates = shared(away, clock)
    with capture_logs() as logs:
        assert taken(rates, "a") == 5
        clock.now += AWAY_SECONDS + 1
        assert taken(rates, "b") == 5
    assert [entry["event"] for entry in logs] == ["restraint.shared_away"]
    away.start()
    clock.now += AWAY_SECONDS + 1
    with capture_logs() as logs:
        assert taken(rates, "c") == 5
    away.stop()
    assert [entry["event"] for entry in logs] == ["restraint.shared_again"]


def test_a_redis_that_never_answers_holds_up_one_request_and_not_all(redis_server: RedisServer) -> None:
    rates = shared(redis_server)
    taken(rates, "a", 1)
    asked: list[str] = []
    connected = rates._shared._connected
    rates._shared._connected = lambda: (asked.append("asked"), connected())[1]
    with redis_server.silent():
        assert taken(rates, "a") == 5
    assert asked == ["asked"]
