"""Platforms' keys: what is kept, what is skipped, and how often a platform is asked (rows A20 to A21, A63 to A67)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.ports import Answer
from tests.factories.network import Call, Network, Reply, reply
from tests.factories.platform_key import PlatformKey
from tests.unit.lti.conftest import TurnedClock, registration

URL = registration().jwks_url
KEY = PlatformKey()
JWK = KEY.jwks()["keys"][0]


@pytest.fixture
def keys(network: Network, clock: TurnedClock) -> PlatformKeys:
    network.serve_json(URL, KEY.jwks())
    return PlatformKeys(network, clock)


def code_for(keys: PlatformKeys, kid: str = KEY.kid) -> Code:
    with pytest.raises(Refusal) as refused:
        keys.key(registration(), kid)
    return refused.value.code


def test_a_key_is_fetched_once_an_hour(keys: PlatformKeys, network: Network, clock: TurnedClock) -> None:
    for _ in range(3):
        keys.key(registration(), KEY.kid)
    clock.turn(minutes=59)
    keys.key(registration(), KEY.kid)
    assert network.asked(URL) == 1
    clock.turn(minutes=1)
    keys.key(registration(), KEY.kid)
    assert network.asked(URL) == 2


def test_the_fetch_has_five_seconds_and_may_be_redirected(keys: PlatformKeys, network: Network) -> None:
    keys.key(registration(private_hosts=frozenset({"lms.example"})), KEY.kid)
    assert network.calls[0].more == {"private_hosts": {"lms.example"}, "redirects": 3, "within": 5.0}


def test_a21_an_unknown_kid_is_asked_for_once_a_minute(
    keys: PlatformKeys, network: Network, clock: TurnedClock
) -> None:
    keys.key(registration(), KEY.kid)
    assert code_for(keys, "rotated") is Code.LAUNCH_UNKNOWN_KEY
    assert network.asked(URL) == 2
    clock.turn(seconds=59)
    code_for(keys, "rotated")
    assert network.asked(URL) == 2
    clock.turn(seconds=1)
    network.serve_json(URL, PlatformKey("rotated").jwks())
    assert keys.key(registration(), "rotated")
    assert network.asked(URL) == 3


def test_a67_a_hundred_random_kids_cost_one_refetch(keys: PlatformKeys, network: Network) -> None:
    for number in range(100):
        assert code_for(keys, f"random-{number}") is Code.LAUNCH_UNKNOWN_KEY
    assert network.asked(URL) == 2
    assert keys.key(registration(), KEY.kid)


def test_concurrent_launches_share_one_fetch(network: Network, clock: TurnedClock) -> None:
    at_once, fetching, go_on = Barrier(9), Event(), Event()

    def slow(_: Call) -> Reply:
        fetching.set()
        go_on.wait(5)
        return reply(KEY.jwks())

    network.handlers[URL] = slow
    keys = PlatformKeys(network, clock)

    def launch() -> Any:
        at_once.wait()
        return keys.key(registration(), KEY.kid)

    with ThreadPoolExecutor(8) as pool:
        launches = [pool.submit(launch) for _ in range(8)]
        at_once.wait()
        assert fetching.wait(5)
        go_on.set()
        assert len({id(future.result()) for future in launches}) == 1
    assert network.asked(URL) == 1


def test_while_a_stale_key_is_renewed_other_launches_go_on_with_it(
    keys: PlatformKeys, network: Network, clock: TurnedClock
) -> None:
    keys.key(registration(), KEY.kid)
    clock.turn(hours=2)
    fetching, go_on = Event(), Event()

    def slow(_: Call) -> Reply:
        fetching.set()
        assert go_on.wait(5)
        return reply(KEY.jwks())

    network.handlers[URL] = slow
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(keys.key, registration(), KEY.kid)
        assert fetching.wait(5)
        assert keys.key(registration(), KEY.kid)
        go_on.set()
        assert renewing.result()


def test_a63_a_timeout_is_named(keys: PlatformKeys, network: Network) -> None:
    network.serve(URL, TimedOut())
    assert code_for(keys) is Code.PLATFORM_JWKS_TIMEOUT
    assert Code.PLATFORM_JWKS_TIMEOUT.status == 504


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(reply({}, 500), id="500"),
        pytest.param(reply(KEY.jwks(), 404), id="404"),
        pytest.param(reply(KEY.jwks(), 302), id="redirect-too-many"),
        pytest.param(reply(b"<html>"), id="HTML"),
        pytest.param(reply(b"\xff\xfe"), id="not-text"),
        pytest.param(reply(b"[" * 100_000), id="deep"),
        pytest.param(reply({}), id="no-keys"),
        pytest.param(reply([]), id="array"),
        pytest.param(reply({"keys": {"kid": "1"}}), id="keys-no-list"),
        pytest.param(TooLarge(), id="too-large"),
        pytest.param(AddressForbidden(), id="private-redirect"),
        pytest.param(Unreachable(), id="unreachable"),
    ],
)
def test_a64_a_broken_key_set_is_the_platforms_fault(
    keys: PlatformKeys, network: Network, broken: Answer | OutgoingFailed
) -> None:
    network.serve(URL, broken)
    assert code_for(keys) is Code.PLATFORM_JWKS_INVALID
    assert Code.PLATFORM_JWKS_INVALID.status == 502


def test_a_failed_fetch_is_not_repeated_for_ten_seconds(
    keys: PlatformKeys, network: Network, clock: TurnedClock
) -> None:
    network.serve(URL, TimedOut(), reply(KEY.jwks()))
    for _ in range(5):
        assert code_for(keys) is Code.PLATFORM_JWKS_TIMEOUT
    assert network.asked(URL) == 1
    clock.turn(seconds=10)
    assert keys.key(registration(), KEY.kid)


def _jwk(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**JWK, **changed}.items() if value is not None}


SKIPPED = {
    "encryption": _jwk(use="enc"),
    "other-algorithm": _jwk(alg="RS512"),
    "sign-only": _jwk(key_ops=["sign"]),
    "operations-no-list": _jwk(key_ops="verify"),
    "symmetric": {"kty": "oct", "kid": KEY.kid, "k": "c2VjcmV0"},
    "broken-modulus": _jwk(n="!!!"),
    "even-modulus": _jwk(n=JWK["n"][:-1] + "A"),
    "number-modulus": _jwk(n=7),
    "no-modulus": _jwk(n=None),
    "slow-exponent": _jwk(e="AQAAAAAAAAAB"),
    "exponent-one": _jwk(e="AQ"),
    "huge": _jwk(n="w" * 3000),
    "no-kid": _jwk(kid=None),
    "kid-number": _jwk(kid=7),
    "no-object": "key",
}


@pytest.mark.parametrize("jwk", SKIPPED.values(), ids=SKIPPED)
def test_a65_a_key_that_must_not_verify_is_skipped_and_the_others_serve(jwk: Any) -> None:
    other = PlatformKey("other").jwks()["keys"]
    assert set(usable_keys(json.dumps({"keys": [jwk, *other]}).encode())) == {"other"}


def test_a65_an_rsa_key_below_2048_bits_is_skipped() -> None:
    weak = {**JWK, "n": JWK["n"][:171]}
    assert usable_keys(json.dumps({"keys": [weak]}).encode()) == {}


def test_a65_a_skipped_key_is_an_unknown_one(keys: PlatformKeys, network: Network) -> None:
    network.serve_json(URL, {"keys": [_jwk(use="enc")]})
    assert code_for(keys) is Code.LAUNCH_UNKNOWN_KEY


@pytest.mark.parametrize("missing", ["use", "alg"])
def test_a_key_need_not_say_what_it_is_for(missing: str) -> None:
    assert set(usable_keys(json.dumps({"keys": [_jwk(**{missing: None})]}).encode())) == {KEY.kid}


def test_private_members_published_by_mistake_are_not_kept() -> None:
    leaked = {**KEY.key.as_dict(private=True), "kid": KEY.kid}
    (key,) = usable_keys(json.dumps({"keys": [leaked]}).encode()).values()
    assert not key.is_private


def test_a66_keys_serve_on_while_the_platform_is_away_but_not_for_ever(
    keys: PlatformKeys, network: Network, clock: TurnedClock
) -> None:
    keys.key(registration(), KEY.kid)
    network.serve(URL, Unreachable())
    clock.turn(hours=23)
    assert keys.key(registration(), KEY.kid)
    clock.turn(hours=1)
    assert code_for(keys) is Code.PLATFORM_JWKS_INVALID


def test_a_withdrawn_key_is_gone_with_the_next_fetch(keys: PlatformKeys, network: Network, clock: TurnedClock) -> None:
    keys.key(registration(), KEY.kid)
    network.serve_json(URL, PlatformKey("next").jwks())
    clock.turn(hours=1)
    assert code_for(keys) is Code.LAUNCH_UNKNOWN_KEY
