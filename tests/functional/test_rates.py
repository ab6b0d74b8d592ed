"""So many requests and no more: by address, by platform, and tighter for launches that cannot be good."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

from lti_tool.app import create_app
from lti_tool.domain.errors import Code
from tests.functional.conftest import BASE_URL, RunningTool, running_tool
from tests.functional.rows import assert_refused
from tests.redis_server import running_redis

FORGED = {"state": "forged", "id_token": "e30.e30.x"}


def forge(tool: RunningTool, address: str = "203.0.113.7", client: FlaskClient | None = None):
    return (client or tool.browser()).post(
        "/lti/launch", data=FORGED, base_url=BASE_URL, environ_overrides={"REMOTE_ADDR": address}
    )


def test_a_town_hall_behind_one_address_gets_in_at_nine(tool: RunningTool) -> None:
    answers = [tool.browser().post("/lti/login", data=tool.platform.login(), base_url=BASE_URL) for _ in range(1000)]
    assert {answer.status_code for answer in answers} == {302}
    for _ in range(10):
        assert tool.launch(tool.browser()).status_code == 303


def test_a_line_of_forgeries_is_slowed_down_and_a_neighbour_in_the_middle_of_a_login_is_not(database_url: str) -> None:
    with running_tool(database_url, SMARTCITY_BAD_LAUNCH_RATE="5/hour") as tool:
        assert {forge(tool).status_code for _ in range(5)} == {401}
        refused = forge(tool)
        assert_refused(refused, Code.RATE_LIMITED)
        assert 1 <= int(refused.headers["Retry-After"]) <= 721
        assert "Anschluss" in refused.text

        neighbour = tool.browser()
        neighbour.environ_base["REMOTE_ADDR"] = "203.0.113.7"
        assert tool.launch(neighbour).status_code == 303
        assert tool.launch(neighbour, exp=1).status_code == 401, "is told what is wrong, however many failed before"
        assert forge(tool, "203.0.113.8").status_code == 401


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
    ],
)
def test_a_line_has_64_bits_of_ipv6(database_url: str, first: str, second: str, same: bool) -> None:
    with running_tool(database_url, SMARTCITY_BAD_LAUNCH_RATE="1/hour") as tool:
        assert forge(tool, first).status_code == 401
        assert forge(tool, second).status_code == (429 if same else 401)


def test_one_platform_cannot_take_all_and_what_waits_is_not_used_up(database_url: str) -> None:
    with running_tool(database_url, SMARTCITY_PLATFORM_RATE="2/hour") as tool:
        for _ in range(2):
            assert tool.launch(tool.browser()).status_code == 303
        refused = tool.launch(tool.browser())
        assert_refused(refused, Code.PLATFORM_RATE_LIMITED)
        assert int(refused.headers["Retry-After"]) > 60
        assert tool.client.get("/lti/jwks", base_url=BASE_URL).status_code == 200


def test_pages_for_connecting_and_files_have_a_rate(database_url: str) -> None:
    with running_tool(database_url, SMARTCITY_REGISTER_RATE="1/hour", SMARTCITY_UPLOAD_RATE="1/hour") as tool:
        for address in ("/register/not-an-invitation", "/register/not-an-invitation/manual"):
            last = tool.client.get(address, base_url=BASE_URL)
        assert_refused(last, Code.RATE_LIMITED)
        path = tool.launch_as()
        for _ in range(2):
            last = tool.client.post(
                f"{path}attempts/00000000-0000-0000-0000-000000000000/files/x",
                data={"file": (io.BytesIO(b"x"), "x.txt")},
                base_url=BASE_URL,
            )
        assert_refused(last, Code.RATE_LIMITED)


def test_two_processes_count_together_where_a_redis_is_set(database_url: str, tmp_path) -> None:
    with running_redis(tmp_path) as server:
        shared = {"SMARTCITY_LOGIN_RATE": "3/hour", "SMARTCITY_REDIS_URL": server.url}
        with running_tool(database_url, **shared) as one:
            other = create_app(one.settings, clock=one.clock, http=one.internet)
            login = {"data": one.platform.login(), "base_url": BASE_URL}
            browsers = (one.client, other.test_client()) * 2
            answers = [browser.post("/lti/login", **login).status_code for browser in browsers]
            other.extensions["smartcity"].sessions.kw["bind"].dispose()
    assert answers == [302, 302, 302, 429]


def test_a_form_of_more_fields_than_any_page_has_is_refused(tool: RunningTool) -> None:
    form = {"data": "a=&" * 1001, "content_type": "application/x-www-form-urlencoded", "base_url": BASE_URL}
    assert_refused(tool.client.post("/lti/launch", **form), Code.LAUNCH_TOO_LARGE)
    assert tool.client.post("/lti/login", **form).status_code == 413
