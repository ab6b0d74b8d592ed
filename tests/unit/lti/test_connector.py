"""Access tokens: asked for once, kept, dropped, and every way a platform refuses one (rows G6 to G11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jwt

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.ports import Answer
from lti_tool.lti.scopes import RESULTS, SCORE
from tests.factories.network import Call, Network, Reply, reply
from tests.factories.platform_key import PlatformKey
from tests.unit.lti.conftest import TurnedClock, registration

URL = registration().auth_token_url
SERVICE = "https://lms.example/service"
TOOL_KEY = PlatformKey("tool-key-1")


@dataclass(frozen=True)
class Signing:
    kid: str
    private_key: RSAPrivateKey


class Keys:
    def signing_key(self) -> Signing:
        return Signing(TOOL_KEY.kid, TOOL_KEY.key.private_key)


@pytest.fixture
def tokens(network: Network, clock: TurnedClock) -> AccessTokens:
    give_tokens(network)
    return AccessTokens(network, Keys(), clock)


def give_tokens(network: Network, **changed: Any) -> None:
    """Answer as Moodle does: a new token each time, as text/html."""
    given = iter(range(1, 100))

    def handler(_: Call) -> Reply:
        document = {"access_token": f"token-{next(given)}", "token_type": "bearer", "expires_in": 3600, **changed}
        return reply({k: v for k, v in document.items() if v is not None}, content_type="text/html")

    network.handlers[URL] = handler


def used(tokens: AccessTokens, scope: str = SCORE, **of: Any) -> str:
    """Return the token a request is made with."""
    seen = []
    tokens.authorised(registration(**of), scope, lambda token: seen.append(token) or reply(status=200))
    return seen[-1]


def failure(tokens: AccessTokens, scope: str = SCORE) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        used(tokens, scope)
    return failed.value


def test_the_token_request_is_what_the_security_framework_wants(
    tokens: AccessTokens, network: Network, clock: TurnedClock
) -> None:
    used(tokens)
    call = network.calls[0]
    assert (call.method, call.headers["Content-Type"]) == ("POST", "application/x-www-form-urlencoded")
    form = call.form
    assertion = jwt.decode(form.pop("client_assertion"), TOOL_KEY.key, algorithms=["RS256"])
    assert form == {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": f"{RESULTS} {SCORE}",
    }
    assert assertion.header == {"alg": "RS256", "typ": "JWT", "kid": "tool-key-1"}
    claims = assertion.claims
    now = int(clock.now.timestamp())
    assert claims.pop("jti")
    assert claims.pop("iat") < now < claims.pop("exp") <= now + 300
    assert claims == {"iss": "tool-client", "sub": "tool-client", "aud": URL}


def test_a_platforms_own_audience_is_used(tokens: AccessTokens, network: Network) -> None:
    used(tokens, auth_audience="https://auth.example")
    assertion = jwt.decode(network.calls[0].form["client_assertion"], TOOL_KEY.key)
    assert assertion.claims["aud"] == "https://auth.example"


def test_no_two_assertions_are_the_same(tokens: AccessTokens, network: Network, clock: TurnedClock) -> None:
    used(tokens)
    clock.turn(hours=1)
    used(tokens)
    ids = {jwt.decode(call.form["client_assertion"], TOOL_KEY.key).claims["jti"] for call in network.calls}
    assert len(ids) == 2


def test_g10_a_token_serves_until_a_minute_before_its_end(tokens: AccessTokens, clock: TurnedClock) -> None:
    assert used(tokens) == "token-1"
    clock.turn(seconds=3539)
    assert used(tokens) == "token-1"
    clock.turn(seconds=1)
    assert used(tokens) == "token-2"


@pytest.mark.parametrize("expires_in", [None, "soon", -5, 0, "NaN", "Infinity", {}])
def test_g10_a_token_without_a_sound_lifetime_serves_five_minutes_less_one(
    tokens: AccessTokens, network: Network, clock: TurnedClock, expires_in: Any
) -> None:
    give_tokens(network, expires_in=expires_in)
    assert used(tokens) == "token-1"
    clock.turn(seconds=239)
    assert used(tokens) == "token-1"
    clock.turn(seconds=1)
    assert used(tokens) == "token-2"


def test_a_lifetime_written_as_text_counts(tokens: AccessTokens, network: Network, clock: TurnedClock) -> None:
    give_tokens(network, expires_in="3600")
    used(tokens)
    clock.turn(minutes=58)
    assert used(tokens) == "token-1"


def test_scores_and_results_share_a_token(tokens: AccessTokens, network: Network) -> None:
    assert used(tokens, SCORE) == used(tokens, RESULTS)
    assert network.asked(URL) == 1


def test_two_clients_of_one_issuer_never_share_a_token(tokens: AccessTokens) -> None:
    assert used(tokens) == "token-1"
    assert used(tokens, id=2, client_id="second") == "token-2"
    assert used(tokens, client_id="renamed") == "token-3"
    assert used(tokens) == "token-1"


def test_parallel_senders_fetch_once(tokens: AccessTokens, network: Network) -> None:
    at_once = Barrier(8)

    def send() -> str:
        at_once.wait()
        return used(tokens)

    with ThreadPoolExecutor(8) as pool:
        assert {future.result() for future in [pool.submit(send) for _ in range(8)]} == {"token-1"}
    assert network.asked(URL) == 1


def test_g11_a_refused_token_is_dropped_and_the_request_made_once_more(tokens: AccessTokens) -> None:
    answers = [reply(status=401), reply("done")]
    seen: list[str] = []

    def request(token: str) -> Answer:
        seen.append(token)
        return answers.pop(0)

    assert tokens.authorised(registration(), SCORE, request).status == 200
    assert seen == ["token-1", "token-2"]
    assert used(tokens) == "token-2"


def test_g11_a_second_refusal_is_not_tried_for_ever(tokens: AccessTokens, network: Network) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        tokens.authorised(registration(), SCORE, lambda _: reply(status=401))
    assert (failed.value.kind, failed.value.reason) == (FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED)
    assert failed.value.most_tries == 3
    assert network.asked(URL) == 2


def test_a_refused_token_does_not_take_a_newer_one_with_it(tokens: AccessTokens) -> None:
    """Two senders hold the same token; the first renews it, then the second learns that the old one is refused."""

    def second(token: str) -> Answer:
        if token == "token-1":
            tokens.authorised(registration(), SCORE, lambda inner: reply(status=401 if inner == token else 200))
            return reply(status=401)
        return reply(status=200)

    assert tokens.authorised(registration(), SCORE, second).status == 200
    assert used(tokens) == "token-2"


REFUSALS = {
    "G6": (reply({"error": "invalid_client"}, 400), FailureKind.TRY_AGAIN, Reason.UNKNOWN_KEY, 7),
    "G6-401": (reply({"error": "invalid_client"}, 401), FailureKind.TRY_AGAIN, Reason.UNKNOWN_KEY, 7),
    "G6-moodle-unknown-kid": (
        reply(b'{"error": ""kid" invalid, unable to lookup correct key"}', 400),
        FailureKind.TRY_AGAIN,
        Reason.UNKNOWN_KEY,
        7,
    ),
    "G6-moodle-signature": (
        reply({"error": "Signature verification failed"}, 400),
        FailureKind.TRY_AGAIN,
        Reason.UNKNOWN_KEY,
        7,
    ),
    "G7": (reply({"error": "invalid_scope"}, 400), FailureKind.PERMANENT, Reason.INVALID_SCOPE, None),
    "G8-401": (reply(b"<html>no</html>", 401), FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED, 3),
    "G8-403": (reply(b"<html>no</html>", 403), FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED, 3),
    "G8-moodle-clock": (
        reply({"error": "Cannot handle token with iat prior to 2026-11-22"}, 400),
        FailureKind.TRY_AGAIN,
        Reason.TOKEN_REFUSED,
        3,
    ),
    "G9-no-token": (reply({"token_type": "bearer"}), FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, 3),
    "G9-html": (reply(b"<html>"), FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, 3),
    "G9-list": (reply(["token"]), FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, 3),
    "G9-number": (reply({"access_token": 7}), FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, 3),
    "G9-header-in-token": (
        reply({"access_token": "a\r\nX-Evil: 1"}),
        FailureKind.TRY_AGAIN,
        Reason.BAD_ANSWER,
        3,
    ),
    "G9-too-large": (TooLarge(), FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, 3),
    "G17-500": (reply(b"ERROR_OPEN_SSL_CONF", 500), FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE, None),
    "G17-timeout": (TimedOut(), FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE, None),
    "G17-reset": (Unreachable(), FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE, None),
    "G20-redirect": (reply(status=302, location="https://x.example"), FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED, 3),
    "G31": (AddressForbidden(), FailureKind.PERMANENT, Reason.UNTRUSTED_ENDPOINT, None),
}


@pytest.mark.parametrize("row", REFUSALS)
def test_a_refused_token_request_is_classed(tokens: AccessTokens, network: Network, row: str) -> None:
    answer, kind, reason, most_tries = REFUSALS[row]
    assert isinstance(answer, Answer | OutgoingFailed)
    network.serve(URL, answer)
    failed = failure(tokens)
    assert (failed.kind, failed.reason, failed.most_tries) == (kind, reason, most_tries)


def test_a_platform_that_recovers_is_asked_again(tokens: AccessTokens, network: Network) -> None:
    network.serve(URL, reply(status=503), reply({"access_token": "late"}))
    assert failure(tokens).reason == Reason.PLATFORM_UNAVAILABLE
    assert used(tokens) == "late"


def test_g16_the_token_endpoint_may_ask_to_wait(tokens: AccessTokens, network: Network) -> None:
    network.serve(URL, reply(status=429, retry_after="120"))
    assert (failure(tokens).reason, failure(tokens).retry_after) == (Reason.RATE_LIMITED, 120.0)


def test_g7_a_platform_that_refuses_the_set_is_asked_for_the_one_scope_and_remembered(
    tokens: AccessTokens, network: Network, clock: TurnedClock
) -> None:
    asked: list[str] = []

    def narrow(call: Call) -> Reply:
        asked.append(call.form["scope"])
        if " " in call.form["scope"]:
            return reply({"error": "invalid_scope"}, 400)
        return reply({"access_token": "narrow", "expires_in": 600})

    network.handlers[URL] = narrow
    assert used(tokens) == "narrow"
    clock.turn(minutes=10)
    assert used(tokens) == "narrow"
    assert asked == [f"{RESULTS} {SCORE}", SCORE, SCORE]


def test_g7_a_token_that_lacks_the_scope_is_permanent_and_not_kept(tokens: AccessTokens, network: Network) -> None:
    give_tokens(network, scope=RESULTS)
    assert (failure(tokens).kind, failure(tokens).reason) == (FailureKind.PERMANENT, Reason.INVALID_SCOPE)
    assert network.asked(URL) == 2
    give_tokens(network, scope=f"{SCORE} {RESULTS}")
    assert used(tokens) == "token-1"


def test_a_failure_repeats_nothing_the_platform_said(tokens: AccessTokens, network: Network) -> None:
    network.serve(URL, reply(b"<html>Lea Lernfeld, token abc</html>", 403))
    assert "Lea" not in str(failure(tokens))
