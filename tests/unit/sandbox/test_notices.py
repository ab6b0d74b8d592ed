"""The practice LMS tells tools of copied courses, and offers storage in its window."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.sandbox import PracticeConfig, create_practice_lms
from tests.unit.sandbox.conftest import PEM, PracticeHouse
from tests.unit.sandbox.fake_tool import CLIENT, LMS, LTI, TOOL, FakeTool, form_of

SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
COPY, HELLO = "LtiContextCopyNotice", "LtiHelloWorldNotice"
HANDLER = f"{TOOL}/lti/notices"


class Mailbox:
    """What the LMS sends to tools."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.away = False

    def post(self, url: str, document: object) -> int:
        if self.away:
            raise requests.ConnectionError
        self.sent.append((url, document))
        return 200

    def claims(self) -> dict[str, Any]:
        (entry,) = self.sent[-1][1]["notices"]
        claims: dict[str, Any] = jwt.decode(entry["jwt"], options={"verify_signature": False})
        return claims


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def house(mailbox: Mailbox) -> PracticeHouse:
    house = PracticeHouse(None)
    config = PracticeConfig(
        clock=house.clock,
        signing_key_pem=PEM,
        fetch_keys=lambda url: house.tool.fetch_keys(url),  # noqa: PLW0108 -- the tool is made later
        post_notices=mailbox.post,
    )
    house.app = create_practice_lms(config)
    house.app.testing = True
    house.client = house.app.test_client()
    house.tool = FakeTool(house.client, house.clock)
    return house


def put(tool: FakeTool, kind: str, handler: str = HANDLER, **options: Any) -> TestResponse:
    url = f"{LMS}/services/notice-handlers/{options.pop('deployment', '1')}"
    body = {"notice_type": kind, "handler": handler}
    return tool.call("PUT", url, scope=options.pop("scope", SCOPE), json=body)


def copy(client: FlaskClient, course: str = "kurs-1") -> None:
    client.post("/view-as", data={"person": "ines"})
    assert client.post(f"/course/{course}/copy").status_code == 303


def test_a_launch_says_where_to_ask_for_notices(tool: FakeTool) -> None:
    assert tool.launch()[LTI + "platformnotificationservice"] == {
        "service_versions": ["1.0"],
        "platform_notification_service_url": f"{LMS}/services/notice-handlers/1",
        "scope": [SCOPE],
        "notice_types_supported": [COPY, HELLO],
    }


def test_a_tool_that_asked_is_told_of_a_copied_course(tool: FakeTool, client: FlaskClient, mailbox: Mailbox) -> None:
    assert put(tool, COPY).get_json() == {"notice_type": COPY, "handler": HANDLER}
    copy(client)
    ((url, _),) = mailbox.sent
    claims = mailbox.claims()
    assert url == HANDLER
    assert (claims["iss"], claims["aud"], claims[LTI + "deployment_id"]) == (LMS, CLIENT, "1")
    assert claims[LTI + "notice"]["type"] == COPY
    assert claims[LTI + "origin_contexts"] == ["kurs-1"]
    assert claims[LTI + "context"]["title"].endswith("– Kopie")
    assert claims["nonce"]


def test_a_notice_is_signed_with_the_published_key(tool: FakeTool, client: FlaskClient, mailbox: Mailbox) -> None:
    put(tool, COPY)
    copy(client)
    (entry,) = mailbox.sent[0][1]["notices"]
    assert tool.verified(entry["jwt"])[LTI + "notice"]["type"] == COPY


def test_nobody_is_told_who_did_not_ask(tool: FakeTool, client: FlaskClient, mailbox: Mailbox) -> None:
    put(tool, HELLO)
    copy(client)
    put(tool, COPY)
    put(tool, COPY, handler="")
    copy(client)
    assert mailbox.sent == []


def test_a_tool_that_is_away_stops_no_copy(tool: FakeTool, client: FlaskClient, mailbox: Mailbox) -> None:
    put(tool, COPY)
    mailbox.away = True
    copy(client)
    newest = client.get("/practice/messages.json").get_json()[0]
    assert newest["title"] == "Mitteilung nicht angekommen (ConnectionError)"


def test_the_administrator_tries_whether_a_tool_listens(tool: FakeTool, client: FlaskClient, mailbox: Mailbox) -> None:
    put(tool, HELLO)
    assert client.post(f"/registration/{CLIENT}/hello").status_code == 403
    client.post("/view-as", data={"person": "adem"})
    assert "Probemitteilung senden" in client.get("/registration").text
    client.post(f"/registration/{CLIENT}/hello")
    assert mailbox.claims()[LTI + "notice"]["type"] == HELLO


def test_the_handlers_can_be_read_back(tool: FakeTool) -> None:
    put(tool, COPY)
    answer = tool.call("GET", f"{LMS}/services/notice-handlers/1", scope=SCOPE).get_json()
    assert answer == {
        "client_id": CLIENT,
        "deployment_id": "1",
        "notice_handlers": [{"notice_type": COPY, "handler": HANDLER}, {"notice_type": HELLO, "handler": ""}],
    }


@pytest.mark.parametrize(
    ("kind", "options", "status"),
    [
        ("LtiSomethingElse", {}, 400),
        (COPY, {"handler": "https://evil.example/lti/notices"}, 400),
        (COPY, {"deployment": "2"}, 403),
        (COPY, {"scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score"}, 403),
    ],
)
def test_a_handler_must_be_known_and_the_tools_own(
    tool: FakeTool, kind: str, options: dict[str, str], status: int
) -> None:
    assert put(tool, kind, **options).status_code == status


def test_storage_is_offered_in_frames_once_it_is_switched_on(client: FlaskClient) -> None:
    assert "lti_storage_target" not in form_of(client.get("/course/rl-smart-city/launch"))[1]
    assert "storage.js" not in client.get("/course/rl-smart-city").text
    client.post("/practice/settings", json={"platform_storage": True})
    assert form_of(client.get("/course/rl-smart-city/launch"))[1]["lti_storage_target"] == "_parent"
    assert "lti_storage_target" not in form_of(client.get("/course/rl-smart-city/launch?target=window"))[1]
    assert "storage.js" in client.get("/course/rl-smart-city").text


def test_storage_is_switched_on_by_the_settings_page(client: FlaskClient) -> None:
    client.post("/settings", data={"share_names": "on", "platform_storage": "on"})
    assert 'name="platform_storage" aria-describedby="platform_storage-help" checked' in client.get("/settings").text
