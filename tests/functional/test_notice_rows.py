"""Rows P1 to P5: notices that a platform sends by itself (Platform Notification Service 1.0)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.db.engine import make_engine
from lti_tool.db.models import Attempt, Context, LineItem, Notice, ResourceLink
from lti_tool.lti.ports import Answer
from tests.factories.forgery import Forgery
from tests.factories.id_token import LEAVE_OUT, LTI
from tests.factories.platform_key import PlatformKey
from tests.functional.conftest import BASE_URL, RunningTool

COPY, HELLO = "LtiContextCopyNotice", "LtiHelloWorldNotice"
OLD_COURSE = "2"  # the course of every launch that `launch_as` makes


def notice(tool: RunningTool, kind: str = COPY, **changed: Any) -> dict[str, Any]:
    """Return the claims of a notice as Canvas sends it; `changed` replaces claims by their last word."""
    now = int(tool.clock().timestamp())
    claims: dict[str, Any] = {
        "iss": tool.platform.issuer,
        "aud": tool.platform.client_id,
        "azp": tool.platform.client_id,
        "iat": now,
        "exp": now + 3600,
        "nonce": secrets.token_urlsafe(8),
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1",
        LTI + "notice": {"id": secrets.token_urlsafe(8), "timestamp": "2026-11-22T08:00:00Z", "type": kind},
        LTI + "context": {"id": "77", "label": "SC1 K", "title": "Lehrgang Smart City – Kopie"},
        LTI + "origin_contexts": [OLD_COURSE],
    }
    names = {name.rpartition("/")[2]: name for name in claims}
    claims |= {names.get(name, name): value for name, value in changed.items()}
    return {name: value for name, value in claims.items() if value is not LEAVE_OUT}


def deliver(tool: RunningTool, *tokens: str) -> TestResponse:
    return post(tool, {"notices": [{"jwt": token} for token in tokens]})


def post(tool: RunningTool, body: object) -> TestResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    browserless = tool.app.test_client(use_cookies=False)
    return browserless.post("/lti/notices", data=raw, content_type="application/json", base_url=BASE_URL)


def signed(tool: RunningTool, kind: str = COPY, **changed: Any) -> str:
    return tool.platform.sign(notice(tool, kind, **changed))


def held(tool: RunningTool) -> list[Notice]:
    engine = make_engine(tool.settings.database_url)
    with Session(engine, expire_on_commit=False) as session:
        found = list(session.scalars(select(Notice).order_by(Notice.received_at)))
    engine.dispose()
    return found


def counted(tool: RunningTool, *models: type[Any]) -> list[int]:
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session:
        counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]
    engine.dispose()
    return counts


def assert_refused(response: TestResponse, status: int, code: str) -> None:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
    assert response.get_json()["code"] == code


def forged(tool: RunningTool) -> Forgery:
    return Forgery(tool.platform.key, notice(tool), state="")


def by_public_key(forgery: Forgery) -> None:
    forgery.header["alg"], forgery.signer = "HS256", forgery.hs256_by_public_key


def unsigned(forgery: Forgery) -> None:
    forgery.header["alg"], forgery.signer = "none", lambda _: b""


def by_a_stranger(forgery: Forgery) -> None:
    forgery.key = PlatformKey(forgery.key.kid, bits=3072)


def with_unknown_kid(forgery: Forgery) -> None:
    forgery.header["kid"] = "another"


def not_a_token(forgery: Forgery) -> None:
    forgery.token = "only.two"


def set_to(name: str, value: Any) -> Callable[[Forgery], None]:
    return lambda forgery: forgery.set(name, value)


FORGERIES: dict[str, Callable[[Forgery], None]] = {
    "P1-bad-signature": by_a_stranger,
    "P1-unknown-key": with_unknown_kid,
    "P1-no-algorithm": unsigned,
    "P1-hs256": by_public_key,
    "P1-no-jwt": not_a_token,
    "P1-wrong-aud": set_to("aud", "another-tool"),
    "P1-second-aud": set_to("aud", ["tool-client", "another-tool"]),
    "P1-wrong-azp": set_to("azp", "another-tool"),
    "P1-unknown-iss": set_to("iss", "https://nobody.example"),
    "P1-iss-no-text": set_to("iss", ["https://lms.example"]),
    "P1-aud-no-text": set_to("aud", {"a": 1}),
    "P1-expired": set_to("exp", 1),
    "P1-older-than-a-day": set_to("iat", 1),
    "P1-from-the-future": set_to("iat", 99_999_999_999),
    "P1-no-nonce": lambda forgery: forgery.remove("nonce"),
    "P1-nonce-no-text": set_to("nonce", 7),
    "P1-no-deployment": lambda forgery: forgery.remove("deployment_id"),
}


@pytest.mark.parametrize("spoil", FORGERIES.values(), ids=FORGERIES)
def test_row_a_forged_notice_is_refused(tool: RunningTool, spoil: Callable[[Forgery], None]) -> None:
    forgery = forged(tool)
    spoil(forgery)
    assert_refused(deliver(tool, forgery.token or forgery.signed()), 401, "pns.unauthenticated")
    assert held(tool) == []


@pytest.mark.parametrize(
    "body",
    [{}, {"notices": []}, {"notices": [{}]}, {"notices": ["x"]}, {"notices": [{"jwt": 7}]}, {"notices": "x"}, [], 7],
    ids=lambda body: f"P1-{json.dumps(body)}",
)
def test_row_a_body_without_any_token_is_refused(tool: RunningTool, body: object) -> None:
    assert_refused(post(tool, body), 401, "pns.unauthenticated")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000], ids=["empty", "broken", "no-text", "deep"])
def test_a_body_that_is_not_json_is_malformed(tool: RunningTool, body: bytes) -> None:
    assert_refused(post(tool, body), 400, "bad_request")


def test_one_forged_notice_spoils_its_batch(tool: RunningTool) -> None:
    forgery = forged(tool)
    by_a_stranger(forgery)
    assert deliver(tool, signed(tool), forgery.signed()).status_code == 401
    assert held(tool) == []


@pytest.mark.parametrize("kind", ["LtiAssetProcessorSubmissionNotice", "", 7, ["x"], None, {"a": 1}])
@pytest.mark.parametrize("row", ["P2"])
def test_row_a_notice_of_another_kind_is_ignored(tool: RunningTool, kind: Any, row: str) -> None:
    named = {"id": "n1", "timestamp": "2026-11-22T08:00:00Z", "type": kind}
    assert deliver(tool, signed(tool, notice=named)).status_code == 200, row
    assert held(tool) == []


@pytest.mark.parametrize("row", ["P3"])
def test_row_the_same_notice_again_changes_nothing(tool: RunningTool, row: str) -> None:
    token, first_heard = signed(tool), tool.clock()
    assert deliver(tool, token).status_code == 200, row
    tool.clock.turn(minutes=5)
    assert deliver(tool, token).status_code == 200
    assert deliver(tool, token, token).status_code == 200
    (only,) = held(tool)
    assert only.received_at == first_heard


@pytest.mark.parametrize("row", ["P4"])
def test_row_a_copied_course_nobody_knows_yet_is_kept_and_nothing_is_copied(tool: RunningTool, row: str) -> None:
    tool.launch_as()
    before = counted(tool, Context, ResourceLink, LineItem, Attempt)
    assert deliver(tool, signed(tool)).status_code == 200, row
    (kept,) = held(tool)
    assert (kept.kind, kept.deployment_id, kept.context_id, kept.origin_context_ids) == (COPY, "1", "77", ["2"])
    assert counted(tool, Context, ResourceLink, LineItem, Attempt) == before


def test_p4_the_log_counts_the_origins_and_names_no_course(
    tool: RunningTool, capsys: pytest.CaptureFixture[str]
) -> None:
    tool.launch_as()
    capsys.readouterr()
    assert deliver(tool, signed(tool, origin_contexts=[OLD_COURSE, "unheard-of"])).status_code == 200
    line = next(line for line in capsys.readouterr().out.splitlines() if "notice.received" in line)
    assert "known" in line
    assert "Lehrgang" not in line
    assert "unheard-of" not in line


@pytest.mark.parametrize("origins", [LEAVE_OUT, None, "2", [None, 7, "", "x" * 256], {"contexts": []}])
def test_odd_origins_are_dropped(tool: RunningTool, origins: Any) -> None:
    assert deliver(tool, signed(tool, origin_contexts=origins)).status_code == 200
    assert held(tool)[0].origin_context_ids == []


@pytest.mark.parametrize("named", [LEAVE_OUT, None, [], {}, {"id": ""}, {"id": 7}, {"id": "x" * 256}])
def test_what_is_signed_but_no_notice_is_malformed(tool: RunningTool, named: Any) -> None:
    assert_refused(deliver(tool, signed(tool, notice=named)), 400, "bad_request")


def test_a_launchs_token_is_no_notice(tool: RunningTool) -> None:
    launch = tool.platform.sign(tool.platform.claims("nonce"))
    assert deliver(tool, launch).status_code == 400
    assert held(tool) == []


def test_a_hello_is_taken(tool: RunningTool) -> None:
    assert deliver(tool, signed(tool, HELLO, context=LEAVE_OUT, origin_contexts=LEAVE_OUT)).status_code == 200
    assert [kept.kind for kept in held(tool)] == [HELLO]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"notices": [{"jwt": "x"}] * 101}, id="P5-more-than-100"),
        pytest.param(b'{"notices": [{"jwt": "' + b"x" * 256 * 1024 + b'"}]}', id="P5-more-than-256-kB"),
    ],
)
def test_row_a_batch_that_is_too_large_is_refused(tool: RunningTool, body: object) -> None:
    response = post(tool, body)
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"


def test_a_hundred_notices_are_taken_at_once(tool: RunningTool) -> None:
    assert deliver(tool, *(signed(tool) for _ in range(100))).status_code == 200
    assert len(held(tool)) == 100


@pytest.mark.parametrize("deployment", ["9", "off"])
def test_a_deployment_nobody_approved_is_not_heard(tool: RunningTool, deployment: str) -> None:
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session, session.begin():
        session.execute(
            text(
                "insert into deployment (registration_id, deployment_id, active, first_seen_at) "
                "select registration_id, 'off', false, first_seen_at from deployment"
            )
        )
    engine.dispose()
    refused = deliver(tool, signed(tool, deployment_id=deployment))
    assert_refused(refused, 403, "launch.deployment_inactive")
    assert held(tool) == []


def test_a_platform_whose_keys_cannot_be_had_may_send_again(tool: RunningTool) -> None:
    keys = tool.internet.answers[tool.platform.jwks_url]
    tool.internet.answers[tool.platform.jwks_url] = lambda: Answer(500, {}, b"")
    token = signed(tool)
    assert deliver(tool, token).status_code == 502
    tool.internet.answers[tool.platform.jwks_url] = keys
    tool.clock.turn(seconds=11)
    assert deliver(tool, token).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_notices_are_posted(tool: RunningTool, method: str) -> None:
    assert tool.client.open("/lti/notices", method=method, base_url=BASE_URL).status_code == 405
