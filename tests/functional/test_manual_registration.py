"""Registration by hand over HTTP: our values before there is a registration, theirs tried before they are stored."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from lti_tool.domain.errors import Code
from lti_tool.lti.errors import AddressForbidden, TimedOut, Unreachable
from tests.factories.network import Network, reply
from tests.factories.platform_key import PlatformKey
from tests.factories.registration import LMS, Registrar
from tests.functional.conftest import BASE_URL, running_tool
from tests.functional.rows import assert_refused

KEYS = f"{LMS}/mod/lti/certs.php"
TOKENS = f"{LMS}/mod/lti/token.php"
VALUES = {
    "product": "moodle",
    "issuer": LMS,
    "client_id": "typed-client",
    "deployment_id": "12",
    "jwks_url": KEYS,
    "auth_token_url": TOKENS,
    "auth_login_url": f"{LMS}/mod/lti/auth.php",
}


@pytest.fixture
def registrar(database_url: str) -> Iterator[Registrar]:
    """An LMS whose keys and token endpoint answer as Moodle's do."""
    network = Network()
    network.serve_json(KEYS, PlatformKey().jwks())
    network.serve_json(TOKENS, {"error": "unsupported_grant_type"}, 400)
    with running_tool(database_url, http=network) as tool:
        yield Registrar(tool, network)


def show(registrar, token):
    return registrar.tool.client.get(f"/register/{token}/manual", base_url=BASE_URL)


def save(registrar, token, **changed):
    return registrar.tool.client.post(f"/register/{token}/manual", data={**VALUES, **changed}, base_url=BASE_URL)


def test_all_values_are_there_before_any_registration_in_the_words_of_both_lms(registrar):
    page = show(registrar, registrar.invite()).text
    for path in ("/lti/launch", "/lti/login", "/lti/jwks", "/lti/icon.svg"):
        assert f">{BASE_URL}{path}</code>" in page
    moodle = [
        page.index(f">{label}") for label in ("Name des Tools", "Öffentlicher Schlüsselsatz", "Umleitungs-URI(s)")
    ]
    ilias = [page.index(f">{label}") for label in ("Login URL", "Initiate Login URL", "Redirection URIs")]
    assert moodle == sorted(moodle)
    assert ilias == sorted(ilias)
    assert page.count("data-copy=") == page.count('<code class="value"')


def test_addresses_that_answer_are_stored_and_the_invitation_is_used_up(registrar):
    token = registrar.invite()
    saved = save(registrar, token)
    assert saved.status_code == 200, saved.text
    (made,) = registrar.registrations()
    assert (made.name, made.issuer, made.client_id) == ("Moodle der Stadt Olpe", LMS, "typed-client")
    assert (made.jwks_url, made.auth_token_url, made.auth_login_url) == (KEYS, TOKENS, f"{LMS}/mod/lti/auth.php")
    assert registrar.deployments(made.id) == {"12": True}
    assert_refused(show(registrar, token), Code.DR_TOKEN_INVALID)
    assert_refused(save(registrar, token), Code.DR_TOKEN_INVALID)


@pytest.mark.parametrize(
    ("url", "result", "sentence"),
    [
        (KEYS, Unreachable("gone"), "nicht zu erreichen"),
        (KEYS, TimedOut("slow"), "innerhalb von fünf Sekunden"),
        (KEYS, AddressForbidden("inside"), "Hausnetz"),
        (KEYS, reply(b"<html>", 404), "gibt es nichts"),
        (KEYS, reply(b"<html>"), "kein Schlüsselsatz"),
        (KEYS, reply({"keys": [{"kty": "oct", "kid": "1"}]}), "keinen brauchbaren Schlüssel"),
        (TOKENS, reply(b"<html>Login error</html>", 400), "keine Ausgabestelle"),
        (TOKENS, reply(b"welcome", 200), "keine Ausgabestelle"),
        (TOKENS, reply({"error": "not found"}, 404), "gibt es nichts"),
        (TOKENS, TimedOut("slow"), "innerhalb von fünf Sekunden"),
    ],
    ids=lambda part: part if isinstance(part, str) and " " in part else "",
)
def test_an_address_that_does_not_work_is_named_beside_its_field_and_nothing_is_stored(
    registrar, url, result, sentence
):
    registrar.network.serve(url, result)
    token = registrar.invite()
    page = save(registrar, token)
    assert page.status_code == 422
    field = "jwks_url" if url == KEYS else "auth_token_url"
    finding = page.text.split(f'id="{field}-fault">')[1].split("</p>")[0]
    assert sentence in finding
    assert f'value="{TOKENS}"' in page.text, "what was typed stays"
    assert registrar.registrations() == []
    assert show(registrar, token).status_code == 200


def test_the_error_of_an_older_ilias_counts_as_a_token_endpoint(registrar):
    registrar.network.serve(TOKENS, reply(b"ERROR_OPEN_SSL_CONF", 500))
    assert save(registrar, registrar.invite()).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", ""),
        ("issuer", "moodle.olpe.example"),
        ("jwks_url", "http://moodle.olpe.example/certs"),
        ("auth_login_url", "javascript:alert(1)"),
        ("auth_token_url", f"{LMS}/{'x' * 2000}"),
        ("client_id", "x" * 256),
        ("deployment_id", "\x00"),
        ("client_id", "<script>alert(1)</script>\x07"),
    ],
)
def test_what_cannot_be_right_is_said_without_asking_the_platform(registrar, field, value):
    page = save(registrar, registrar.invite(), **{field: value})
    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text
    assert "<script>alert" not in page.text
    assert registrar.network.calls == []


def test_the_empty_question_for_a_token_names_nobody(registrar):
    save(registrar, registrar.invite())
    (question,) = (call for call in registrar.network.calls if call.url == TOKENS)
    assert (question.method, question.form) == ("POST", {"grant_type": "client_credentials"})
    assert "Authorization" not in question.headers


def test_a_platform_that_is_there_already_is_not_taken_over(registrar):
    save(registrar, registrar.invite())
    registrar.network.serve_json(f"{LMS}/other", PlatformKey().jwks())
    assert_refused(save(registrar, registrar.invite(), jwks_url=f"{LMS}/other"), Code.DR_DUPLICATE)
    assert [made.jwks_url for made in registrar.registrations()] == [KEYS]


def test_no_other_page_may_frame_the_form_or_learn_its_address(registrar):
    page = show(registrar, registrar.invite())
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert html.escape(BASE_URL) in page.text
