"""The practice LMS in a real browser, with a tool on another site, as learners, instructors and administrators use it."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, jsonify, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from jwt.algorithms import RSAAlgorithm
from markupsafe import Markup, escape
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from lti_tool.sandbox import PracticeConfig, create_practice_lms
from tests.ports import free_port

pytestmark = pytest.mark.browser

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
FORM = """<!doctype html><html lang="de"><title>Werkzeug</title><form method="post" action="{{ action }}">
{% for name, value in fields.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}
<button>Übernehmen</button></form>{% if at_once %}<script>document.forms[0].submit()</script>{% endif %}"""


@dataclass
class Tool:
    """A tool of a few lines: it shows who came, picks two items, registers itself."""

    lms: str = ""
    url: str = ""
    asks_by_post: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def app(self) -> Flask:
        app = Flask("fake_tool")
        app.add_url_rule("/lti/login", view_func=self.login, methods=["POST"])
        app.add_url_rule("/lti/launch", view_func=self.launch, methods=["POST"])
        app.add_url_rule("/lti/jwks", view_func=self.jwks)
        app.add_url_rule("/lti/register", view_func=self.register)
        return app

    def login(self) -> ResponseReturnValue:
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": request.form["client_id"],
            "redirect_uri": f"{self.url}/lti/launch",
            "login_hint": request.form["login_hint"],
            "lti_message_hint": request.form["lti_message_hint"],
            "state": secrets.token_hex(4),
            "nonce": secrets.token_hex(4),
        }
        address = f"{self.lms}/platform/auth"
        if self.asks_by_post:
            return render_template_string(FORM, action=address, fields=asked, at_once=True)
        return redirect(f"{address}?{urlencode(asked)}")

    def launch(self) -> ResponseReturnValue:
        if "error" in request.form:
            return Markup("<p id=error>{}</p>").format(request.form["error"])
        claims = self.verified(request.form["id_token"])
        if claims[LTI + "message_type"] == "LtiDeepLinkingRequest":
            settings = claims[DL + "deep_linking_settings"]
            fields = {"JWT": self.selection(claims, settings)}
            return render_template_string(FORM, action=settings["deep_link_return_url"], fields=fields)
        back = escape(claims[LTI + "launch_presentation"]["return_url"])
        return Markup(
            '<!doctype html><html lang="de"><title>Werkzeug</title><h1>{}</h1><a href="{}&lti_msg=Fertig">zurück</a>'
        ).format(claims.get("name", "ohne Namen"), back)

    def verified(self, id_token: str) -> dict[str, Any]:
        keys = jwt.PyJWKSet.from_dict(requests.get(f"{self.lms}/platform/jwks", timeout=30).json())
        header = jwt.get_unverified_header(id_token)
        unverified = jwt.decode(id_token, options={"verify_signature": False})
        return jwt.decode(id_token, keys[header["kid"]].key, ["RS256"], audience=unverified["aud"], issuer=self.lms)

    def selection(self, claims: dict[str, Any], settings: dict[str, Any]) -> str:
        now = int(datetime.now(UTC).timestamp())
        answer = {
            "iss": claims["aud"],
            "aud": self.lms,
            "iat": now,
            "exp": now + 60,
            "nonce": secrets.token_hex(8),
            LTI + "message_type": "LtiDeepLinkingResponse",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": claims[LTI + "deployment_id"],
            DL + "data": settings["data"],
            DL + "content_items": [
                {"type": "ltiResourceLink", "title": "Gewählt A", "lineItem": {"scoreMaximum": 10}},
                {"type": "ltiResourceLink", "title": "Gewählt B"},
            ],
        }
        return jwt.encode(answer, self.key, "RS256", headers={"kid": "eins"})

    def jwks(self) -> ResponseReturnValue:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return jsonify({"keys": [{**public, "kid": "eins", "alg": "RS256", "use": "sig"}]})

    def register(self) -> ResponseReturnValue:
        configuration = requests.get(request.args["openid_configuration"], timeout=30).json()
        metadata = {
            "response_types": ["id_token"],
            "initiate_login_uri": f"{self.url}/lti/login",
            "redirect_uris": [f"{self.url}/lti/launch"],
            "client_name": "Selbst angemeldet",
            "jwks_uri": f"{self.url}/lti/jwks",
            "token_endpoint_auth_method": "private_key_jwt",
            "https://purl.imsglobal.org/spec/lti-tool-configuration": {
                "domain": self.url.removeprefix("http://"),
                "target_link_uri": f"{self.url}/lti/launch",
            },
        }
        headers = {"Authorization": f"Bearer {request.args['registration_token']}"}
        answer = requests.post(configuration["registration_endpoint"], json=metadata, headers=headers, timeout=30)
        message = json.dumps({"subject": "org.imsglobal.lti.close"})
        return f"<title>Fertig</title><p>{answer.status_code}</p><script>window.parent.postMessage({message}, '*')</script>"


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[int]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def tool() -> Iterator[Tool]:
    tool = Tool()
    with serving(tool.app()) as port:
        tool.url = f"http://127.0.0.1:{port}"
        lms_port = free_port()
        tool.lms = f"http://localhost:{lms_port}"
        with serving(create_practice_lms(PracticeConfig(base_url=tool.lms, tool_url=tool.url)), lms_port):
            yield tool


@pytest.fixture(autouse=True)
def _first_day(tool: Tool) -> None:
    tool.asks_by_post = False
    requests.post(f"{tool.lms}/practice/reset", timeout=30)


@pytest.fixture
def context(chromium: Browser, tool: Tool) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=tool.lms, locale="de-DE")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/course")
    return page


def look_as(page: Page, label: str) -> None:
    page.get_by_label("Als", exact=True).select_option(label=label)
    page.get_by_role("button", name="ansehen").click()


def in_frame(page: Page) -> Any:
    return page.frame_locator("#contentframe")


def test_a_click_opens_the_activity_in_a_frame_for_the_person_who_looks(page: Page) -> None:
    page.get_by_role("link", name="Im Kurs öffnen – Smart City verstehen").click()
    expect(in_frame(page).get_by_role("heading")).to_have_text("Lea Lernfeld")
    look_as(page, "Ines Lehrkamp (Lehrkraft)")
    expect(in_frame(page).get_by_role("heading")).to_have_text("Ines Lehrkamp")


def test_a_tool_that_asks_by_post_finds_the_person_too(page: Page, tool: Tool) -> None:
    tool.asks_by_post = True
    look_as(page, "Tom Teilhabe (lernt)")
    page.get_by_role("link", name="Im Kurs öffnen – Smart City verstehen").click()
    expect(in_frame(page).get_by_role("heading")).to_have_text("Tom Teilhabe")


@pytest.mark.parametrize("asks_by_post", [False, True])
def test_an_activity_opens_in_a_window_of_its_own(page: Page, tool: Tool, asks_by_post: bool) -> None:
    tool.asks_by_post = asks_by_post
    look_as(page, "Tom Teilhabe (lernt)")
    with page.expect_popup() as popup:
        page.get_by_role("link", name="In neuem Fenster öffnen – Smart City verstehen").click()
    expect(popup.value.get_by_role("heading")).to_have_text("Tom Teilhabe")


def test_without_script_a_button_leads_on(chromium: Browser, tool: Tool) -> None:
    context = chromium.new_context(base_url=tool.lms, java_script_enabled=False)
    page = context.new_page()
    page.goto("/course/rl-stand")
    with page.expect_event("framenavigated", lambda part: "/platform/auth" in part.url):
        in_frame(page).get_by_role("button", name="Weiter").click()
    expect(in_frame(page).get_by_role("heading", name="Weiter zum Werkzeug")).to_be_visible()
    in_frame(page).get_by_role("button", name="Weiter").click()
    expect(in_frame(page).get_by_role("heading")).to_have_text("Lea Lernfeld")
    context.close()


def test_the_way_back_leaves_the_frame(page: Page, tool: Tool) -> None:
    page.goto("/course/rl-stand")
    in_frame(page).get_by_role("link", name="zurück").click()
    page.wait_for_url(f"{tool.lms}/course/return?course=kurs-1&lti_msg=Fertig")
    expect(page.get_by_text("Das Werkzeug meldet: Fertig")).to_be_visible()


def test_an_instructor_picks_content_in_the_frame(page: Page, tool: Tool) -> None:
    look_as(page, "Ines Lehrkamp (Lehrkraft)")
    page.get_by_role("button", name="Inhalt auswählen").first.click()
    in_frame(page).get_by_role("button", name="Übernehmen").click()
    expect(in_frame(page).get_by_text("2 Aktivitäten wurden angelegt")).to_be_visible()
    in_frame(page).get_by_role("link", name="Zum Kurs").click()
    page.wait_for_url(f"{tool.lms}/course")
    page.get_by_role("link", name="Im Kurs öffnen – Gewählt B").click()
    expect(in_frame(page).get_by_role("heading")).to_have_text("Ines Lehrkamp")


def test_an_administrator_registers_a_tool_by_its_address(page: Page, tool: Tool) -> None:
    look_as(page, "Adem Amtmann (Administration)")
    page.goto("/registration")
    page.get_by_label("Registrierungs-URL").fill(f"{tool.url}/lti/register")
    page.get_by_role("button", name="Einbinden").click()
    page.wait_for_url(f"{tool.lms}/registration")
    page.get_by_role("button", name="Aktivieren – Selbst angemeldet").click()
    expect(page.get_by_text("wartet auf Aktivierung")).to_have_count(0)
    page.goto("/course")
    page.get_by_label("Werkzeug").first.select_option(label="Selbst angemeldet, Einbindung 2")
    page.get_by_role("button", name="Inhalt auswählen").first.click()
    expect(in_frame(page).get_by_role("button", name="Übernehmen")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_fits(page: Page, tool: Tool, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    look_as(page, "Adem Amtmann (Administration)")
    requests.post(f"{tool.lms}/practice/faults", json={"clock_skew_seconds": 1}, timeout=30)
    for path in ("/course", "/gradebook", "/roster", "/messages", "/faults", "/registration", "/settings", "/nichts"):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert all(url.startswith(tool.lms) for url in asked)
