from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from lti_tool.sandbox.faults import FaultBox, Faults, Taken
from tests.unit.sandbox.conftest import PracticeHouse
from tests.unit.sandbox.fake_tool import LMS, FakeTool, SettableClock, form_of

COLUMN = f"{LMS}/services/courses/kurs-1/lineitems/li-smart-city/lineitem?type_id=1"


def break_it(client: FlaskClient, **faults: Any) -> None:
    answer = client.post("/practice/faults", json=faults)
    assert answer.status_code == 200, answer.text


def log(client: FlaskClient) -> Any:
    return client.get("/practice/scores.json").get_json()


def test_a_platform_that_is_down_refuses_every_service_but_shows_its_pages(client: FlaskClient, tool: FakeTool) -> None:
    login = form_of(client.get("/course/rl-smart-city/launch"))[1]
    break_it(client, down=True, retry_after=7)
    for answer in (tool.ask_token(), client.get("/platform/jwks"), tool.ask_login(login)):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert client.post("/services/courses/kurs-1/lineitems").status_code == 503
    assert "Störungen sind eingeschaltet" in client.get("/course").text
    break_it(client)
    assert tool.ask_token().status_code == 200
    assert "Störungen sind eingeschaltet" not in client.get("/course").text


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_a_refused_score_is_not_stored(client: FlaskClient, tool: FakeTool, status: int) -> None:
    break_it(client, score_status=status, retry_after=3)
    answer = tool.score(COLUMN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "3")
    assert log(client) == []


def test_a_lost_answer_comes_after_the_score_is_stored(client: FlaskClient, tool: FakeTool) -> None:
    break_it(client, score_answer_lost=True, times=1)
    assert tool.score(COLUMN).status_code == 502
    assert len(log(client)) == 1
    assert tool.score(COLUMN).status_code == 409


def test_faults_end_after_the_given_number_of_answers(client: FlaskClient, tool: FakeTool) -> None:
    break_it(client, token_status=401, times=2)
    assert [tool.ask_token().status_code for _ in range(3)] == [401, 401, 200]
    assert client.get("/practice/faults").get_json() == Faults().model_dump()


def test_faults_are_counted_exactly_under_parallel_calls(house: PracticeHouse) -> None:
    break_it(house.client, jwks="down", times=5)

    def fetch(_: int) -> int:
        return house.app.test_client().get("/platform/jwks").status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(fetch, range(20))) == [200] * 15 + [503] * 5


def test_a_wrong_clock_shows_in_tokens_and_in_the_check_of_assertions(
    client: FlaskClient, tool: FakeTool, clock: SettableClock
) -> None:
    break_it(client, clock_skew_seconds=-300)
    assert tool.launch()["iat"] == int(clock().timestamp()) - 300
    refused = tool.ask_token()
    assert "iat" in refused.get_json()["error_description"]


def test_a_login_can_be_refused_on_purpose(client: FlaskClient, tool: FakeTool) -> None:
    break_it(client, login_error="login_required", times=1)
    login = form_of(client.get("/course/rl-smart-city/launch"))[1]
    assert form_of(tool.ask_login(login))[1]["error"] == "login_required"
    assert "id_token" in form_of(tool.ask_login(login))[1]


def test_a_key_set_can_be_a_login_page(client: FlaskClient) -> None:
    break_it(client, jwks="html")
    answer = client.get("/platform/jwks")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_a_roster_can_be_closed(client: FlaskClient, tool: FakeTool) -> None:
    break_it(client, roster_status=403)
    url = f"{LMS}/services/courses/kurs-1/memberships"
    assert tool.call("GET", url, headers={"Accept": "*/*"}).status_code == 403


@pytest.mark.parametrize(
    ("faults", "door", "method"),
    [({"slow_seconds": 60}, "/platform/token", "POST"), ({"jwks": "slow"}, "/platform/jwks", "GET")],
)
def test_a_slow_door_waits_until_somebody_mends_it(
    house: PracticeHouse, monkeypatch: pytest.MonkeyPatch, faults: dict[str, Any], door: str, method: str
) -> None:
    break_it(house.client, **faults)
    arrived = threading.Event()
    take = FaultBox.take

    def told_take(box: FaultBox, applies: Callable[[Faults], bool]) -> Taken | None:
        taken = take(box, applies)
        arrived.set()
        return taken

    monkeypatch.setattr(FaultBox, "take", told_take)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(house.app.test_client().open, door, method=method)
        assert arrived.wait(10)
        assert not answer.done()
        break_it(house.client)
        answer.result(timeout=30)


@pytest.mark.parametrize(
    "faults", [{"score_status": 200}, {"jwks": "x"}, {"times": 0}, {"unknown": 1}, {"slow_seconds": -1}, []]
)
def test_a_fault_that_makes_no_sense_is_refused(client: FlaskClient, faults: Any) -> None:
    answer = client.post("/practice/faults", json=faults)
    assert (answer.status_code, answer.get_json()["status"]) == (400, 400)


def test_the_panel_breaks_and_mends_too(client: FlaskClient, tool: FakeTool) -> None:
    assert "Antwort geht verloren" in client.get("/faults").text
    client.post("/faults", data={"score_status": "429", "down": "", "jwks": "", "times": ""})
    assert tool.score(COLUMN).status_code == 429
    assert 'value="429"' in client.get("/faults").text
    wrong = client.post("/faults", data={"score_status": "viel"})
    assert wrong.status_code == 400
    assert "score_status" in wrong.text
    client.post("/faults", data={})
    assert tool.score(COLUMN).status_code == 200
