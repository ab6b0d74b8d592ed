from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.unit.sandbox.conftest import PracticeHouse
from tests.unit.sandbox.fake_tool import LMS, LTI, FakeTool

PAGES = ["/course", "/course/rl-quiz", "/gradebook", "/roster", "/messages", "/faults", "/registration", "/settings"]
COLUMN = f"{LMS}/services/courses/kurs-1/lineitems/li-smart-city/lineitem?type_id=1"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", ["lea", "ines", "adem", "ohne-namen"])
def test_every_page_shows_itself_to_everyone(client: FlaskClient, page: str, person: str) -> None:
    client.post("/view-as", data={"person": person})
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert '<html lang="de">' in answer.text
    assert "Übungs-LMS – nur auf diesem Rechner" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text


def test_the_front_door_leads_to_the_course_by_its_proper_name(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/course"
    stray = client.get("/course?x=1", base_url="http://127.0.0.1:8010")
    assert stray.headers["Location"] == f"{LMS}/course?x=1"
    assert client.get("/course", base_url="http://evil.example:8010").status_code == 400


def test_the_switch_changes_the_person_and_stays_on_the_page(client: FlaskClient) -> None:
    answer = client.post("/view-as", data={"person": "ines", "next": "/gradebook?from=0"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gradebook?from=0")
    assert "Inhalt auswählen" in client.get("/course").text
    client.post("/view-as", data={"person": "lea"})
    assert "Inhalt auswählen" not in client.get("/course").text
    assert client.post("/view-as", data={"person": "niemand"}).status_code == 404


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "course", ""])
def test_the_switch_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    answer = client.post("/view-as", data={"person": "tom", "next": target})
    assert answer.headers["Location"] == "/course"


def test_forms_of_other_websites_are_refused(client: FlaskClient) -> None:
    for path in ("/practice/reset", "/view-as", "/settings", "/faults"):
        for origin in ("https://evil.example", "http://127.0.0.1:8000", "null"):
            assert client.post(path, headers={"Origin": origin}).status_code == 403
    assert client.post("/practice/reset", headers={"Origin": LMS}).status_code == 204


def test_the_gradebook_shows_all_to_instructors_and_learners_their_own_row(client: FlaskClient, tool: FakeTool) -> None:
    tool.score(COLUMN, "tom", comment="<i>gut</i>")
    lea = client.get("/gradebook").text
    assert "80.0" not in lea
    assert '<th scope="row">Tom Teilhabe' not in lea
    client.post("/view-as", data={"person": "ines"})
    ines = client.get("/gradebook").text
    assert "80.0" in ines
    assert "&lt;i&gt;gut&lt;/i&gt;" in ines
    assert "/course/rl-smart-city/review/tom" in ines


def test_long_lists_come_in_pages(client: FlaskClient) -> None:
    client.post("/practice/people?count=40")
    client.post("/view-as", data={"person": "ines"})
    first = client.get("/roster").text
    assert "1 bis 25 von 45" in first
    assert "/roster?from=25" in first
    second = client.get("/roster?from=25").text
    assert "26 bis 45 von 45" in second
    assert "Nächste" not in second
    assert "1 bis 25 von 43" in client.get("/gradebook?from=quatsch").text


def test_the_switch_offers_the_first_people_and_whoever_looks(client: FlaskClient) -> None:
    client.post("/practice/people?count=40")
    assert "extra-00040" not in client.get("/settings").text
    client.post("/view-as", data={"person": "extra-00040"})
    assert '<option value="extra-00040" selected>' in client.get("/settings").text


def test_the_messages_show_claims_but_no_secrets(client: FlaskClient, tool: FakeTool) -> None:
    tool.launch()
    tool.score(COLUMN)
    token = tool.ask_token().get_json()["access_token"]
    page = client.get("/messages").text
    for title in ("Anmeldung angestoßen", "Anmeldeanfrage", "id_token (ohne Signatur)", "Bewertung"):
        assert title in page
    assert "smart-city-verstehen" in page
    assert token not in page
    assert "eyJ" not in page
    newest = client.get("/practice/messages.json").get_json()[0]
    assert (newest["title"], newest["direction"]) == ("Zugriffstoken geholt", "Werkzeug → LMS")


def test_a_copied_course_keeps_content_and_gets_new_links_and_empty_columns(
    client: FlaskClient, tool: FakeTool
) -> None:
    tool.score(COLUMN)
    assert client.post("/course/kurs-1/copy").status_code == 403
    client.post("/view-as", data={"person": "ines"})
    assert client.post("/course/kurs-9/copy").status_code == 404
    assert client.post("/course/kurs-1/copy").status_code == 303
    found = client.get("/practice/course.json").get_json()
    copied = found["courses"][-1]
    assert copied["history"] == ["kurs-1"]
    twins = [activity for activity in found["activities"] if activity["course_id"] == copied["id"]]
    assert len(twins) == 7
    assert twins[0]["history"] == ["rl-smart-city"]
    claims = tool.launch(f"/course/{twins[0]['id']}/launch")
    assert claims[LTI + "custom"]["module"] == "smart-city-verstehen"
    assert claims[LTI + "context"]["id"] == copied["id"]
    columns = client.get("/practice/gradebook.json").get_json()["line_items"]
    [column] = [column for column in columns if column["activity_id"] == twins[0]["id"]]
    assert (column["resource_id"], column["grades"]) == ("smart-city-verstehen", {})


def test_the_way_back_shows_the_tools_message_escaped(client: FlaskClient) -> None:
    page = client.get("/course/return?lti_errormsg=<script>x</script>").text
    assert "&lt;script&gt;x" in page
    assert 'target="_top"' in page


@pytest.mark.parametrize("path", ["/nichts", "/course/rl-x/launch", "/course/rl-x", "/deep-linking/x/launch"])
def test_a_page_that_is_not_there_says_so_in_german(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {404, 409}
    assert "<h1>Das ging nicht</h1>" in answer.text


def test_machines_get_their_errors_as_json(client: FlaskClient) -> None:
    for path in ("/services/nichts", "/practice/nichts", "/platform/token"):
        assert client.get(path).get_json()["status"] in {404, 405}
    assert client.post("/practice/settings", json={"farbe": "blau"}).status_code == 400
    assert client.post("/practice/settings", data="x").status_code == 400


def test_activities_and_settings_survive_a_restart(house: PracticeHouse) -> None:
    house.client.post("/practice/settings", json={"locale": "en"})
    house.client.post("/view-as", data={"person": "ines"})
    house.client.post("/course/kurs-2/copy")
    before = house.client.get("/practice/course.json").get_json()
    house.start(None)
    assert house.client.get("/practice/course.json").get_json() == before
    assert "selected>English" in house.client.get("/settings").text
