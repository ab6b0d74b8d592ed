"""A platform that offers notices is told once, for each deployment, where they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.models import NoticeHandler
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.registration import Registration
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.errors import Unreachable
from lti_tool.lti.notices import NoticeHandlers
from lti_tool.lti.platform_service import PlatformService
from lti_tool.worker.notices import NoticeSubscribing
from tests.factories.id_token import LTI
from tests.factories.network import Network, reply
from tests.functional.conftest import BASE_URL, RunningTool

SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
SERVICE = "https://lms.example/api/lti/notice-handlers/106"
TOKENS = "https://lms.example/mod/lti/token.php"
COPY, HELLO = "LtiContextCopyNotice", "LtiHelloWorldNotice"


def offer(**changed: Any) -> dict[str, Any]:
    """Return the claim with which Canvas offers notices."""
    service = {
        "service_versions": ["1.0"],
        "platform_notification_service_url": SERVICE,
        "scope": [SCOPE],
        "notice_types_supported": [HELLO, "LtiAssetProcessorSubmissionNotice", COPY],
        **changed,
    }
    return {LTI + "platformnotificationservice": service}


@pytest.fixture
def network() -> Network:
    """A platform that gives tokens and takes handlers."""
    network = Network()
    network.serve_json(TOKENS, {"access_token": "t0ken", "expires_in": 3600, "scope": SCOPE})
    network.serve_json(SERVICE, {})
    return network


@pytest.fixture
def subscribing(tool: RunningTool, network: Network) -> Callable[[], None]:
    """The worker's task: one platform at each turn."""
    parts = tool.app.extensions["smartcity"]
    service = PlatformService(network, AccessTokens(network, parts.tool_keys, tool.clock))
    return NoticeSubscribing(
        parts.sessions, parts.registrations, NoticeHandlers(service, f"{BASE_URL}/lti/notices"), tool.clock
    )


def told(network: Network) -> list[str]:
    return [call.json["notice_type"] for call in network.calls if call.url == SERVICE]


def rows(tool: RunningTool) -> dict[str, NoticeHandler]:
    sessions: sessionmaker[Session] = tool.app.extensions["smartcity"].sessions
    with sessions() as session:
        found = {row.kind: row for row in session.query(NoticeHandler)}
        session.expunge_all()
    return found


def turns(task: Callable[[], None], count: int = 4) -> None:
    for _ in range(count):
        task()


def test_the_platform_is_told_once_where_notices_go(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    tool.launch_as(**offer())
    turns(subscribing)
    tool.launch_as(**offer())
    turns(subscribing)
    assert sorted(told(network)) == [COPY, HELLO]
    call = next(call for call in network.calls if call.url == SERVICE)
    assert (call.method, call.json["handler"]) == ("PUT", "https://tool.example/lti/notices")
    assert call.headers["Authorization"] == "Bearer t0ken"
    assert call.headers["Content-Type"] == "application/json"
    assert next(call for call in network.calls if call.url == TOKENS).form["scope"] == SCOPE
    assert all(row.registered_at == tool.clock() for row in rows(tool).values())


def test_a_service_that_moved_is_told_again(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    tool.launch_as(**offer())
    turns(subscribing)
    moved = "https://lms.example/api/lti/notice-handlers/107"
    network.serve_json(moved, {})
    tool.launch_as(**offer(platform_notification_service_url=moved))
    turns(subscribing)
    assert network.asked(moved) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"platform_notification_service_url": "https://evil.example/handlers"},
        {"platform_notification_service_url": "http://lms.example/handlers"},
        {"platform_notification_service_url": "https://lms.example/" + "x" * 2000},
        {"platform_notification_service_url": None},
        {"service_versions": ["2.0"]},
        {"service_versions": "1.0"},
        {"scope": []},
        {"scope": SCOPE},
        {"notice_types_supported": None},
        {"notice_types_supported": [7, ["x"], "LtiAssetProcessorSubmissionNotice"]},
    ],
)
def test_an_offer_that_cannot_be_used_stops_no_launch(
    tool: RunningTool, network: Network, subscribing: Callable[[], None], changed: dict[str, Any]
) -> None:
    tool.launch_as(**offer(**changed))
    turns(subscribing)
    assert network.calls == []


@pytest.mark.parametrize("claim", ["x", [], 7, True])
def test_an_odd_claim_stops_no_launch(tool: RunningTool, claim: Any) -> None:
    tool.launch_as(**{LTI + "platformnotificationservice": claim})
    assert rows(tool) == {}


def test_a_platform_that_is_away_is_told_later(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    network.serve(SERVICE, Unreachable("down"), reply({}))
    tool.launch_as(**offer(notice_types_supported=[COPY]))
    turns(subscribing)
    assert network.asked(SERVICE) == 1
    assert rows(tool)[COPY].reason == "ags.platform_unavailable"
    tool.clock.turn(seconds=31)
    turns(subscribing)
    assert network.asked(SERVICE) == 2
    assert rows(tool)[COPY].registered_at == tool.clock()


def test_a_platform_that_grants_no_scope_is_left_in_peace(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    network.serve_json(TOKENS, {"error": "invalid_scope"}, 400)
    tool.launch_as(**offer(notice_types_supported=[COPY]))
    turns(subscribing)
    tool.clock.turn(days=2)
    turns(subscribing)
    assert network.asked(TOKENS) == 1
    assert rows(tool)[COPY].reason == "ags.invalid_scope"


def test_a_worker_that_died_leaves_the_platform_to_the_next(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    tool.launch_as(**offer(notice_types_supported=[COPY]))
    parts = tool.app.extensions["smartcity"]
    dying = NoticeSubscribing(parts.sessions, _Dying(), NoticeHandlers(None, ""), tool.clock)  # type: ignore[arg-type]  # never reached
    with pytest.raises(KeyboardInterrupt):
        dying()
    turns(subscribing)
    assert told(network) == []
    tool.clock.turn(seconds=61)
    turns(subscribing)
    assert told(network) == [COPY]


class _Dying:
    def by_id(self, registration_id: int) -> Registration | None:
        raise KeyboardInterrupt


def test_a_platform_switched_off_is_not_told(
    tool: RunningTool, network: Network, subscribing: Callable[[], None]
) -> None:
    tool.launch_as(**offer(notice_types_supported=[COPY]))
    with tool.app.extensions["smartcity"].sessions.begin() as session:
        session.execute(text("update registration set active = false"))
    tool.app.extensions["smartcity"].registrations.forget()
    turns(subscribing)
    assert network.calls == []


def test_a_failure_that_only_a_person_can_mend_ends_the_tries(tool: RunningTool) -> None:
    class Refusing:
        def subscribe(self, *_: object) -> None:
            raise DeliveryFailed(FailureKind.PERMANENT, "ags.forbidden")

    tool.launch_as(**offer(notice_types_supported=[COPY]))
    parts = tool.app.extensions["smartcity"]
    turns(NoticeSubscribing(parts.sessions, parts.registrations, Refusing(), tool.clock))
    assert (rows(tool)[COPY].next_try_at, rows(tool)[COPY].reason) == (None, "ags.forbidden")
