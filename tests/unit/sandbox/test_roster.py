from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.unit.sandbox.fake_tool import LMS, FakeTool

ROSTER = f"{LMS}/services/courses/kurs-1/memberships"
MEMBERSHIPS = {"Accept": "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}


def ids(tool: FakeTool, query: str = "") -> list[str]:
    answer = tool.call("GET", ROSTER + query, headers=MEMBERSHIPS)
    return [member["user_id"] for member in answer.get_json()["members"]]


def test_the_roster_lists_everyone_with_short_roles(tool: FakeTool) -> None:
    body = tool.call("GET", ROSTER, headers=MEMBERSHIPS).get_json()
    assert body["context"]["id"] == "kurs-1"
    members = {member["user_id"]: member for member in body["members"]}
    assert members["lea"] == {
        "user_id": "lea",
        "status": "Active",
        "roles": ["Learner"],
        "lis_person_sourcedid": "",
        "name": "Lea Lernfeld",
        "given_name": "Lea",
        "family_name": "Lernfeld",
        "email": "lea.lernfeld@uebung.example",
    }
    assert members["ines"]["roles"] == members["adem"]["roles"] == ["Instructor"]
    assert "name" not in members["ohne-namen"]


def test_the_privacy_switch_holds_for_the_roster_too(client: FlaskClient, tool: FakeTool) -> None:
    client.post("/practice/settings", json={"share_names": False, "share_emails": False})
    members = tool.call("GET", ROSTER, headers=MEMBERSHIPS).get_json()["members"]
    assert all(not {"name", "email", "given_name"} & member.keys() for member in members)


@pytest.mark.parametrize("role", ["Instructor", "http://purl.imsglobal.org/vocab/lis/v2/membership%23Instructor"])
def test_a_role_filter_may_be_short_or_a_uri(tool: FakeTool, role: str) -> None:
    assert ids(tool, f"?role={role}") == ["ines", "adem"]


def test_the_pages_together_hold_everyone_once(client: FlaskClient, tool: FakeTool) -> None:
    extra = client.post("/practice/people?count=120").get_json()["people"]
    assert len(extra) == 120
    url, seen, pages = ROSTER, [], 0
    while url:
        answer = tool.call("GET", url, headers=MEMBERSHIPS)
        seen += [member["user_id"] for member in answer.get_json()["members"]]
        url = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 125
    assert ids(tool, "?limit=2&from=1") == ["tom", "ines"]


def test_further_people_get_new_ids(client: FlaskClient) -> None:
    first = client.post("/practice/people?count=2").get_json()["people"]
    second = client.post("/practice/people?count=2").get_json()["people"]
    assert len({*first, *second}) == 4


@pytest.mark.parametrize("query", ["", "?count=0", "?count=viele", "?count=100001"])
def test_a_senseless_number_of_people_is_refused(client: FlaskClient, query: str) -> None:
    assert client.post(f"/practice/people{query}").status_code == 400


def test_an_unknown_course_or_link_is_not_found(tool: FakeTool) -> None:
    assert ids(tool, "?rlid=rl-quiz")
    assert tool.call("GET", f"{ROSTER}?rlid=rl-zweiter-kurs", headers=MEMBERSHIPS).status_code == 404
    assert tool.call("GET", ROSTER.replace("kurs-1", "kurs-9"), headers=MEMBERSHIPS).status_code == 404
    assert tool.call("GET", ROSTER, headers={"Accept": "application/json"}).status_code == 400
