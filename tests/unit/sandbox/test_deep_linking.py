from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.sandbox.fake_tool import DL, KEYS, LTI, TOOL, FakeTool, form_of

ITEM = {
    "type": "ltiResourceLink",
    "title": "Datenrecht",
    "text": "Sechs Seiten",
    "custom": {"content": "module", "module": "datenrecht"},
    "lineItem": {"scoreMaximum": 50, "label": "Quiz", "resourceId": "datenrecht", "tag": "module"},
    "window": {},
}
TRACKER = {"type": "ltiResourceLink", "title": "Stand", "custom": {"content": "tracker"}}


def open_dialog(client: FlaskClient, tool: FakeTool, query: str = "") -> dict[str, Any]:
    """Open the dialogue as instructor and return the settings the tool receives."""
    client.post("/view-as", data={"person": "ines"})
    page = client.get(f"/deep-linking/new?course=kurs-1{query}")
    source = re.search(r'<iframe[^>]+src="([^"]+)"', page.text)
    assert source
    claims = tool.launch(source[1])
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    settings: dict[str, Any] = claims[DL + "deep_linking_settings"]
    return settings


def hand_back(client: FlaskClient, settings: dict[str, Any], token: str) -> TestResponse:
    path = urlsplit(settings["deep_link_return_url"]).path
    return client.post(path, data={"JWT": token}, headers={"Origin": TOOL})


def course(client: FlaskClient) -> Any:
    return client.get("/practice/course.json").get_json()["activities"]


def test_several_items_become_activities_with_columns(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool)
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert (settings["accept_multiple"], settings["accept_lineitem"]) == (True, True)
    before = len(course(client))
    answer = hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM, TRACKER])))
    assert answer.status_code == 200
    assert "2 Aktivitäten wurden angelegt" in answer.text
    first, second = course(client)[before:]
    assert (first["title"], first["text"], first["new_window"]) == ("Datenrecht", "Sechs Seiten", True)
    assert first["id"] != second["id"]
    claims = tool.launch(f"/course/{first['id']}/launch")
    assert claims[LTI + "custom"] == {"content": "module", "module": "datenrecht"}
    columns = client.get("/practice/gradebook.json").get_json()["line_items"]
    [column] = [column for column in columns if column["activity_id"] == first["id"]]
    assert (column["label"], column["score_maximum"], column["resource_id"]) == ("Quiz", 50, "datenrecht")
    assert not [column for column in columns if column["activity_id"] == second["id"]]


def test_a_dialogue_answers_once(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool)
    assert hand_back(client, settings, tool.sign(tool.selection(settings, []))).status_code == 200
    again = hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM])))
    assert again.status_code == 409
    assert "noch einmal" in again.text


def test_an_empty_selection_shows_the_message_escaped(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool)
    token = tool.sign(tool.selection(settings, [], **{DL + "msg": "<b>Abbruch</b>"}))
    page = hand_back(client, settings, token).text
    assert "nichts ausgewählt" in page
    assert "&lt;b&gt;Abbruch" in page


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "fremd"),
        ("aud", "http://other.example"),
        ("nonce", None),
        ("exp", 1),
        (LTI + "message_type", "LtiResourceLinkRequest"),
        (LTI + "version", "1.1"),
        (LTI + "deployment_id", "2"),
        (LTI + "deployment_id", None),
        (DL + "data", "anders"),
        (DL + "data", None),
    ],
)
def test_a_response_with_a_wrong_claim_creates_nothing(
    client: FlaskClient, tool: FakeTool, claim: str, value: Any
) -> None:
    settings = open_dialog(client, tool)
    before = course(client)
    answer = hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM], **{claim: value})))
    assert answer.status_code == 400
    assert course(client) == before


def test_a_nonce_works_in_one_dialogue_only(client: FlaskClient, tool: FakeTool) -> None:
    first = open_dialog(client, tool)
    assert hand_back(client, first, tool.sign(tool.selection(first, [], nonce="eins"))).status_code == 200
    second = open_dialog(client, tool)
    assert hand_back(client, second, tool.sign(tool.selection(second, [], nonce="eins"))).status_code == 400


def test_a_forged_response_creates_nothing(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool)
    tool.jwks = tool.public_set()
    tool.key = KEYS[1]
    assert hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM]))).status_code == 400
    assert hand_back(client, settings, "").status_code == 400


@pytest.mark.parametrize(
    "item",
    [
        {**ITEM, "type": "link"},
        {**ITEM, "title": 5},
        {**ITEM, "url": "https://evil.example/"},
        {**ITEM, "custom": {"a": {"b": "c"}}},
        {**ITEM, "custom": ["a"]},
        {**ITEM, "lineItem": {"scoreMaximum": 0}},
        {**ITEM, "lineItem": {"scoreMaximum": True}},
        {**ITEM, "lineItem": []},
        "kein Objekt",
    ],
)
def test_one_wrong_item_refuses_all(client: FlaskClient, tool: FakeTool, item: Any) -> None:
    settings = open_dialog(client, tool)
    before = course(client)
    answer = hand_back(client, settings, tool.sign(tool.selection(settings, [TRACKER, item])))
    assert answer.status_code == 400
    assert "Inhalt 2" in answer.text
    assert course(client) == before


def test_a_dialogue_may_want_one_item_without_a_column(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool, "&multiple=0&lineitem=0")
    assert (settings["accept_multiple"], settings["accept_lineitem"]) == (False, False)
    assert hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM, ITEM]))).status_code == 400
    columns = client.get("/practice/gradebook.json").get_json()
    assert hand_back(client, settings, tool.sign(tool.selection(settings, [ITEM]))).status_code == 200
    assert client.get("/practice/gradebook.json").get_json() == columns


def test_learners_do_not_see_the_dialogue_but_may_try_its_launch(client: FlaskClient, tool: FakeTool) -> None:
    assert client.get("/deep-linking/new?course=kurs-1").status_code == 403
    settings = open_dialog(client, tool)
    client.post("/view-as", data={"person": "lea"})
    path = urlsplit(settings["deep_link_return_url"]).path.replace("/return", "/launch")
    _, login = form_of(client.get(path))
    assert "id_token" in form_of(tool.ask_login(login))[1]


def test_a_review_address_from_the_picker_is_used(client: FlaskClient, tool: FakeTool) -> None:
    settings = open_dialog(client, tool)
    review = {"url": f"{TOOL}/lti/launch?review", "custom": {"view": "review"}}
    item = {**ITEM, "lineItem": {**ITEM["lineItem"], "submissionReview": review}}
    hand_back(client, settings, tool.sign(tool.selection(settings, [item])))
    claims = tool.launch(f"/course/{course(client)[-1]['id']}/review/lea/launch")
    assert claims[LTI + "target_link_uri"] == f"{TOOL}/lti/launch?review"
    assert claims[LTI + "custom"]["view"] == "review"
