from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.unit.sandbox.fake_tool import AGS, CLIENT, LMS, LTI, TOOL, FakeTool, SettableClock, form_of

AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def begin(client: FlaskClient, path: str = "/course/rl-smart-city/launch") -> dict[str, str]:
    return form_of(client.get(path))[1]


def test_a_click_in_the_course_posts_the_login_initiation_to_the_tool(client: FlaskClient) -> None:
    action, fields = form_of(client.get("/course/rl-smart-city/launch"))
    assert action == f"{TOOL}/lti/login"
    assert fields.pop("lti_message_hint")
    assert fields == {
        "iss": LMS,
        "target_link_uri": f"{TOOL}/lti/launch",
        "login_hint": "lea",
        "client_id": CLIENT,
        "lti_deployment_id": "1",
    }


def test_the_token_names_person_course_link_content_and_services(tool: FakeTool, clock: SettableClock) -> None:
    claims = tool.launch()
    now = int(clock().timestamp())
    assert (claims["iat"], claims["exp"]) == (now, now + 60)
    assert claims["nonce"].startswith("nonce-")
    assert "azp" not in claims
    assert (claims["sub"], claims["name"], claims["email"]) == ("lea", "Lea Lernfeld", "lea.lernfeld@uebung.example")
    assert claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "message_type"] == "LtiResourceLinkRequest"
    assert claims[LTI + "deployment_id"] == "1"
    assert claims[LTI + "target_link_uri"] == f"{TOOL}/lti/launch"
    assert claims[LTI + "roles"] == [ROLE + "Learner"]
    assert claims[LTI + "context"]["title"] == "Lehrgang Smart City (Übung)"
    assert claims[LTI + "resource_link"]["id"] == "rl-smart-city"
    assert claims[LTI + "custom"] == {"content": "module", "module": "smart-city-verstehen"}
    assert claims[LTI + "launch_presentation"] == {
        "locale": "de",
        "document_target": "iframe",
        "return_url": f"{LMS}/course/return?course=kurs-1",
    }
    assert claims[AGS_CLAIM] == {
        "scope": sorted(AGS + name for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")),
        "lineitems": f"{LMS}/services/courses/kurs-1/lineitems?type_id=1",
        "lineitem": f"{LMS}/services/courses/kurs-1/lineitems/li-smart-city/lineitem?type_id=1",
    }
    assert claims[NRPS_CLAIM]["context_memberships_url"] == f"{LMS}/services/courses/kurs-1/memberships"


def test_a_link_without_grade_names_no_line_item(tool: FakeTool) -> None:
    claims = tool.launch("/course/rl-stand/launch", target="window")
    assert "lineitem" not in claims[AGS_CLAIM]
    assert claims[LTI + "custom"] == {"content": "tracker"}
    assert claims[LTI + "launch_presentation"]["document_target"] == "window"


def test_the_administrator_carries_moodles_three_roles(tool: FakeTool) -> None:
    roles = tool.launch(person="adem")[LTI + "roles"]
    assert [role.rpartition("/")[2] for role in roles] == [
        "person#Administrator",
        "membership#Instructor",
        "person#Administrator",
    ]


def test_the_person_without_name_has_neither_name_nor_e_mail(tool: FakeTool) -> None:
    claims = tool.launch(person="ohne-namen")
    assert claims["sub"] == "ohne-namen"
    assert not {"name", "given_name", "family_name", "email"} & claims.keys()


def test_the_privacy_switch_keeps_names_and_e_mail_back(client: FlaskClient, tool: FakeTool) -> None:
    client.post("/practice/settings", json={"share_names": False, "locale": "en"})
    claims = tool.launch()
    assert "name" not in claims
    assert claims["email"]
    assert claims[LTI + "launch_presentation"]["locale"] == "en"
    client.post("/settings", data={"share_names": "on", "locale": "xx"})
    claims = tool.launch()
    assert claims["name"]
    assert "email" not in claims
    assert claims[LTI + "launch_presentation"]["locale"] == "de"


def test_a_submission_review_names_the_learner_and_is_for_instructors(client: FlaskClient, tool: FakeTool) -> None:
    path = "/course/rl-smart-city/review/tom"
    assert client.get(f"{path}/launch").status_code == 403
    client.post("/view-as", data={"person": "ines"})
    assert f"{path}/launch" in client.get(path).text
    claims = tool.launch(f"{path}/launch")
    assert claims[LTI + "message_type"] == "LtiSubmissionReviewRequest"
    assert claims[LTI + "for_user"] == {"user_id": "tom"}
    assert claims["sub"] == "ines"


def test_a_message_hint_opens_one_launch_only(client: FlaskClient, tool: FakeTool) -> None:
    login = begin(client)
    assert "id_token" in form_of(tool.ask_login(login))[1]
    _, fields = form_of(tool.ask_login(login))
    assert fields["error"] == "invalid_request"
    assert fields["state"] == "zustand"
    assert "id_token" not in fields


def test_a_refused_request_does_not_use_up_the_hint(client: FlaskClient, tool: FakeTool) -> None:
    login = begin(client)
    assert "error" in form_of(tool.ask_login(login, login_hint="tom"))[1]
    assert "id_token" in form_of(tool.ask_login(login))[1]


def test_a_message_hint_expires(client: FlaskClient, tool: FakeTool, clock: SettableClock) -> None:
    login = begin(client)
    clock.turn(minutes=31)
    assert form_of(tool.ask_login(login))[1]["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("scope", "openid profile", "invalid_scope"),
        ("response_type", "code", "unsupported_response_type"),
        ("response_mode", "query", "invalid_request"),
        ("prompt", "login", "invalid_request"),
        ("nonce", "", "invalid_request"),
        ("client_id", "fremd", "unauthorized_client"),
        ("lti_message_hint", "erfunden", "invalid_request"),
        ("login_hint", "tom", "access_denied"),
    ],
)
def test_a_wrong_authentication_request_is_answered_with_an_oauth_error(
    client: FlaskClient, tool: FakeTool, field: str, value: str, error: str
) -> None:
    action, fields = form_of(tool.ask_login(begin(client), **{field: value}))
    assert action == f"{TOOL}/lti/launch"
    assert fields["error"] == error
    assert "id_token" not in fields


@pytest.mark.parametrize("uri", ["", f"{TOOL}/lti/launch/", f"{TOOL}/lti/launch?x=1", "https://evil.example/"])
def test_nothing_is_posted_to_an_address_that_is_not_registered(client: FlaskClient, tool: FakeTool, uri: str) -> None:
    answer = tool.ask_login(begin(client), redirect_uri=uri)
    assert answer.status_code == 400
    assert "<form" not in answer.text


def test_whoever_switched_person_meanwhile_is_refused(client: FlaskClient, tool: FakeTool) -> None:
    login = begin(client)
    client.post("/view-as", data={"person": "tom"})
    assert form_of(tool.ask_login(login))[1]["error"] == "access_denied"
    assert form_of(tool.ask_login(login, login_hint="tom"))[1]["error"] == "access_denied"


def test_a_request_without_cookie_posts_itself_once_more_and_sets_none(client: FlaskClient, tool: FakeTool) -> None:
    login = begin(client)
    cookie = client.get_cookie("uebung_person")
    assert cookie is not None
    client.delete_cookie("uebung_person")
    first = tool.ask_login(login)
    assert "Set-Cookie" not in first.headers
    action, fields = form_of(first)
    assert action == f"{LMS}/platform/auth"
    assert form_of(client.post("/platform/auth", data=fields))[1]["error"] == "login_required"
    client.set_cookie("uebung_person", cookie.value)
    assert "id_token" in form_of(client.post("/platform/auth", data=fields))[1]
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


def test_the_configuration_leads_to_every_endpoint(client: FlaskClient) -> None:
    found = client.get("/.well-known/openid-configuration").get_json()
    assert found["issuer"] == LMS
    assert found["authorization_endpoint"] == f"{LMS}/platform/auth"
    for name in ("token_endpoint", "registration_endpoint"):
        assert client.get(found[name]).status_code == 405
    assert set(client.get(found["jwks_uri"]).get_json()["keys"][0]) == {"kty", "n", "e", "kid", "alg", "use"}


def test_substitution_variables_are_replaced_and_unknown_ones_stay(client: FlaskClient, tool: FakeTool) -> None:
    client.post("/view-as", data={"person": "ines"})
    state = client.application.extensions["practice_lms"].state
    link = state.activities.get("rl-stand")
    link.custom.update(person="$User.id", unknown="$Foo.bar", course="$Context.title")
    custom = tool.launch("/course/rl-stand/launch")[LTI + "custom"]
    assert (custom["person"], custom["unknown"]) == ("ines", "$Foo.bar")
    assert custom["course"] == "Lehrgang Smart City (Übung)"
