"""The table of dynamic registrations (rows R1 to R16) over HTTP, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lti_tool.db.models import Invitation
from lti_tool.domain.errors import Code
from lti_tool.lti.errors import TimedOut, TooLarge, Unreachable
from lti_tool.lti.http import OutgoingHTTP
from lti_tool.lti.ports import Answer
from lti_tool.services.audit import Action, Who, read_audit_log
from tests.factories.network import Network, reply
from tests.factories.registration import (
    CONFIGURATION,
    LMS,
    REGISTER,
    REGISTRATION_TOKEN,
    ROSTER,
    SCOPE,
    TOOL_CLAIM,
    Registrar,
    answer,
    configuration,
    moodles_token,
)
from tests.functional.conftest import BASE_URL, running_tool
from tests.functional.rows import assert_refused


@pytest.fixture
def registrar(database_url: str) -> Iterator[Registrar]:
    network = Network()
    with running_tool(database_url, http=network) as tool:
        yield Registrar(tool, network)


@pytest.fixture
def guarded(database_url: str) -> Iterator[Registrar]:
    """The same with the real door for outgoing calls."""
    with running_tool(database_url, http=OutgoingHTTP("test", frozenset())) as tool:
        yield Registrar(tool)


def nothing_was_stored(registrar: Registrar) -> bool:
    with registrar.tool.app.extensions["smartcity"].sessions() as session:
        used = session.query(Invitation).filter(Invitation.used_at.is_not(None)).count()
    return not registrar.registrations() and not used


@pytest.mark.parametrize("spoilt", ["none", "wrong", "expired", "revoked", "used"], ids=lambda case: f"R1-{case}")
def test_an_invitation_that_does_not_hold_is_refused_before_anything_is_fetched(registrar, spoilt):
    registrar.serve()
    token = registrar.invite(lifetime=timedelta(days=1))
    sessions = registrar.tool.app.extensions["smartcity"].sessions
    if spoilt == "expired":
        registrar.tool.clock.turn(days=1)
    if spoilt == "revoked":
        with sessions.begin() as session:
            session.query(Invitation).update({"revoked_at": registrar.tool.clock()})
    if spoilt == "used":
        assert registrar.confirm(token, registrar.page(token)).status_code == 200
        registrar.network.calls.clear()
    given = {"none": "", "wrong": "x" * 32}.get(spoilt, token)
    assert_refused(registrar.open(given), Code.DR_TOKEN_INVALID)
    assert registrar.network.calls == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        pytest.param(None, Code.DR_MISSING_CONFIGURATION, id="R2"),
        pytest.param("", Code.DR_MISSING_CONFIGURATION, id="R2-empty"),
        pytest.param("http://moodle.olpe.example/config", Code.DR_BAD_URL, id="R3-http"),
        pytest.param("file:///etc/passwd", Code.DR_BAD_URL, id="R3-file"),
        pytest.param("ftp://moodle.olpe.example/config", Code.DR_BAD_URL, id="R3-ftp"),
        pytest.param("https://admin:secret@moodle.olpe.example/config", Code.DR_BAD_URL, id="R3-credentials"),
        pytest.param("https://moodle.olpe.example:port/", Code.DR_BAD_URL, id="R3-port"),
        pytest.param("https://moodle.olpe.example/\u202econfig", Code.DR_BAD_URL, id="R3-odd"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_fetched(registrar, url, code):
    token = registrar.invite()
    assert_refused(registrar.open(token, url), code)
    assert registrar.network.calls == []


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://localhost/config", id="R4-name-of-loopback"),
        pytest.param("https://127.0.0.1/config", id="R4-loopback"),
        pytest.param("https://[::1]/config", id="R4-loopback-6"),
        pytest.param("https://[::ffff:10.0.0.1]/config", id="R4-mapped"),
        pytest.param("https://10.1.2.3/config", id="R4-private"),
        pytest.param("https://169.254.169.254/latest/meta-data", id="R4-metadata"),
        pytest.param("https://[fe80::1]/config", id="R4-link-local"),
    ],
)
def test_an_address_inside_is_refused_unless_the_invitation_allows_its_host(guarded, url):
    token = guarded.invite("moodle.intern.example")
    assert_refused(guarded.open(token, url), Code.DR_ADDRESS_FORBIDDEN)


class _Inside(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "https://10.0.0.1/latest/meta-data")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>an LMS inside the house</html>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def inside() -> Iterator[str]:
    """A server on a private address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Inside)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("row", ["R5"])
def test_a_redirect_passes_the_guard_again(guarded, inside, row):
    token = guarded.invite("localhost")
    assert_refused(guarded.open(token, f"{inside}/away"), Code.DR_ADDRESS_FORBIDDEN)
    assert_refused(guarded.open(token, f"{inside}/page"), Code.DR_PLATFORM_UNREACHABLE)  # reached, but no JSON


@pytest.mark.parametrize(
    ("result", "code"),
    [
        pytest.param(TimedOut("slow"), Code.DR_PLATFORM_TIMEOUT, id="R6-timeout"),
        pytest.param(TooLarge("big"), Code.DR_PLATFORM_UNREACHABLE, id="R6-large"),
        pytest.param(Unreachable("gone"), Code.DR_PLATFORM_UNREACHABLE, id="R6-gone"),
        pytest.param(reply(b"<html>"), Code.DR_PLATFORM_UNREACHABLE, id="R6-html"),
        pytest.param(reply(b"[" * 100_000), Code.DR_PLATFORM_UNREACHABLE, id="R6-nested"),
        pytest.param(reply([1]), Code.DR_PLATFORM_UNREACHABLE, id="R6-list"),
        pytest.param(reply(configuration(), 500), Code.DR_PLATFORM_UNREACHABLE, id="R6-500"),
        pytest.param(reply(configuration("https://evil.example")), Code.DR_ISSUER_MISMATCH, id="R7"),
        pytest.param(reply(configuration(issuer=None)), Code.DR_ISSUER_MISMATCH, id="R7-none"),
        pytest.param(reply(configuration(issuer=7)), Code.DR_ISSUER_MISMATCH, id="R7-number"),
        pytest.param(reply(configuration(issuer=f"{LMS}.evil.example")), Code.DR_ISSUER_MISMATCH, id="R7-suffix"),
        pytest.param(reply(configuration(registration_endpoint=None)), Code.DR_BAD_ENDPOINT, id="R8-registration"),
        pytest.param(reply(configuration(token_endpoint=None)), Code.DR_BAD_ENDPOINT, id="R8-token"),
        pytest.param(reply(configuration(jwks_uri=None)), Code.DR_BAD_ENDPOINT, id="R8-jwks"),
        pytest.param(reply(configuration(authorization_endpoint=["x"])), Code.DR_BAD_ENDPOINT, id="R8-auth"),
        pytest.param(reply(configuration(jwks_uri="http://moodle.olpe.example/")), Code.DR_BAD_ENDPOINT, id="R8-http"),
        pytest.param(reply(configuration(jwks_uri=f"{LMS}/{'x' * 2000}")), Code.DR_BAD_ENDPOINT, id="R8-long"),
        pytest.param(
            reply(configuration(id_token_signing_alg_values_supported=["HS256"])), Code.DR_UNSUPPORTED, id="R9-alg"
        ),
        pytest.param(
            reply(configuration(token_endpoint_auth_methods_supported=["client_secret_basic"])),
            Code.DR_UNSUPPORTED,
            id="R9-method",
        ),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused(registrar, result, code):
    token = registrar.invite()
    registrar.network.serve(CONFIGURATION, result)
    assert_refused(registrar.open(token), code)
    assert nothing_was_stored(registrar)


@pytest.mark.parametrize("row", ["R8-other-host"])
def test_endpoints_on_another_host_need_a_consent_of_their_own(registrar, row):
    registrar.serve(token_endpoint="https://sso.example/token")
    token = registrar.invite()
    page = registrar.open(token)
    assert '<code class="value">sso.example</code>' in page.text
    form = registrar.page(token)
    assert_refused(registrar.confirm(token, form), Code.DR_BAD_ENDPOINT)
    assert registrar.network.asked(REGISTER) == 0
    assert registrar.confirm(token, {**form, "consent": "foreign-hosts"}).status_code == 200
    assert registrar.registrations()[0].auth_token_url == "https://sso.example/token"


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        pytest.param(reply(b"domain_targetlinkuri_mismatch", 400), Code.DR_REFUSED, "mismatch", id="R10-400"),
        pytest.param(reply({"error": "<b>invalid</b>"}, 401), Code.DR_REFUSED, "&lt;b&gt;invalid", id="R10-401"),
        pytest.param(
            reply({"error": REGISTRATION_TOKEN, "error_description": 5}, 500), Code.DR_REFUSED, "…", id="R10-500"
        ),
        pytest.param(reply(b"<html>oh</html>", 404), Code.DR_REFUSED, "HTTP 404", id="R10-html"),
        pytest.param(Answer(302, {"location": "https://evil.example"}, b""), Code.DR_REFUSED, "302", id="R10-redirect"),
        pytest.param(TimedOut("slow"), Code.DR_PLATFORM_TIMEOUT, "", id="R10-timeout"),
        pytest.param(reply(answer(client_id=None)), Code.DR_BAD_RESPONSE, "", id="R11"),
        pytest.param(reply(answer(client_id="")), Code.DR_BAD_RESPONSE, "", id="R11-empty"),
        pytest.param(reply(answer(client_id={"x": 1})), Code.DR_BAD_RESPONSE, "", id="R11-object"),
        pytest.param(reply(answer(client_id="x" * 256)), Code.DR_BAD_RESPONSE, "", id="R11-long"),
        pytest.param(reply(b"ok"), Code.DR_BAD_RESPONSE, "", id="R11-text"),
    ],
)
def test_a_platform_that_says_no_is_quoted_and_the_invitation_stays_open(registrar, result, code, said):
    registrar.serve()
    registrar.network.serve(REGISTER, result)
    token = registrar.invite()
    refused = registrar.confirm(token, registrar.page(token))
    assert_refused(refused, code)
    assert said in refused.text
    assert REGISTRATION_TOKEN not in refused.text
    assert nothing_was_stored(registrar)
    registrar.serve()
    assert registrar.confirm(token, registrar.page(token)).status_code == 200


def test_the_registration_token_is_sent_once_to_one_address_and_over_no_redirect(registrar):
    registrar.serve()
    token = registrar.invite()
    registrar.confirm(token, registrar.page(token))
    sent = [call for call in registrar.network.calls if "Authorization" in call.headers]
    assert [(call.url, call.headers["Authorization"]) for call in sent] == [(REGISTER, f"Bearer {REGISTRATION_TOKEN}")]
    assert sent[0].more.get("redirects", 0) == 0


@pytest.mark.parametrize("row", ["R12"])
def test_a_platform_that_is_registered_already_is_not_taken_over(registrar, row):
    registrar.serve()
    first, second = registrar.invite(), registrar.invite()
    registrar.confirm(first, registrar.page(first))
    registrar.serve(jwks_uri=f"{LMS}/elsewhere")
    assert_refused(registrar.confirm(second, registrar.page(second)), Code.DR_DUPLICATE)
    (kept,) = registrar.registrations()
    assert kept.jwks_url == f"{LMS}/mod/lti/certs.php"


@pytest.mark.parametrize("row", ["R12"])
def test_an_update_of_what_is_registered_is_refused_before_the_platform_changes_anything(registrar, row):
    registrar.serve()
    first, second = registrar.invite(), registrar.invite()
    registrar.confirm(first, registrar.page(first))
    registrar.network.calls.clear()
    refused = registrar.open(second, registration_token=moodles_token("reg-update", "7"))
    assert_refused(refused, Code.DR_DUPLICATE)
    assert [call.url for call in registrar.network.calls] == [CONFIGURATION]
    assert registrar.confirm(second, registrar.page(second)).status_code == 409, "the invitation is still there"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: moodles_token("reg-update", "8"), id="unknown"),
        pytest.param(lambda: moodles_token("reg", "7"), id="new"),
        pytest.param(lambda: moodles_token("reg-update", 7), id="odd"),
        pytest.param(lambda: "a.b.c", id="no token"),
    ],
)
def test_any_other_registration_token_leads_to_the_page(registrar, token):
    registrar.serve()
    first, second = registrar.invite(), registrar.invite()
    registrar.confirm(first, registrar.page(first))
    assert registrar.open(second, registration_token=token()).status_code == 200


@pytest.mark.parametrize("row", ["R13"])
def test_without_a_deployment_the_platform_is_registered_and_its_first_launch_makes_a_pending_one(registrar, row):
    registrar.serve()
    registrar.network.serve(REGISTER, reply(answer(deployment_id=None)))
    token = registrar.invite()
    done = registrar.confirm(token, registrar.page(token))
    assert done.status_code == 200
    assert "Deployment" in done.text
    (made,) = registrar.registrations()
    assert registrar.deployments(made.id) == {}

    platform = registrar.tool.platform
    platform.issuer, platform.client_id = made.issuer, made.client_id
    registrar.network.serve_json(made.jwks_url, platform.key.jwks())
    assert_refused(registrar.tool.launch(), Code.LAUNCH_DEPLOYMENT_PENDING)
    assert registrar.deployments(made.id) == {"1": False}


@pytest.mark.parametrize("spoilt", ["missing", "forged", "other invitation", "late"], ids=lambda case: f"R14-{case}")
def test_a_confirmation_needs_its_own_page_and_ends_after_a_quarter_of_an_hour(registrar, spoilt):
    registrar.serve()
    token = registrar.invite()
    form = registrar.page(token)
    if spoilt == "missing":
        del form["session"]
    if spoilt == "forged":
        form["session"] = form["session"][:-8] + "AAAAAAA="
    if spoilt == "other invitation":
        form = registrar.page(registrar.invite())
    if spoilt == "late":
        registrar.tool.clock.turn(minutes=15, seconds=2)
    assert_refused(registrar.confirm(token, form), Code.DR_SESSION_EXPIRED)
    assert registrar.network.asked(REGISTER) == 0


def test_fourteen_minutes_are_not_too_long(registrar):
    registrar.serve()
    token = registrar.invite()
    form = registrar.page(token)
    registrar.tool.clock.turn(minutes=14)
    assert registrar.confirm(token, form).status_code == 200


@pytest.mark.parametrize("row", ["R15"])
def test_markup_in_a_platforms_words_is_escaped(registrar, row):
    claim = {"product_family_code": "<script>alert(1)</script>", "version": "\"'><img src=x>"}
    registrar.serve(**{"https://purl.imsglobal.org/spec/lti-platform-configuration": claim})
    page = registrar.open(registrar.invite()).text
    assert "<script>alert" not in page
    assert "<img src" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; der Stadt Olpe" in page


@pytest.mark.parametrize("row", ["R16"])
def test_of_two_tabs_that_confirm_at_once_one_succeeds(registrar, row):
    registrar.serve()
    token = registrar.invite()
    forms = [registrar.page(token), registrar.page(token)]
    second_is_done = threading.Event()

    def register_slowly(_call):
        assert second_is_done.wait(10), "the second confirmation waits for the first"
        return reply(answer())

    registrar.network.handlers[REGISTER] = register_slowly
    statuses = []

    def confirm(form):
        response = registrar.confirm(token, form)
        statuses.append((response.status_code, Code.DR_TOKEN_INVALID.slug in response.text))
        second_is_done.set()

    tabs = [threading.Thread(target=confirm, args=[form]) for form in forms]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert statuses == [(403, True), (200, False)]
    assert registrar.network.asked(REGISTER) == 1
    assert len(registrar.registrations()) == 1
    assert_refused(registrar.confirm(token, forms[0]), Code.DR_TOKEN_INVALID)


def test_a_confirmation_that_died_halfway_blocks_the_invitation_for_a_minute_only(registrar):
    registrar.serve()
    token = registrar.invite()
    with registrar.tool.app.extensions["smartcity"].sessions.begin() as session:
        session.query(Invitation).update({"claimed_until": registrar.tool.clock() + timedelta(minutes=1)})
    form = registrar.page(token)
    assert_refused(registrar.confirm(token, form), Code.DR_TOKEN_INVALID)
    registrar.tool.clock.turn(minutes=1)
    assert registrar.confirm(token, form).status_code == 200


def test_the_tool_describes_itself_as_moodle_and_ilias_want_it(registrar):
    registrar.serve()
    token = registrar.invite()
    registrar.confirm(token, {**registrar.page(token), "privacy": "names", "roster": "yes"})
    sent = next(call for call in registrar.network.calls if call.url == REGISTER).json
    tool = sent[TOOL_CLAIM]
    assert (sent["redirect_uris"], sent["initiate_login_uri"], sent["jwks_uri"]) == (
        [f"{BASE_URL}/lti/launch"],
        f"{BASE_URL}/lti/login",
        f"{BASE_URL}/lti/jwks",
    )
    assert (sent["application_type"], sent["response_types"]) == ("web", ["id_token"])
    assert sent["token_endpoint_auth_method"] == "private_key_jwt"
    services = {f"{SCOPE}{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")}
    assert set(sent["scope"].split()) == services | {ROSTER}
    assert (tool["domain"], tool["target_link_uri"]) == ("tool.example", f"{BASE_URL}/lti/launch")
    assert tool["claims"] == ["iss", "sub", "name", "given_name", "family_name"]
    (made,) = registrar.registrations()
    assert (made.keeps_names, made.nrps_enabled) == (True, True)
    messages = {message["type"]: message for message in tool["messages"]}
    assert messages["LtiDeepLinkingRequest"]["target_link_uri"] == f"{BASE_URL}/lti/launch"
    assert messages["LtiDeepLinkingRequest"]["placements"] == ["ContentArea"]
    icon = registrar.tool.client.get(sent["logo_uri"], base_url=BASE_URL)
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")


def test_untouched_the_page_asks_for_no_names_and_no_roster(registrar):
    registrar.serve()
    token = registrar.invite()
    registrar.confirm(token, registrar.page(token))
    sent = next(call for call in registrar.network.calls if call.url == REGISTER).json
    assert sent[TOOL_CLAIM]["claims"] == ["iss", "sub"]
    assert ROSTER not in sent["scope"]
    (made,) = registrar.registrations()
    assert (made.keeps_names, made.nrps_enabled) == (False, False)
    assert sorted(made.scopes) == sorted(sent["scope"].split())


def test_only_services_that_the_platform_offers_are_asked_for(registrar):
    registrar.serve(scopes_supported=["openid"])
    token = registrar.invite()
    assert "bietet den Dienst nicht an" in registrar.open(token).text
    registrar.confirm(token, {**registrar.page(token), "roster": "yes"})
    assert next(call for call in registrar.network.calls if call.url == REGISTER).json["scope"] == ""


def test_ilias_gives_its_ids_as_numbers(registrar):
    registrar.serve()
    registrar.network.serve(REGISTER, reply(answer(client_id=4711, deployment_id=3)))
    token = registrar.invite()
    registrar.confirm(token, registrar.page(token))
    (made,) = registrar.registrations()
    assert made.client_id == "4711"
    assert registrar.deployments(made.id) == {"3": True}


@pytest.mark.parametrize("glue", ["&", "?lti=1.3?", "?"], ids=["ILIAS up to 9", "twice a question mark", "plain"])
def test_parameters_are_found_however_an_lms_appends_them(registrar, glue):
    registrar.serve()
    token = registrar.invite()
    path = f"/register/{token}{glue}openid_configuration={CONFIGURATION}&registration_token=abc.def"
    page = registrar.tool.client.get(path, base_url=BASE_URL)
    assert page.status_code == 200, page.text
    assert LMS in page.text


def test_the_audit_log_knows_that_the_platform_was_connected(registrar):
    registrar.serve()
    token = registrar.invite()
    registrar.confirm(token, registrar.page(token))
    (made,) = registrar.registrations()

    with registrar.tool.app.extensions["smartcity"].sessions() as session:
        newest = read_audit_log(session, registration_id=made.id)[0]

    assert (newest.who, newest.action, newest.subject) == (Who.ADMINISTRATOR, Action.PLATFORM_CONNECTED, made.issuer)


def test_a_learner_launches_right_after_the_registration(registrar):
    registrar.serve()
    token = registrar.invite()
    registrar.confirm(token, registrar.page(token))
    (made,) = registrar.registrations()
    assert (made.name, made.active) == ("Moodle der Stadt Olpe", True)
    platform = registrar.tool.platform
    platform.issuer, platform.client_id = made.issuer, made.client_id
    registrar.network.serve_json(made.jwks_url, platform.key.jwks())
    deployment = {"https://purl.imsglobal.org/spec/lti/claim/deployment_id": "7"}
    asked = registrar.tool.login(lti_deployment_id="7")
    claims = {**platform.claims(asked["nonce"]), **deployment}
    launched = registrar.tool.post_launch({"state": asked["state"], "id_token": platform.sign(claims)})
    assert launched.status_code == 303, launched.text


def test_the_pages_give_their_address_to_nobody_and_only_the_platform_frames_them(registrar):
    registrar.serve()
    token = registrar.invite()
    page = registrar.open(token)
    done = registrar.confirm(token, registrar.page(token))
    for response in (page, done):
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Content-Security-Policy"].endswith(f"frame-ancestors {LMS}")
        assert response.headers["Cache-Control"] == "no-store"
    assert f'data-close-to="{LMS}"' in done.text
    assert "„aktivieren“ (Activate)" in done.text
