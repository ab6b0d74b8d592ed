"""The tool registers itself at a platform (LTI Dynamic Registration 1.0).

1. The platform opens our address with the place of its configuration and a token for one registration.
2. `ask` fetches and checks the configuration (`platform_configuration.py`); a person decides.
3. `register` describes the tool to the platform (3.5) and reads the client id it gives (3.6).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import MessageType
from lti_tool.lti.errors import OutgoingFailed
from lti_tool.lti.foreign_text import identifier, text
from lti_tool.lti.platform_configuration import PlatformConfiguration, fetch_configuration, unreachable
from lti_tool.lti.ports import Answer, Outgoing
from lti_tool.lti.scopes import GRADES, NOTICES, ROSTER
from lti_tool.lti.service_calls import succeeded

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
NAME = "Smart City Lernen"
ICON = "/lti/icon.svg"
DESCRIPTION = "Lernmodule, Quiz und Zertifikatsstand zur Smart City für Rathäuser"
_DESCRIPTION_ENGLISH = "Learning modules, quizzes and certificates about the smart city for town halls"
_NAME_CLAIMS = ("name", "given_name", "family_name")
_LONGEST_COMPLAINT = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person who registers the tool decides.

    Attributes:
        with_names: whether the platform shall send people's names, not only its own id of them.
        with_roster: whether the tool may read the list of a course's members.
    """

    with_names: bool
    with_roster: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """What the platform answers; `deployment_id` is None where each deployment is made later (R13)."""

    client_id: str
    deployment_id: str | None


class DynamicRegistration:
    """Registers the tool at platforms; safe to share between threads."""

    def __init__(self, http: Outgoing, base_url: str, allowed_hosts: frozenset[str]) -> None:
        self._http = http
        self._base_url = base_url
        self._allowed_hosts = allowed_hosts

    def ask(self, url: str, private_hosts: frozenset[str]) -> PlatformConfiguration:
        """Return what the platform says of itself.

        Raises:
            Refusal: rows R2 to R9.
        """
        allowed = private_hosts | self._allowed_hosts
        return fetch_configuration(self._http, url, private_hosts=private_hosts, allowed=allowed)

    def register(
        self, platform: PlatformConfiguration, choice: Choice, token: str, private_hosts: frozenset[str]
    ) -> Registered:
        """Register the tool. The token goes to this one address and is not carried over a redirect.

        Raises:
            Refusal: R4, R6 no answer; R10 the platform says no; R11 its answer has no client id.
        """
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps(client_metadata(self._base_url, platform, choice)).encode()
        try:
            answer = self._http.send(
                "POST", platform.registration_endpoint, headers=headers, body=body, private_hosts=private_hosts
            )
        except OutgoingFailed as error:
            raise unreachable(error) from error
        if not succeeded(answer):
            raise Refusal(Code.DR_REFUSED, _complaint(answer, token))
        return read_answer(answer.body)


def scopes_to_ask(platform: PlatformConfiguration, choice: Choice) -> list[str]:
    """Return the services to ask for: those of the choice that the platform offers."""
    wanted = (*GRADES, NOTICES, *([ROSTER] if choice.with_roster else []))
    return [scope for scope in wanted if platform.offers(scope)]


def client_metadata(base_url: str, platform: PlatformConfiguration, choice: Choice) -> dict[str, Any]:
    """Return the tool's description of itself (3.5.2); Moodle compares `domain` with host and port of the target."""
    launch = f"{base_url}/lti/launch"
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{base_url}/lti/login",
        "redirect_uris": [launch],
        "client_name": NAME,
        "client_uri": base_url,
        "logo_uri": f"{base_url}{ICON}",
        "policy_uri": f"{base_url}/datenschutz",
        "jwks_uri": f"{base_url}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes_to_ask(platform, choice)),
        TOOL: {
            "domain": urlsplit(base_url).netloc,
            "target_link_uri": launch,
            "description": DESCRIPTION,
            "description#en": _DESCRIPTION_ENGLISH,
            "custom_parameters": {},
            "claims": ["iss", "sub", *(_NAME_CLAIMS if choice.with_names else ())],
            "messages": _messages(launch, f"{base_url}{ICON}"),
        },
    }


def _messages(launch: str, icon: str) -> list[dict[str, Any]]:
    """Each with a type, and deep linking with its own target: Moodle and ILIAS refuse or forget them otherwise."""
    return [
        {"type": MessageType.RESOURCE_LINK, "target_link_uri": launch, "label": NAME, "icon_uri": icon},
        {
            "type": MessageType.DEEP_LINKING,
            "target_link_uri": launch,
            "label": "Lerninhalte auswählen",
            "label#en": "Choose learning content",
            "icon_uri": icon,
            "placements": ["ContentArea"],
            "supported_types": ["ltiResourceLink"],
        },
        {"type": MessageType.SUBMISSION_REVIEW, "target_link_uri": launch, "label": NAME},
    ]


def read_answer(body: bytes) -> Registered:
    """Read the platform's answer; ILIAS gives its ids as numbers.

    Raises:
        Refusal: R11.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(Code.DR_BAD_RESPONSE, "no JSON") from None
    said = document if isinstance(document, dict) else {}
    client_id = _id(said, "client_id")
    if client_id is None:
        raise Refusal(Code.DR_BAD_RESPONSE, "no client_id")
    configuration = said.get(TOOL)
    return Registered(client_id, _id(configuration if isinstance(configuration, dict) else said, "deployment_id"))


def _id(holder: Mapping[str, Any], name: str) -> str | None:
    value = holder.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 1 << 63 else None
    found = identifier(value)
    return found if found and found.strip() else None


def _complaint(answer: Answer, token: str) -> str:
    """The platform's reason in its own words (Moodle sends plain text, others `error`); never our token with it."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = answer.body.decode("utf-8", "replace")
    if isinstance(document, dict):
        said = [document.get("error"), document.get("error_description")]
        document = ": ".join(part for part in said if isinstance(part, str))
    if not isinstance(document, str) or not document or "<html" in document.lower():
        return f"HTTP {answer.status}"
    if token:
        document = document.replace(token, "…")
    return text(document, _LONGEST_COMPLAINT) or f"HTTP {answer.status}"
