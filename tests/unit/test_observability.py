"""Logs that hold no person, no token and no whole address, whoever wrote the record."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import structlog

from lti_tool.observability import concern_registration, redacted, shortened, start_request

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI1In0.c2lnbmF0dXJl"


def clean(**event):
    return redacted(None, "info", event)


@pytest.mark.parametrize(
    "key",
    ["id_token", "state", "access_token", "client_assertion", "Cookie", "Authorization", "Set-Cookie", "name", "given_name",
     "email", "sub", "login_hint", "nonce"],
)  # fmt: skip
def test_what_is_secret_or_personal_by_its_name_is_removed(key):
    assert clean(**{key: "Erika"}) == {key: "[removed]"}


def test_an_invitation_in_an_address_is_removed():
    said = clean(event="GET /register/obfyqCKe8m6YK-h7Ajp5Utll1sFH4lrA/manual?lti=1.3")
    assert said == {"event": "GET /register/[removed]/manual?lti=1.3"}


def test_the_same_holds_deep_inside_a_value():
    event = clean(claims={"iss": "https://lms.example", "email": "e@x.de", "more": [{"given_name": "Erika"}]})
    assert event == {
        "claims": {"iss": "https://lms.example", "email": "[removed]", "more": [{"given_name": "[removed]"}]},
    }


def test_what_looks_like_a_token_is_shortened_in_any_text():
    event = clean(event=f"refused: {JWT} was bad")
    assert "eyJzdWIi" not in event["event"]
    assert event["event"].endswith("was bad")


def test_parameters_e_mails_and_passwords_in_texts_are_removed():
    event = clean(
        event="GET /lti/login?iss=https://lms.example&login_hint=77&state=abc",
        error="erika.muster@stadt.example at postgresql+psycopg://u:geheim@host/db",
    )
    assert event["event"] == "GET /lti/login?iss=https://lms.example&login_hint=[removed]&state=[removed]"
    assert "erika" not in event["error"]
    assert "geheim" not in event["error"]


def test_client_addresses_keep_their_network_only():
    assert clean(remote_addr="203.0.113.77", event="from 198.51.100.9 to 127.0.0.1:8000") == {
        "remote_addr": "203.0.113.0",
        "event": "from 198.51.100.0 to 127.0.0.1:8000",
    }
    assert shortened("2001:db8:1234:5678::1") == "2001:db8:1234::"
    assert shortened("not an address") == ""


def test_codes_and_ids_stay():
    event = {"code": "launch.replayed", "request_id": "abc12345", "registration_id": 3, "event": "refused"}
    assert clean(**event) == event


def test_a_request_gets_an_id_of_its_own_unless_a_plain_one_was_given():
    assert start_request("0123456789abcdef") == "0123456789abcdef"
    made = start_request("bad id\nwith a line")
    assert made.isalnum()
    concern_registration(7)
    assert structlog.contextvars.get_contextvars() == {"request_id": made, "registration_id": 7}
    assert start_request() != made
    assert "registration_id" not in structlog.contextvars.get_contextvars()
    structlog.contextvars.clear_contextvars()


def logged_by_a_process(form):
    program = f"""
import logging, structlog
from lti_tool.observability import configure_logging, start_request
configure_logging("info", {form!r})
start_request("0123456789abcdef")
structlog.get_logger("ours").info("ours", email="e@x.de")
logging.getLogger("urllib3").info("never shown")
try:
    raise ValueError("token {JWT}")
except ValueError:
    logging.getLogger("theirs").exception("theirs of %s", "e@x.de")
"""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr


def test_our_records_and_those_of_libraries_become_one_json_object_per_line():
    ours, theirs = [json.loads(line) for line in logged_by_a_process("json").splitlines()]
    assert (ours["event"], ours["email"], ours["request_id"]) == ("ours", "[removed]", "0123456789abcdef")
    assert (theirs["event"], theirs["level"]) == ("theirs of [e-mail removed]", "error")
    assert "ValueError: token eyJ…[removed]" in theirs["exception"]


def test_logs_for_people_hide_the_same():
    text = logged_by_a_process("text")
    assert "ours" in text
    assert "Traceback" in text
    assert "e@x.de" not in text
    assert "c2lnbmF0dXJl" not in text
