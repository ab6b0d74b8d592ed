"""A platform that lets tools register, and the administrator's way through our pages."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from lti_tool.db.models import Deployment, Registration
from lti_tool.services.invitations import Invitations
from tests.factories.network import Network, reply
from tests.factories.platform_key import PlatformKey

BASE_URL = "https://tool.example"
LMS = "https://moodle.olpe.example"
CONFIGURATION = f"{LMS}/mod/lti/openid-configuration.php"
REGISTER = f"{LMS}/mod/lti/openid-registration.php"
PLATFORM_CLAIM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CLAIM = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
REGISTRATION_TOKEN = "registration-token-of-the-lms"


def configuration(origin: str = LMS, **changed: Any) -> dict[str, Any]:
    """What Moodle 4.5 serves; None leaves a member out."""
    document = {
        "issuer": origin,
        "token_endpoint": f"{origin}/mod/lti/token.php",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{origin}/mod/lti/certs.php",
        "authorization_endpoint": f"{origin}/mod/lti/auth.php",
        "registration_endpoint": f"{origin}/mod/lti/openid-registration.php",
        "scopes_supported": [
            f"{SCOPE}score",
            f"{SCOPE}result.readonly",
            f"{SCOPE}lineitem.readonly",
            f"{SCOPE}lineitem",
            ROSTER,
        ],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        PLATFORM_CLAIM: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
        },
        **changed,
    }
    return {name: value for name, value in document.items() if value is not None}


def moodles_token(scope: str, subject: Any) -> str:
    """The registration token of Moodle 4.5: "reg" and a new client id, or "reg-update" and the number of its tool."""
    return PlatformKey().sign({"sub": subject, "scope": scope, "iat": 1_795_622_680, "exp": 1_795_626_280})


def answer(client_id: Any = "moodle-client", deployment_id: Any = "7") -> dict[str, Any]:
    tool = {} if deployment_id is None else {"deployment_id": deployment_id}
    return {"client_name": "Smart City Lernen", "client_id": client_id, TOOL_CLAIM: tool}


@dataclass
class Registrar:
    """The administrator of a town's LMS in front of the running tool."""

    tool: Any
    network: Network = field(default_factory=Network)

    def invite(self, *private_hosts: str, **lifetime: Any) -> str:
        """Let the operator make an invitation for "Stadt Olpe"; return its token."""
        with self.tool.app.extensions["smartcity"].sessions.begin() as session:
            return (
                Invitations(session, self.tool.clock)
                .create("Stadt Olpe", private_hosts=private_hosts, **lifetime)
                .token
            )

    def serve(self, **changed: Any) -> None:
        self.network.serve_json(CONFIGURATION, configuration(**changed))
        self.network.serve(REGISTER, reply(answer()))

    def open(
        self, token: str, url: str | None = CONFIGURATION, registration_token: str = REGISTRATION_TOKEN
    ) -> TestResponse:
        query = {"lti": "1.3", "registration_token": registration_token}
        if url is not None:
            query["openid_configuration"] = url
        return self.tool.browser().get(f"/register/{token}?{urlencode(query)}", base_url=BASE_URL)

    def page(self, token: str) -> dict[str, str]:
        """Open the page; return the form it shows, as a browser would send it untouched."""
        response = self.open(token)
        assert response.status_code == 200, response.text
        return {"session": sealed(response), "privacy": "id"}

    def confirm(self, token: str, form: Mapping[str, str]) -> TestResponse:
        return self.tool.browser().post(f"/register/{token}", data=form, base_url=BASE_URL)

    def registrations(self) -> list[Registration]:
        """Every registration but the one the tool starts with."""
        with self.tool.app.extensions["smartcity"].sessions() as session:
            rows = session.query(Registration).filter(Registration.id != self.tool.platform.registration_id)
            return list(rows)

    def deployments(self, registration_id: int) -> dict[str, bool]:
        with self.tool.app.extensions["smartcity"].sessions() as session:
            rows = session.query(Deployment).filter_by(registration_id=registration_id)
            return {row.deployment_id: row.active for row in rows}


def sealed(response: TestResponse) -> str:
    found = re.search(r'name="session" value="([^"]+)"', response.text)
    assert found, response.text
    return html.unescape(found[1])
