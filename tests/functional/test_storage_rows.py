"""Rows A68 to A71: a browser that sends no cookie, and a platform that offers to keep a secret in its window.

What the script does in the browser is seen in `tests/browser/test_platform_storage.py`.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.domain.errors import Code
from tests.functional.conftest import BASE_URL, RunningTool
from tests.functional.rows import assert_refused

FRAME = "post_message_forwarding"
OURS = {"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}


def words(page: TestResponse) -> dict[str, str]:
    """Return the data attributes of the page's one element for the script, by name."""
    tag = re.search(r"<\w+[^>]*data-(?:leave|read)-secret[^>]*>", page.text)
    assert tag, page.text
    return {name: unescape(value) for name, value in re.findall(r'data-([\w-]+)="([^"]*)"', tag.group())}


def begin(tool: RunningTool, browser: FlaskClient) -> tuple[dict[str, str], dict[str, str]]:
    """Log in where the platform offers storage; return what the script is told and what the platform is asked."""
    page = browser.post("/lti/login", data=tool.platform.login(lti_storage_target=FRAME), base_url=BASE_URL)
    assert page.status_code == 200
    told = words(page)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(told["onward"]).query).items()}
    return told, asked


def come_back(tool: RunningTool, asked: dict[str, str], browser: FlaskClient, **claims: Any) -> TestResponse:
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], **claims))
    return tool.post_launch({"state": asked["state"], "id_token": token}, browser)


def forgetful(tool: RunningTool) -> FlaskClient:
    """A browser that keeps no cookie."""
    return tool.app.test_client(use_cookies=False)


def show_secret(browser: FlaskClient, code: str, secret: str, headers: dict[str, str] | None = None) -> TestResponse:
    return browser.post(
        "/lti/launch/storage",
        data={"code": code, "secret": secret},
        headers={"Accept": "application/json"} | (OURS if headers is None else headers),
        base_url=BASE_URL,
    )


def test_the_login_leaves_a_secret_with_the_platform_and_goes_on(tool: RunningTool) -> None:
    told, asked = begin(tool, browser := tool.browser())
    assert told["frame"] == FRAME
    assert told["origin"] == "https://lms.example"
    assert told["onward"].startswith("https://lms.example/mod/lti/auth.php?")
    assert told["leave-secret"] not in told["onward"]
    cookie = browser.get_cookie("lti-login", domain="tool.example", path="/lti")
    assert cookie is not None
    assert cookie.value != told["leave-secret"], "the cookie's value must stay out of reach of scripts"
    assert asked["redirect_uri"] == f"{BASE_URL}/lti/launch"


def test_only_the_platform_may_frame_the_page_of_a_login(tool: RunningTool) -> None:
    page = tool.browser().post("/lti/login", data=tool.platform.login(lti_storage_target=FRAME), base_url=BASE_URL)
    assert "frame-ancestors https://lms.example" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_without_scripts_the_page_of_a_login_goes_on_by_itself(tool: RunningTool) -> None:
    page = tool.browser().post("/lti/login", data=tool.platform.login(lti_storage_target=FRAME), base_url=BASE_URL)
    onward = unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.text).group(1))
    assert onward == words(page)["onward"]
    assert f'<a href="{page.text.split("0; url=")[1].partition(chr(34))[0]}">' in page.text


def test_a_browser_that_brings_its_cookie_is_redirected_as_ever(tool: RunningTool) -> None:
    browser = tool.browser()
    begin(tool, browser)
    asked = tool.login(browser, lti_storage_target=FRAME)
    assert come_back(tool, asked, browser).status_code == 303


def test_a_cookie_that_was_kept_makes_the_secret_needless(tool: RunningTool) -> None:
    browser = tool.browser()
    _, asked = begin(tool, browser)
    assert come_back(tool, asked, browser).status_code == 303


@pytest.mark.parametrize("row", ["A68"])
def test_row_without_cookies_a_page_reads_the_secret_and_goes_on(tool: RunningTool, row: str) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    page = come_back(tool, asked, browser)
    assert page.status_code == 200, row
    assert "Set-Cookie" not in page.headers
    told = words(page)
    assert (told["frame"], told["origin"], told["key"]) == (FRAME, "https://lms.example", left["key"])
    assert left["leave-secret"] not in page.text
    opened = show_secret(tool.browser(), told["code"], left["leave-secret"])
    assert opened.status_code == 200
    assert "Partitioned" in opened.headers["Set-Cookie"]


def test_a68_the_session_is_that_of_the_person_who_launched(tool: RunningTool) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    keeper = tool.browser()
    opened = show_secret(keeper, told["code"], left["leave-secret"]).get_json()
    assert keeper.get(opened["kept"], base_url=BASE_URL).status_code == 204
    assert "Datenrecht" in keeper.get(opened["landing"], base_url=BASE_URL).text
    assert forgetful(tool).get(opened["kept"], base_url=BASE_URL).status_code == 403


def test_a68_a_frame_that_loses_the_session_cookie_too_gets_a_code_for_a_new_tab(tool: RunningTool) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    opened = show_secret(browser, told["code"], left["leave-secret"]).get_json()
    tab = tool.browser()
    answer = tab.post("/lti/handover", data={"code": opened["code"]}, base_url=BASE_URL)
    assert answer.status_code == 303
    assert tab.get(answer.location, base_url=BASE_URL).status_code == 200


@pytest.mark.parametrize("row", ["A69"])
def test_row_without_cookies_and_storage_a_page_offers_a_new_tab(tool: RunningTool, row: str) -> None:
    browser = forgetful(tool)
    page = come_back(tool, tool.login(browser), browser)
    assert page.status_code == 200, row
    assert "/lti/handover" in page.text
    assert "data-read-secret" not in page.text


def test_a70_whatever_the_platform_answers_the_page_holds_the_way_into_a_new_tab(tool: RunningTool) -> None:
    browser = forgetful(tool)
    _, asked = begin(tool, browser)
    page = come_back(tool, asked, browser)
    assert page.text.count('action="/lti/handover"') == 2, "one for the script to show, one without scripts"
    tab = tool.browser()
    assert tab.post("/lti/handover", data={"code": words(page)["code"]}, base_url=BASE_URL).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, id="A71"),
        pytest.param({"Origin": "https://evil.example"}, id="A71-older-browser"),
        pytest.param({"Origin": "https://lms.example", "Sec-Fetch-Site": "cross-site"}, id="A71-platform"),
        pytest.param({"Origin": "https://other.tool.example", "Sec-Fetch-Site": "same-site"}, id="A71-same-site"),
        pytest.param({"Origin": BASE_URL, "Sec-Fetch-Site": "same-site"}, id="A71-contradiction"),
        pytest.param({"Origin": "null"}, id="A71-opaque"),
        pytest.param({}, id="A71-no-origin"),
    ],
)
def test_row_a_secret_posted_by_a_foreign_page_opens_nothing(tool: RunningTool, headers: dict[str, str]) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    refused = show_secret(browser, told["code"], left["leave-secret"], {**headers, "Accept": "text/html"})
    assert_refused(refused, Code.LAUNCH_FOREIGN_PAGE)
    assert show_secret(browser, told["code"], left["leave-secret"]).status_code == 200, "nothing was used up"


def test_another_secret_opens_nothing(tool: RunningTool) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    other, _ = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    for wrong in (other["leave-secret"], "", told["code"]):
        refused = show_secret(browser, told["code"], wrong)
        assert (refused.status_code, refused.get_json()["code"]) == (401, "launch.wrong_browser")
    assert show_secret(browser, told["code"], left["leave-secret"]).status_code == 200


def test_code_and_secret_open_a_launch_once_and_not_after_two_minutes(tool: RunningTool) -> None:
    browser = forgetful(tool)
    left, asked = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    assert show_secret(browser, told["code"], left["leave-secret"]).status_code == 200
    assert show_secret(browser, told["code"], left["leave-secret"]).status_code == 401
    left, asked = begin(tool, browser)
    told = words(come_back(tool, asked, browser))
    tool.clock.turn(minutes=2, seconds=1)
    assert show_secret(browser, told["code"], left["leave-secret"]).status_code == 401


def test_a_parked_launch_without_storage_is_not_opened_by_an_empty_secret(tool: RunningTool) -> None:
    browser = forgetful(tool)
    page = come_back(tool, tool.login(browser), browser)
    code = re.search(r'name="code" value="([^"]+)"', page.text).group(1)
    assert show_secret(browser, code, "").status_code == 401


@pytest.mark.parametrize("code", ["", "x", "1.", "1.x", "99999999999.x", "²." + "x" * 9])
def test_a_code_that_is_none_is_refused(tool: RunningTool, code: str) -> None:
    assert show_secret(tool.browser(), code, "secret").status_code == 401
