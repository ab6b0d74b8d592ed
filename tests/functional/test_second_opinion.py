"""A platform that nobody here wrote (`lti1p3platform`) launches the tool and checks what the tool signs."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration

from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.ports import Answer
from tests.factories.id_token import AGS, MEMBERSHIP
from tests.functional.conftest import BASE_URL, RunningTool


class ForeignPlatform(LTI1P3PlatformConfAbstract):
    """The foreign platform, knowing our tool and signing with the key our tool fetches."""

    def init_platform_config(self, **kwargs: Any) -> None:
        self.registration: Registration = kwargs["registration"]

    def get_registration_by_params(self, **_: Any) -> Registration:
        return self.registration


class ForeignLogin(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = kwargs["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class ForeignLaunch(LTIAdvantageMessageLaunchAbstract):
    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return launch_data


@pytest.fixture
def foreign(tool: RunningTool) -> ForeignPlatform:
    key = tool.platform.key.key
    registration = Registration()
    registration.set_iss(tool.platform.issuer)
    registration.set_client_id(tool.platform.client_id)
    registration.set_deployment_id("1")
    registration.set_launch_url(f"{BASE_URL}/lti/launch")
    registration.set_oidc_login_url(f"{BASE_URL}/lti/login")
    registration.set_platform_private_key(key.as_pem(private=True).decode())
    registration.set_platform_public_key(
        key.public_key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()
    )
    registration.set_tool_key_set(tool.client.get("/lti/jwks", base_url=BASE_URL).get_json())
    platform = ForeignPlatform(registration=registration)
    platform.get_registration()
    tool.internet.serve_json(tool.platform.jwks_url, {"keys": registration.get_jwks()})
    return platform


def launch(tool: RunningTool, foreign: ForeignPlatform) -> dict[str, Any]:
    """Go the whole way that the foreign platform prescribes; return its last form."""
    login = ForeignLogin(None, foreign)
    login.set_lti_message_hint(hint="7")
    preflight = urlsplit(login.get_redirect(login.prepare_preflight_url("5")))
    redirect = tool.client.get(f"{preflight.path}?{preflight.query}", base_url=BASE_URL)
    asked = dict(parse_qsl(urlsplit(redirect.location).query))
    message = ForeignLaunch(SimpleNamespace(get_data=asked, form_data={}), foreign)
    message.set_user_data("5", [MEMBERSHIP + "Learner"], full_name="Lea Lernfeld")
    message.set_resource_link_claim("7", title="Datenrecht")
    message.set_launch_context_claim("2", ["CourseSection"], "Lehrgang", "SC1")
    message.set_custom_parameters_claim({"module": "datenrecht"})
    message.set_ags(f"{tool.platform.issuer}/lineitems", f"{tool.platform.issuer}/lineitems/9")
    return message.lti_launch()


def test_it_accepts_our_login_and_we_accept_its_launch(tool: RunningTool, foreign: ForeignPlatform) -> None:
    form = launch(tool, foreign)
    assert form.pop("launch_url") == f"{BASE_URL}/lti/launch"

    response = tool.post_launch(form)

    assert response.status_code == 303, response.text
    page = tool.client.get(urlsplit(response.location).path, base_url=BASE_URL)
    assert "Datenschutz und Datenrecht" in page.text


def test_its_launch_works_once(tool: RunningTool, foreign: ForeignPlatform) -> None:
    form = launch(tool, foreign)
    form.pop("launch_url")
    tool.post_launch(form)

    again = tool.post_launch(form)

    assert again.status_code == 401
    assert "launch.replayed" in again.text


def test_it_grants_a_token_for_our_assertion(tool: RunningTool, foreign: ForeignPlatform) -> None:
    asked: list[dict[str, str]] = []

    class Wire:
        def send(self, method: str, url: str, *, body: bytes | None = None, **_: Any) -> Answer:
            asked.append({name: values[0] for name, values in parse_qs((body or b"").decode()).items()})
            return Answer(200, {}, json.dumps(foreign.get_access_token(asked[-1])).encode())

    inside = tool.app.extensions["smartcity"]
    registration = inside.registrations.by_id(tool.platform.registration_id)
    tokens = AccessTokens(Wire(), inside.tool_keys, tool.clock)
    seen: list[str] = []
    tokens.authorised(registration, AGS + "scope/score", lambda token: seen.append(token) or Answer(200, {}, b""))

    [token] = seen
    granted = foreign.get_registration().decode_and_verify(token, foreign.get_registration().get_platform_public_key())
    assert AGS + "scope/score" in granted["scopes"].split()
    assert asked[0]["grant_type"] == "client_credentials"
