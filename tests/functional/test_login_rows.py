"""The table of bad logins (rows L1 to L17) over HTTP: status and code."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import Registration
from lti_tool.domain.errors import Code
from tests.cases.login_rows import ROWS, Row
from tests.functional.conftest import BASE_URL, RunningTool, register_platform, running_tool
from tests.functional.rows import assert_refused, shared_tool

__all__ = ["shared_tool"]


@pytest.fixture(scope="module")
def tool_with_others(shared_tool: RunningTool) -> RunningTool:
    """Besides the usual platform: an issuer with two clients, and one that is switched off."""
    url = shared_tool.settings.database_url
    for issuer, client_id in (
        ("https://two.example", "first"),
        ("https://two.example", "second"),
        ("https://off.example", "tool-client"),
    ):
        platform = register_platform(url, shared_tool.clock, shared_tool.internet, issuer=issuer, client_id=client_id)
    engine = make_engine(url)
    with make_sessions(engine).begin() as session:
        session.get_one(Registration, platform.registration_id).active = False
    engine.dispose()
    shared_tool.app.extensions["smartcity"].registrations.forget()
    return shared_tool


def parameters(tool: RunningTool, row: Row) -> dict[str, Any]:
    return {name: value for name, value in {**tool.platform.login(), **row.changed}.items() if value is not None}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_row(row: Row, method: str, tool_with_others: RunningTool) -> None:
    given = parameters(tool_with_others, row)
    sent = {"data": given} if method == "POST" else {"query_string": given}
    response = tool_with_others.browser().open("/lti/login", method=method, base_url=BASE_URL, **sent)
    if row.code is not None:
        assert_refused(response, row.code)
        return
    assert response.status_code == 302
    assert response.location.startswith("https://lms.example/mod/lti/auth.php?")


def test_l12_a_parameter_once_in_the_query_and_once_in_the_form_is_given_twice(shared_tool: RunningTool) -> None:
    response = shared_tool.browser().post(
        "/lti/login",
        query_string={"iss": "https://lms.example"},
        data=shared_tool.platform.login(),
        base_url=BASE_URL,
    )
    assert_refused(response, Code.LOGIN_DUPLICATE_PARAMETER)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_l15_other_methods_are_not_allowed(shared_tool: RunningTool, method: str) -> None:
    response = shared_tool.browser().open("/lti/login", method=method, base_url=BASE_URL)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_l16_a_flood_of_logins_is_slowed_down(database_url: str) -> None:
    with running_tool(database_url, SMARTCITY_LOGIN_RATE="5/hour") as tool:
        for _ in range(5):
            tool.login()
        response = tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL)
    assert_refused(response, Code.RATE_LIMITED)
    assert 1 <= int(response.headers["Retry-After"]) <= 721


def test_a_login_binds_the_browser_by_a_partitioned_cookie_for_the_doors_alone(shared_tool: RunningTool) -> None:
    response = shared_tool.browser().post("/lti/login", data=shared_tool.platform.login(), base_url=BASE_URL)
    (cookie,) = response.headers.getlist("Set-Cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "partitioned", "samesite=none", "path=/lti"} <= attributes
    secret = cookie.partition("=")[2].partition(";")[0]
    assert secret not in response.location


def test_a_second_login_of_the_same_browser_keeps_its_cookie(shared_tool: RunningTool) -> None:
    """Two activities opened in two tabs at once must both find their browser again."""
    browser = shared_tool.browser()
    first, second = (
        browser.post("/lti/login", data=shared_tool.platform.login(), base_url=BASE_URL).headers["Set-Cookie"]
        for _ in range(2)
    )
    assert first.partition(";")[0] == second.partition(";")[0]


def test_a_login_answers_with_a_redirect_by_get_and_one_fixed_redirect_uri(shared_tool: RunningTool) -> None:
    login = shared_tool.platform.login(target_link_uri=f"{BASE_URL}/lti/launch?module=datenrecht")
    response = shared_tool.browser().post("/lti/login", data=login, base_url=BASE_URL)
    assert response.status_code == 302
    asked = parse_qs(urlsplit(response.location).query)
    assert asked["redirect_uri"] == [f"{BASE_URL}/lti/launch"]
    assert asked["lti_message_hint"] == [login["lti_message_hint"]]
