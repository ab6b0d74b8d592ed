"""What headers of a proxy, or of somebody who plays one, can move: the client's address from trusted hops, no more."""

from __future__ import annotations

import pytest

from tests.functional.conftest import BASE_URL, running_tool

SPOOFED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "8080",
    "X-Forwarded-Prefix": "/elsewhere",
    "Forwarded": "for=192.0.2.9;host=evil.example;proto=http",
}


@pytest.fixture
def logins(database_url):
    """Return a function: so many logins pass, each coming from another `X-Forwarded-For`."""

    def passed(hops, *ways):
        with running_tool(database_url, SMARTCITY_TRUSTED_PROXIES=str(hops), SMARTCITY_LOGIN_RATE="1/hour") as tool:
            answers = [
                tool.browser().post(
                    "/lti/login", data=tool.platform.login(), headers={"X-Forwarded-For": way}, base_url=BASE_URL
                )
                for way in ways
            ]
        return [answer.status_code for answer in answers]

    return passed


def test_without_a_proxy_nobody_can_give_themselves_another_address(logins):
    assert logins(0, "192.0.2.1", "192.0.2.2") == [302, 429]


def test_one_proxy_tells_clients_apart_and_what_they_wrote_before_it_does_not_count(logins):
    assert logins(1, "192.0.2.1", "192.0.2.2", "198.51.100.7, 192.0.2.2") == [302, 302, 429]


def test_two_proxies_count_the_entry_before_the_last(logins):
    assert logins(2, "192.0.2.1, 10.0.0.1", "192.0.2.2, 10.0.0.1", "198.51.100.7, 192.0.2.2, 10.0.0.1") == [
        302,
        302,
        429,
    ]


def test_too_few_entries_are_no_clients_at_all(logins):
    assert logins(2, "192.0.2.1", "192.0.2.2") == [302, 429]


@pytest.mark.parametrize("hops", ["0", "1"])
def test_scheme_and_host_are_the_tools_own_whatever_a_request_says(database_url, hops):
    with running_tool(database_url, SMARTCITY_TRUSTED_PROXIES=hops) as tool:
        landing = tool.launch_as()
        for asked in ("http://127.0.0.1:8000", "https://evil.example"):
            answer = tool.client.get(landing.rstrip("/"), headers=SPOOFED, base_url=asked)
            assert answer.status_code == 308
            assert answer.location == BASE_URL + landing
