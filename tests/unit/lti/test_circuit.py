"""A platform that does not answer is left alone for a while; one that answers never is."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.circuit import WITH_KEYS, WITH_SERVICES, CircuitBreaker
from lti_tool.lti.errors import AddressForbidden, LeftAlone, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.service_calls import call
from lti_tool.restraint.circuits import MemoryCircuits
from tests.factories.network import Call, Network, Reply, reply
from tests.factories.platform_key import PlatformKey
from tests.unit.lti.conftest import TurnedClock, registration

URL, OTHER = "https://lms.example/scores", "https://other.example/scores"
KEYS = registration().jwks_url


@pytest.fixture
def breaker(network: Network, clock: TurnedClock) -> CircuitBreaker:
    network.serve_json(OTHER, {})
    circuits = MemoryCircuits(lambda: clock().timestamp())
    return CircuitBreaker(network, circuits, "services", WITH_SERVICES)


def send(breaker: CircuitBreaker, url: str = URL) -> int | str:
    try:
        return breaker.send("GET", url, headers={}).status
    except OutgoingFailed as error:
        return type(error).__name__


@pytest.mark.parametrize("silence", [TimedOut(), Unreachable()])
def test_two_silences_open_the_circuit_of_this_platform_alone(
    breaker: CircuitBreaker, network: Network, silence: OutgoingFailed
) -> None:
    network.serve(URL, silence)
    said = [send(breaker) for _ in range(50)]
    assert said == [type(silence).__name__] * 2 + ["LeftAlone"] * 48
    assert network.asked(URL) == 2
    assert send(breaker, OTHER) == 200


def test_a_day_of_silence_costs_few_calls_and_one_answer_ends_it(
    breaker: CircuitBreaker, network: Network, clock: TurnedClock
) -> None:
    network.serve(URL, TimedOut())
    for _ in range(24 * 60):
        send(breaker)
        clock.turn(minutes=1)
    assert network.asked(URL) < 24 * 60 / 5 + 10
    network.serve_json(URL, {})
    clock.turn(minutes=5)
    assert [send(breaker) for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("said", [reply({}, 500), reply({}, 503), reply({}, 404), TooLarge(), AddressForbidden()])
def test_who_answers_is_asked_again_whatever_the_answer(breaker: CircuitBreaker, network: Network, said: Reply) -> None:
    network.serve(URL, said)
    for _ in range(9):
        send(breaker)
    assert network.asked(URL) == 9


def test_a_delivery_is_told_how_long_to_wait(breaker: CircuitBreaker, network: Network) -> None:
    network.serve(URL, TimedOut())
    for _ in range(2):
        send(breaker)
    with pytest.raises(DeliveryFailed) as failed:
        call(breaker, registration(), "GET", URL, headers={})
    assert (failed.value.kind, failed.value.reason) == (FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE)
    assert failed.value.retry_after == pytest.approx(15)


def test_a_dead_key_server_holds_one_thread_and_no_launch_of_it_waits_behind(
    network: Network, clock: TurnedClock
) -> None:
    """The first failure is known; while one thread tries again, the next launches are refused at once."""
    breaker = CircuitBreaker(network, MemoryCircuits(lambda: clock().timestamp()), "keys", WITH_KEYS)
    keys, key = PlatformKeys(breaker, clock), PlatformKey()
    network.serve(KEYS, TimedOut())
    with pytest.raises(Refusal):
        keys.key(registration(), key.kid)
    clock.turn(seconds=11)
    trying, over = Event(), Event()

    def hang(_: Call) -> Reply:
        trying.set()
        over.wait(60)
        return reply(key.jwks())

    network.handlers[KEYS] = hang
    thread = Thread(target=keys.key, args=(registration(), key.kid))
    thread.start()
    assert trying.wait(60)
    for _ in range(20):
        with pytest.raises(Refusal) as refused:
            keys.key(registration(), key.kid)
        assert (refused.value.code, refused.value.retry_after) == (Code.PLATFORM_JWKS_TIMEOUT, 10)
    over.set()
    thread.join(60)
    assert keys.key(registration(), key.kid)


def test_a_clock_set_back_does_not_keep_a_platform_waiting(network: Network, clock: TurnedClock) -> None:
    keys, key = PlatformKeys(network, clock), PlatformKey()
    network.serve(KEYS, TimedOut(), reply(key.jwks()))
    with pytest.raises(Refusal):
        keys.key(registration(), key.kid)
    clock.turn(hours=-1)
    assert keys.key(registration(), key.kid)


def test_left_alone_names_seconds_and_no_address() -> None:
    assert str(LeftAlone(12.4)) == "not asked for 12 s"
