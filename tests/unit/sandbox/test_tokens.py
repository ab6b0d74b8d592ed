from __future__ import annotations

import pytest

from tests.unit.sandbox.fake_tool import AGS, ALL, KEYS, LMS, NRPS, FakeTool, SettableClock


def test_a_signed_assertion_brings_an_hour_of_access(tool: FakeTool) -> None:
    answer = tool.ask_token()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert set(body["scope"].split()) == set(ALL.split())


def test_unknown_scopes_are_left_out_and_none_left_is_an_error(tool: FakeTool) -> None:
    assert tool.ask_token(scope=f"{AGS}score erfunden").get_json()["scope"] == f"{AGS}score"
    answer = tool.ask_token(scope="erfunden")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "http://other.example/token"},
        {"aud": None},
        {"iss": "fremd"},
        {"sub": "fremd"},
        {"jti": None},
        {"exp": None},
        {"exp": 1},
        {"exp": "morgen"},
        {"exp": 9_999_999_999},
        {"iat": None},
        {"iat": 9_999_999_999},
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(tool: FakeTool, changes: dict[str, object]) -> None:
    answer = tool.ask_token(tool.assertion(**changes))
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_client")


def test_an_audience_may_be_a_list(tool: FakeTool) -> None:
    assert tool.ask_token(tool.assertion(aud=["x", f"{LMS}/platform/token"])).status_code == 200


def test_an_assertion_works_once(tool: FakeTool) -> None:
    assertion = tool.assertion()
    assert tool.ask_token(assertion).status_code == 200
    again = tool.ask_token(assertion)
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_client")
    assert "jti" in again.get_json()["error_description"]


def test_a_foreign_key_with_the_right_kid_is_refused(tool: FakeTool) -> None:
    known = tool.public_set()
    tool.key = KEYS[1]
    tool.jwks = known
    assert tool.ask_token().get_json()["error"] == "invalid_client"


def test_keys_are_read_once_and_again_after_a_rotation(tool: FakeTool) -> None:
    for _ in range(3):
        assert tool.ask_token().status_code == 200
    assert tool.fetches == 1
    tool.key, tool.kid = KEYS[1], "zwei"
    assert tool.ask_token().status_code == 200
    assert tool.fetches == 2


@pytest.mark.parametrize("jwks", [{}, [], {"keys": {}}, {"keys": [1, {"kty": "oct", "kid": "eins"}]}, "html"])
def test_a_broken_key_set_is_said_not_crashed_on(tool: FakeTool, jwks: object) -> None:
    tool.jwks = jwks
    assert tool.ask_token().get_json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"client_assertion": "kein.token"}, "invalid_request"),
        ({"client_assertion": "W10.W10.W10"}, "invalid_request"),
    ],
)
def test_a_malformed_request_is_refused(tool: FakeTool, changes: dict[str, str], error: str) -> None:
    answer = tool.ask_token(**changes)
    assert (answer.status_code, answer.get_json()["error"]) == (400, error)


def test_an_access_token_ends_after_an_hour(tool: FakeTool, clock: SettableClock) -> None:
    token = tool.ask_token().get_json()["access_token"]
    path = "/services/courses/kurs-1/memberships"
    headers = {"Authorization": f"Bearer {token}", "Accept": "*/*"}
    assert tool.client.get(path, headers=headers).status_code == 200
    clock.turn(seconds=3600)
    assert tool.client.get(path, headers=headers).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer falsch", "Basic abc"])
def test_services_ask_for_a_valid_token(tool: FakeTool, header: str) -> None:
    answer = tool.client.get("/services/courses/kurs-1/memberships", headers={"Authorization": header})
    assert (answer.status_code, answer.get_json()["status"]) == (401, 401)


def test_a_token_opens_only_what_its_scope_names(tool: FakeTool) -> None:
    assert tool.call("GET", f"{LMS}/services/courses/kurs-1/memberships", scope=f"{AGS}score").status_code == 403
    assert tool.call("POST", f"{LMS}/services/courses/kurs-1/lineitems", scope=NRPS).status_code == 403
    readonly = f"{AGS}lineitem.readonly"
    assert tool.call("POST", f"{LMS}/services/courses/kurs-1/lineitems", scope=readonly).status_code == 403
    assert tool.call("GET", f"{LMS}/services/courses/kurs-1/memberships?type_id=9").status_code == 403
