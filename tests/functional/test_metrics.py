"""What Prometheus is shown: only to whoever has the token, in few labels, and right after what happened."""

from __future__ import annotations

from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from lti_tool.domain.ids import new_id
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.scores import Scores
from lti_tool.services.worker_beats import WorkerBeats, WorkerProcess
from tests.factories.launches import learner_launch
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import running_tool

TOKEN = "a token only for tests, long enough"


@pytest.fixture
def tool(database_url):
    with running_tool(database_url, SMARTCITY_METRICS_TOKEN=TOKEN) as running:
        yield running


def shown(tool, token=TOKEN):
    answer = tool.browser().get("/metrics", base_url=BASE_URL, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return {
        (sample.name.removeprefix("smartcity_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def grown(before, after, *key):
    return after.get(key, 0) - before.get(key, 0)


def test_nobody_sees_figures_without_the_token(tool):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}):
        assert tool.client.get("/metrics", base_url=BASE_URL, headers=headers).status_code == 404


def test_without_a_token_in_the_settings_nobody_sees_them(database_url):
    with running_tool(database_url) as closed:
        for token in ("", "None"):
            answer = closed.client.get("/metrics", base_url=BASE_URL, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 404


def test_launches_count_by_their_outcome(tool):
    before = shown(tool)
    tool.launch_as()
    assert tool.launch(iss="https://somebody-else.example").status_code == 401
    tool.client.post("/lti/login", data={}, base_url=BASE_URL)
    after = shown(tool)
    assert grown(before, after, "launches_total", "ok") == 1
    assert grown(before, after, "launches_total", "launch.issuer_mismatch") == 1
    assert grown(before, after, "logins_total", "ok") == 2
    assert grown(before, after, "logins_total", "login.missing_iss") == 1


def test_requests_are_timed_by_page_and_never_by_address(tool):
    before = shown(tool)
    Visit(tool.client, tool.launch_as())
    for path in ("/nowhere", "/l/nothing", "/../etc"):
        tool.client.get(path, base_url=BASE_URL)
    after = shown(tool)
    assert grown(before, after, "request_seconds_count", "lti.launch") == 1
    assert grown(before, after, "requests_total", "none", "4xx") == 3
    routes = {key[1] for key, value in after.items() if key[0] == "requests_total" and value != before.get(key)}
    assert routes <= {"none", *tool.app.view_functions}


def test_grades_that_wait_are_told_with_their_age_and_workers_with_their_silence(tool):
    sessions = tool.app.extensions["smartcity"].sessions
    assert shown(tool)[("outbox_waiting",)] == 0
    with sessions.begin() as session:
        opened = StoreLaunch(session, tool.clock).store(
            learner_launch(tool.platform.registration_id), Placement("module", "datenrecht", "de")
        )
        actor = LaunchSessions(session, tool.clock).actor(opened.registration_id, opened.launch_id, opened.secret)
        Scores(session, tool.clock).queue(actor, Decimal(7), Decimal(10))
        WorkerBeats(session, tool.clock).beat(WorkerProcess(new_id(), "host", 7, "1", tool.clock()))
    tool.clock.turn(seconds=100)
    figures = shown(tool)
    assert figures[("outbox_waiting",)] == 1
    assert figures[("outbox_oldest_seconds",)] == pytest.approx(100, abs=1)
    assert (figures[("workers",)], figures[("worker_silent_seconds",)]) == (1, pytest.approx(100, abs=1))
    tool.clock.turn(seconds=60)
    assert shown(tool)[("workers",)] == 0
