from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask.testing import FlaskClient

from tests.unit.sandbox.fake_tool import AGS, DL, LMS, LTI, NRPS, TOOL, FakeTool, SettableClock, form_of

CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"


def metadata(**changes: Any) -> dict[str, Any]:
    given = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{TOOL}/lti/login",
        "redirect_uris": [f"{TOOL}/lti/launch"],
        "client_name": "Zweites <Werkzeug>",
        "jwks_uri": f"{TOOL}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{AGS}score {NRPS} erfunden",
        CONFIGURATION: {
            "domain": "127.0.0.1:8000",
            "target_link_uri": f"{TOOL}/lti/launch",
            "custom_parameters": {"origin": "registration"},
            "messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL}/lti/launch?pick"}],
        },
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def configured(**changes: Any) -> dict[str, Any]:
    base = metadata()[CONFIGURATION]
    return metadata(**{CONFIGURATION: {k: v for k, v in {**base, **changes}.items() if v is not None}})


def invite(client: FlaskClient, url: str = f"{TOOL}/lti/register?invitation=x#ende") -> dict[str, list[str]]:
    """Paste a registration URL and return the query with which the frame opens it."""
    client.post("/view-as", data={"person": "adem"})
    page = client.post("/registration/start", data={"url": url})
    assert page.status_code == 200
    source = re.search(r'<iframe[^>]+src="([^"]+)"', page.text)
    assert source
    assert f"frame-src 'self' {TOOL}" in page.headers["Content-Security-Policy"]
    return parse_qs(urlsplit(unescape(source[1])).query)


def register(client: FlaskClient, token: str, body: Any) -> Any:
    return client.post("/platform/register", json=body, headers={"Authorization": f"Bearer {token}"})


def test_a_tool_registers_waits_and_can_be_used_once_activated(client: FlaskClient, tool: FakeTool) -> None:
    query = invite(client)
    assert query["invitation"] == ["x"]
    [address] = query["openid_configuration"]
    endpoint = client.get(address).get_json()["registration_endpoint"]
    assert endpoint == f"{LMS}/platform/register"
    [token] = query["registration_token"]
    answer = register(client, token, metadata())
    assert answer.status_code == 200
    registered = answer.get_json()
    assert re.fullmatch(r"[A-Za-z0-9]{15}", registered["client_id"])
    assert registered[CONFIGURATION]["deployment_id"] == "2"
    assert set(registered["scope"].split()) == {f"{AGS}score", NRPS}
    client_id = registered["client_id"]
    new_dialogue = f"/deep-linking/new?course=kurs-1&tool={client_id}"
    page = client.get("/registration").text
    assert "wartet auf Aktivierung" in page
    assert "Zweites &lt;Werkzeug&gt;" in page
    assert client.get(new_dialogue).status_code == 404
    assert tool.ask_token(tool.assertion(iss=client_id, sub=client_id)).status_code == 400

    assert client.post(f"/registration/{client_id}/activate").status_code == 303
    granted = tool.ask_token(tool.assertion(iss=client_id, sub=client_id), scope=f"{AGS}lineitem {AGS}score")
    assert granted.get_json()["scope"] == f"{AGS}score"
    dialogue = re.search(r'<iframe[^>]+src="([^"]+)"', client.get(new_dialogue).text)
    assert dialogue
    _, login = form_of(client.get(dialogue[1]))
    assert (login["client_id"], login["lti_deployment_id"]) == (client_id, "2")
    _, fields = form_of(tool.ask_login(login))
    claims = jwt.decode(fields["id_token"], options={"verify_signature": False})
    assert claims["aud"] == client_id
    assert claims[LTI + "target_link_uri"] == f"{TOOL}/lti/launch?pick"
    assert claims[LTI + "custom"] == {"origin": "registration"}
    assert DL + "deep_linking_settings" in claims


def test_a_registration_token_lets_one_tool_in(client: FlaskClient) -> None:
    [token] = invite(client)["registration_token"]
    assert register(client, token, metadata(jwks_uri=None)).status_code == 400
    assert register(client, token, metadata()).status_code == 200
    assert register(client, token, metadata()).status_code == 401
    assert client.post("/platform/register", json=metadata()).status_code == 401


def test_a_registration_token_ends_after_an_hour(client: FlaskClient, clock: SettableClock) -> None:
    [token] = invite(client)["registration_token"]
    clock.turn(hours=1)
    assert register(client, token, metadata()).status_code == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (metadata(client_name=None), "missing required attribute client_name"),
        (metadata(initiate_login_uri=None), "missing required attribute initiate_login_uri"),
        (metadata(initiate_login_uri="javascript:alert(1)"), "initiate_login_uri is no web address"),
        (metadata(redirect_uris=f"{TOOL}/lti/launch"), "missing required attribute redirect_uris"),
        (metadata(redirect_uris=["javascript:alert(1)"]), "missing required attribute redirect_uris"),
        (metadata(jwks_uri="http://localhost:9/jwks"), "jwks_uri is not on the tool's domain"),
        (metadata(response_types=["code"]), "invalid_response_types"),
        (metadata(token_endpoint_auth_method="none"), "invalid_token_endpoint_auth_method"),
        (metadata(application_type="native"), "invalid_application_type"),
        (metadata(**{CONFIGURATION: None}), "missing required attribute lti-tool-configuration"),
        (configured(domain=None), "missing_domain"),
        (configured(domain="127.0.0.1"), "domain_targetlinkuri_mismatch"),
        (configured(messages=[{}]), "every message needs a type"),
        (configured(custom_parameters=[]), "custom_parameters is no object"),
        ([], "missing required attribute client_name"),
    ],
)
def test_wrong_client_metadata_is_refused_in_moodles_words(client: FlaskClient, body: Any, reason: str) -> None:
    [token] = invite(client)["registration_token"]
    answer = register(client, token, body)
    assert answer.status_code == 400
    assert answer.get_json() == {"error": "invalid_client_metadata", "error_description": reason}


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "file:///etc/passwd", "http://", "https://a:b@tool.example/"]
)
def test_only_a_web_address_can_be_pasted(client: FlaskClient, url: str) -> None:
    client.post("/view-as", data={"person": "adem"})
    assert client.post("/registration/start", data={"url": url}).status_code == 400


def test_only_the_administration_may_add_tools(client: FlaskClient) -> None:
    for person in ("lea", "ines"):
        client.post("/view-as", data={"person": person})
        assert client.post("/registration/start", data={"url": TOOL}).status_code == 403
        assert client.post("/registration/x/activate").status_code == 403
        assert 'name="url"' not in client.get("/registration").text
    client.post("/view-as", data={"person": "adem"})
    assert client.post("/registration/x/activate").status_code == 404
