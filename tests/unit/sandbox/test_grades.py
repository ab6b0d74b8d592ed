from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.sandbox.conftest import PracticeHouse
from tests.unit.sandbox.fake_tool import LMS, FakeTool, SettableClock

ITEMS = f"{LMS}/services/courses/kurs-1/lineitems?type_id=1"
COLUMN = f"{LMS}/services/courses/kurs-1/lineitems/li-smart-city/lineitem?type_id=1"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"


def cell(client: FlaskClient, user: str = "lea", item: str = "li-smart-city") -> Any:
    columns = client.get("/practice/gradebook.json").get_json()["line_items"]
    return next(column for column in columns if column["id"] == item)["grades"].get(user)


def results(tool: FakeTool, query: str = "") -> Any:
    return tool.call("GET", COLUMN.replace("/lineitem?", "/lineitem/results?") + query, headers={"Accept": "*/*"})


def make(tool: FakeTool, **changes: Any) -> TestResponse:
    body = {"label": "Neu", "scoreMaximum": 25, "resourceId": "r", "tag": "t", **changes}
    return tool.call("POST", ITEMS, json=body, headers={"Content-Type": LINE_ITEM})


def put(tool: FakeTool, url: str, **body: Any) -> TestResponse:
    return tool.call("PUT", url, json=body, headers={"Content-Type": LINE_ITEM})


def test_a_score_is_rescaled_to_the_column_and_answered_with_nothing(client: FlaskClient, tool: FakeTool) -> None:
    answer = tool.score(COLUMN, comment="gut")
    assert (answer.status_code, answer.data) == (200, b"")
    assert cell(client) == {"score": 80.0, "comment": "gut", "timestamp": "2026-11-22T12:00:00+00:00"}


def test_a_score_of_the_same_second_is_a_conflict_and_changes_nothing(
    client: FlaskClient, tool: FakeTool, clock: SettableClock
) -> None:
    tool.score(COLUMN)
    later_in_the_second = (clock() + timedelta(milliseconds=900)).isoformat()
    assert tool.score(COLUMN, timestamp=later_in_the_second, scoreGiven=1).status_code == 409
    assert tool.score(COLUMN, timestamp="2026-11-22T12:59:59+01:00", scoreGiven=1).status_code == 409
    assert cell(client)["score"] == 80.0
    clock.turn(seconds=1)
    assert tool.score(COLUMN, scoreGiven=10).status_code == 200
    assert cell(client)["score"] == 100.0


@pytest.mark.parametrize(
    "changes",
    [
        {"gradingProgress": "Pending"},
        {"gradingProgress": "NotReady", "activityProgress": "Initialized"},
        {"scoreGiven": None, "scoreMaximum": None},
    ],
)
def test_anything_but_a_final_number_erases_the_grade_its_comment_and_its_time(
    client: FlaskClient, tool: FakeTool, clock: SettableClock, changes: dict[str, Any]
) -> None:
    tool.score(COLUMN, comment="gut")
    clock.turn(seconds=1)
    assert tool.score(COLUMN, **changes).status_code == 200
    assert cell(client) == {"score": None, "comment": "", "timestamp": ""}
    assert results(tool).get_json() == []
    assert tool.score(COLUMN, timestamp="2020-01-01T00:00:00Z").status_code == 200


@pytest.mark.parametrize(("given", "shown"), [(12, 100.0), (-1, 0.0), (3.3333333, 33.33333)])
def test_scores_are_shown_within_the_column(client: FlaskClient, tool: FakeTool, given: float, shown: float) -> None:
    tool.score(COLUMN, scoreGiven=given)
    assert cell(client)["score"] == shown


@pytest.mark.parametrize("user", ["ines", "adem", "niemand"])
def test_only_learners_of_the_course_can_be_graded(client: FlaskClient, tool: FakeTool, user: str) -> None:
    assert tool.score(COLUMN, user).status_code == 400
    assert cell(client, user) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": None},
        {"userId": 5},
        {"timestamp": None},
        {"timestamp": "gestern"},
        {"timestamp": "2026-11-22T12:00:00"},
        {"activityProgress": None},
        {"activityProgress": "Fertig"},
        {"gradingProgress": None},
        {"gradingProgress": "Fully"},
        {"scoreMaximum": None},
        {"scoreMaximum": 0},
        {"scoreGiven": "8"},
        {"scoreGiven": True},
        {"scoreGiven": float("nan")},
        {"scoreMaximum": float("inf")},
    ],
)
def test_a_score_with_a_wrong_field_is_refused(client: FlaskClient, tool: FakeTool, changes: dict[str, Any]) -> None:
    assert tool.score(COLUMN, **changes).status_code == 400
    assert client.get("/practice/scores.json").get_json() == []


@pytest.mark.parametrize("body", ["[]", "kein json", ""])
def test_a_body_that_is_no_score_is_refused(tool: FakeTool, body: str) -> None:
    url = COLUMN.replace("/lineitem?", "/lineitem/scores?")
    headers = {"Content-Type": "application/vnd.ims.lis.v1.score+json; charset=utf-8"}
    assert tool.call("POST", url, data=body, headers=headers).status_code == 400


def test_media_types_are_compared_exactly(tool: FakeTool) -> None:
    url = COLUMN.replace("/lineitem?", "/lineitem/scores?")
    assert tool.call("POST", url, json={}, headers={"Content-Type": "application/json"}).status_code == 400
    for accept, status in ((CONTAINER, 200), ("*/*", 400), ("application/json", 400)):
        assert tool.call("GET", ITEMS, headers={"Accept": accept}).status_code == status
    for accept, status in ((LINE_ITEM, 200), ("*/*", 200), ("application/json", 400)):
        assert tool.call("GET", COLUMN, headers={"Accept": accept}).status_code == status
    assert tool.call("PUT", COLUMN, json={}, headers={"Content-Type": "application/json"}).status_code == 400


def test_the_log_holds_every_accepted_score_and_no_refused_one(
    client: FlaskClient, tool: FakeTool, clock: SettableClock
) -> None:
    tool.score(COLUMN)
    tool.score(COLUMN, scoreGiven=1)
    tool.score(COLUMN, "tom")
    clock.turn(seconds=1)
    tool.score(COLUMN, scoreGiven=9)
    log = client.get("/practice/scores.json").get_json()
    assert [(entry["number"], entry["user"], entry["stored"]) for entry in log] == [
        (1, "lea", 80.0),
        (2, "tom", 80.0),
        (3, "lea", 90.0),
    ]
    assert log[2]["message"]["given"] == 9
    tom = client.get("/practice/scores.json?user=tom&line_item=li-smart-city").get_json()
    assert [entry["number"] for entry in tom] == [2]
    assert client.get("/practice/scores.json?line_item=li-quiz").get_json() == []


def test_of_two_equal_scores_at_the_same_time_one_wins(house: PracticeHouse) -> None:
    headers = {
        "Authorization": f"Bearer {house.tool.ask_token().get_json()['access_token']}",
        "Content-Type": "application/vnd.ims.lis.v1.score+json",
    }
    body = {
        "userId": "lea",
        "timestamp": "2026-11-22T12:00:00Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 1,
        "scoreMaximum": 1,
    }

    def send(_: int) -> int:
        path = "/services/courses/kurs-1/lineitems/li-smart-city/lineitem/scores"
        return house.app.test_client().post(path, json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == [200] + [409] * 7
    assert len(house.client.get("/practice/scores.json").get_json()) == 1


def test_results_name_the_column_and_can_be_filtered_and_paged(tool: FakeTool, clock: SettableClock) -> None:
    tool.score(COLUMN, "lea", comment="gut")
    tool.score(COLUMN, "tom", scoreGiven=5)
    answer = results(tool, "&limit=1")
    [first] = answer.get_json()
    assert first == {
        "id": f"{LMS}/services/courses/kurs-1/lineitems/li-smart-city/lineitem/results/lea/result?type_id=1",
        "scoreOf": COLUMN,
        "userId": "lea",
        "resultScore": 80.0,
        "resultMaximum": 100.0,
        "comment": "gut",
        "timestamp": clock().isoformat(),
    }
    following = answer.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    assert following.startswith(f"{LMS}/services/")
    assert "type_id=1" in following
    last = tool.call("GET", following, headers={"Accept": "*/*"})
    assert [result["userId"] for result in last.get_json()] == ["tom"]
    assert "Link" not in last.headers
    assert [result["userId"] for result in results(tool, "&user_id=tom").get_json()] == ["tom"]
    assert results(tool, "&user_id=ines").get_json() == []


def test_line_items_can_be_filtered_and_paged(tool: FakeTool) -> None:
    def ids(query: str) -> list[str]:
        answer = tool.call("GET", ITEMS + query, headers={"Accept": CONTAINER})
        return [item["id"].split("/lineitems/")[1].split("/")[0] for item in answer.get_json()]

    assert ids("") == ["li-smart-city", "li-datenrecht", "li-quiz"]
    assert ids("&tag=quiz") == ["li-quiz"]
    assert ids("&resource_id=datenrecht") == ["li-datenrecht", "li-quiz"]
    assert ids("&resource_id=datenrecht&tag=module") == ["li-datenrecht"]
    assert ids("&resource_link_id=rl-quiz") == ["li-quiz"]
    assert ids("&limit=1&from=1") == ["li-datenrecht"]
    assert ids("&limit=2&from=2") == ["li-quiz"]
    for query in ("&limit=zwei", "&from=-1", "&limit=" + "9" * 40):
        assert tool.call("GET", ITEMS + query, headers={"Accept": CONTAINER}).status_code == 400


def test_a_tool_makes_reads_changes_and_deletes_its_own_column(client: FlaskClient, tool: FakeTool) -> None:
    answer = make(tool, resourceLinkId="rl-stand", endDateTime="2026-12-01T00:00:00Z")
    assert answer.status_code == 201
    made = answer.get_json()
    assert made["resourceLinkId"] == "rl-stand"
    assert made["endDateTime"] == "2026-12-01T00:00:00Z"
    assert tool.call("GET", made["id"], headers={"Accept": LINE_ITEM}).get_json() == made
    tool.score(made["id"])
    item = made["id"].split("/lineitems/")[1].split("/")[0]
    assert cell(client, item=item)["score"] == 20.0
    changed = put(tool, made["id"], label="Anders", scoreMaximum=50).get_json()
    assert (changed["label"], changed["tag"], changed["resourceId"]) == ("Anders", "", "")
    assert "resourceLinkId" not in changed
    assert cell(client, item=item)["score"] == 40.0
    assert tool.call("DELETE", made["id"]).status_code == 204
    assert tool.call("GET", made["id"], headers={"Accept": LINE_ITEM}).status_code == 404
    assert tool.score(made["id"]).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"label": ""}, 400),
        ({"label": 5}, 400),
        ({"scoreMaximum": None}, 400),
        ({"scoreMaximum": 0}, 400),
        ({"scoreMaximum": "100"}, 400),
        ({"resourceLinkId": "erfunden"}, 403),
        ({"resourceLinkId": "rl-zweiter-kurs"}, 403),
    ],
)
def test_a_column_with_a_wrong_field_is_refused(tool: FakeTool, changes: dict[str, Any], status: int) -> None:
    assert make(tool, **changes).status_code == status


def test_a_second_column_of_a_link_takes_the_line_item_from_the_launch(tool: FakeTool) -> None:
    claim = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    assert "lineitem" in tool.launch()[claim]
    make(tool, resourceLinkId="rl-smart-city")
    assert "lineitem" not in tool.launch()[claim]


def test_columns_of_other_courses_are_not_found(tool: FakeTool) -> None:
    elsewhere = COLUMN.replace("kurs-1", "kurs-2")
    assert tool.call("GET", elsewhere, headers={"Accept": "*/*"}).status_code == 404
    unknown = ITEMS.replace("kurs-1", "kurs-9")
    assert tool.call("GET", unknown, headers={"Accept": CONTAINER}).status_code == 404


def test_key_columns_grades_and_scores_survive_a_restart(house: PracticeHouse) -> None:
    made = make(house.tool).get_json()["id"]
    house.tool.score(made)
    keys = house.client.get("/platform/jwks").get_json()
    gradebook = house.client.get("/practice/gradebook.json").get_json()
    log = house.client.get("/practice/scores.json").get_json()
    house.start(None)
    assert house.client.get("/platform/jwks").get_json() == keys
    assert house.client.get("/practice/gradebook.json").get_json() == gradebook
    assert house.client.get("/practice/scores.json").get_json() == log
    assert house.tool.score(made).status_code == 409
    house.clock.turn(seconds=1)
    assert house.tool.score(made).status_code == 200
    assert len(house.client.get("/practice/scores.json").get_json()) == 2


def test_a_reset_forgets_all_but_the_key(house: PracticeHouse) -> None:
    house.tool.score(COLUMN)
    make(house.tool)
    house.client.post("/practice/people?count=2")
    house.client.post("/practice/faults", json={"clock_skew_seconds": 300})
    keys = house.client.get("/platform/jwks").get_json()
    assert house.client.post("/practice/reset").status_code == 204
    for _ in range(2):
        assert house.client.get("/platform/jwks").get_json() == keys
        assert house.client.get("/practice/scores.json").get_json() == []
        assert cell(house.client) is None
        assert len(house.client.get("/practice/gradebook.json").get_json()["line_items"]) == 4
        assert len(house.client.get("/practice/people.json").get_json()) == 5
        house.start(None)
