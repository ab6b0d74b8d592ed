"""The self-test ends in time whoever answers, and asks only what can be asked."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from lti_tool.domain.registration import Registration
from lti_tool.domain.self_test import Check, Connection, Probed, Sighting, Verdict
from lti_tool.services.self_test import SelfTest

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
PLATFORM = Registration(
    id=1,
    municipality="Stadt Olpe",
    name="Moodle",
    issuer="https://lms.example",
    client_id="tool",
    auth_login_url="https://lms.example/auth",
    auth_token_url="https://lms.example/token",
    jwks_url="https://lms.example/jwks",
)


class Server:
    """Answers every call, and hangs at those named."""

    def __init__(self, *hanging):
        self.hanging, self.over, self.called = hanging, Event(), []

    def answer(self, name):
        self.called.append(name)
        if name in self.hanging:
            self.over.wait(10)
        return Probed(keys=frozenset({"k"}), answered_at=NOW)

    def platform_keys(self, registration):
        return self.answer("platform_keys")

    def own_keys(self, base_url):
        return self.answer("own_keys")

    def access_token(self, registration):
        return self.answer("access_token")

    def results(self, registration, line_item_url, subject):
        return self.answer("results")


def connection(**changed):
    seen = Sighting(
        NOW, "moodle", frozenset({AGS + "score", AGS + "result.readonly"}), "https://lms.example/9", False, True
    )
    values = {"base_url": "https://tool.example", "on_this_machine": False, "published": frozenset({"k"})}
    return Connection(
        registration=PLATFORM, **{**values, "sighting": seen, "subject": "5", "now": NOW, **changed}
    )  # fmt: skip


def test_a_server_that_never_answers_costs_no_more_than_the_time_given():
    server = Server("access_token", "results")
    began = time.monotonic()
    found = {finding.check: finding for finding in SelfTest(server, seconds=0.3).run(connection())}
    assert time.monotonic() - began < 9
    server.over.set()
    assert (found[Check.TOKEN].verdict, found[Check.TOKEN].outcome) == (Verdict.BAD, "timeout")
    assert found[Check.PLATFORM_KEYS].verdict is Verdict.GOOD


def test_findings_come_in_the_same_order_whoever_is_quicker():
    found = SelfTest(Server()).run(connection())
    assert [finding.check for finding in found] == list(Check)
    assert {finding.verdict for finding in found} == {Verdict.GOOD}


@pytest.mark.parametrize(
    ("changed", "called"),
    [
        ({}, {"platform_keys", "own_keys", "access_token", "results"}),
        ({"on_this_machine": True}, {"platform_keys", "access_token", "results"}),
        ({"subject": None}, {"platform_keys", "own_keys", "access_token"}),
        ({"sighting": None}, {"platform_keys", "own_keys"}),
    ],
)
def test_only_what_the_platform_offers_is_tried(changed, called):
    server = Server()
    SelfTest(server).run(connection(**changed))
    assert set(server.called) == called


@pytest.mark.parametrize(
    ("skew", "verdict", "outcome"),
    [
        (timedelta(seconds=30), Verdict.GOOD, "good"),
        (timedelta(seconds=31), Verdict.HINT, "behind"),
        (timedelta(minutes=-3), Verdict.HINT, "ahead"),
        (timedelta(minutes=-3, seconds=-1), Verdict.BAD, "ahead"),
    ],
)
def test_clocks_may_differ_a_little(skew, verdict, outcome):
    found = {finding.check: finding for finding in SelfTest(Server()).run(connection(now=NOW + skew))}
    assert (found[Check.CLOCK].verdict, found[Check.CLOCK].outcome) == (verdict, outcome)
