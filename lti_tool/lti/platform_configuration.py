"""What a platform says of itself before a registration (LTI Dynamic Registration 1.0, 3.3 and 3.4).

The address comes from whoever holds an invitation, so it is input: the guard decides whether it is fetched, and what is
there must speak for its own host (rows R2 to R9). Endpoints on another host are named, for a person to agree to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.addresses import checked_url
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut
from lti_tool.lti.foreign_text import text
from lti_tool.lti.ports import Outgoing

LONGEST_URL = 2000
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
_OK = 200
_REDIRECTS = 3
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
_ODD = re.compile(r"[^\x21-\x7e]|[\"<>\\]")
_FAMILIES = {
    "moodle": "Moodle",
    "ilias": "ILIAS",
    "ilias.de": "ILIAS",
    "canvas": "Canvas",
    "desire2learn": "Brightspace",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConfiguration:
    """A platform that offers to register the tool.

    Attributes:
        scopes: services it offers; None if it does not say.
        token_audience: what its access tokens are asked for with, where that is not the token endpoint.
        fetched_from: the address of the configuration.
    """

    fetched_from: str
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    token_audience: str | None
    product_family: str
    version: str
    scopes: tuple[str, ...] | None

    @property
    def product(self) -> str:
        """The kind of platform, in a word for people; empty if it does not say."""
        return _FAMILIES.get(self.product_family.lower(), self.product_family)

    @property
    def foreign_hosts(self) -> tuple[str, ...]:
        """Hosts of endpoints that are not the issuer's own (R8)."""
        hosts = (_host(getattr(self, name)) for name in _ENDPOINTS)
        return tuple(dict.fromkeys(host for host in hosts if host != _host(self.issuer)))

    @property
    def frame_origins(self) -> tuple[str, ...]:
        """Origins at which the platform shows us in a frame."""
        pages = (self.issuer, self.fetched_from, self.authorization_endpoint)
        return tuple(dict.fromkeys(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, pages)))

    def offers(self, scope: str) -> bool:
        """Whether it offers a service, as far as it says."""
        return self.scopes is None or scope in self.scopes


def fetch_configuration(
    http: Outgoing, url: str, *, private_hosts: frozenset[str], allowed: frozenset[str]
) -> PlatformConfiguration:
    """Fetch and check a configuration.

    Args:
        http: the guarded door.
        url: where it lies.
        private_hosts: hosts the invitation lets lie in a private network.
        allowed: these and the ones the operator allows everybody.

    Raises:
        Refusal: rows R2 to R9.
    """
    if not url:
        raise Refusal(Code.DR_MISSING_CONFIGURATION)
    if _callable(url, allowed) is None:
        raise Refusal(Code.DR_BAD_URL)
    headers = {"Accept": "application/json"}
    try:
        answer = http.send("GET", url, headers=headers, private_hosts=private_hosts, redirects=_REDIRECTS)
    except OutgoingFailed as error:
        raise unreachable(error) from error
    if answer.status != _OK:
        raise Refusal(Code.DR_PLATFORM_UNREACHABLE, f"status {answer.status}")
    return read_configuration(_json(answer.body), url, allowed)


def read_configuration(document: Any, url: str, allowed: frozenset[str]) -> PlatformConfiguration:
    """Check a configuration and take from it what a registration needs.

    Raises:
        Refusal: rows R6 to R9.
    """
    if not isinstance(document, dict):
        raise Refusal(Code.DR_PLATFORM_UNREACHABLE, "no JSON object")
    issuer = _callable(document.get("issuer"), allowed)
    if issuer is None or _host(issuer) != _host(url):
        raise Refusal(Code.DR_ISSUER_MISMATCH)
    endpoints = {name: _endpoint(document, name, allowed) for name in _ENDPOINTS}
    _refuse_unsupported(document)
    platform = document.get(PLATFORM)
    said = platform if isinstance(platform, dict) else {}
    return PlatformConfiguration(
        fetched_from=url,
        issuer=issuer,
        token_audience=_audience(document.get("authorization_server")),
        product_family=text(said.get("product_family_code"), 100),
        version=text(said.get("version"), 100),
        scopes=_strings(document.get("scopes_supported")),
        **endpoints,
    )


def unreachable(error: OutgoingFailed) -> Refusal:
    """Return the refusal for a call that left no answer (R4 to R6)."""
    if isinstance(error, AddressForbidden):
        return Refusal(Code.DR_ADDRESS_FORBIDDEN, str(error))
    timed_out = isinstance(error, TimedOut)
    return Refusal(Code.DR_PLATFORM_TIMEOUT if timed_out else Code.DR_PLATFORM_UNREACHABLE, type(error).__name__)


def _refuse_unsupported(document: Mapping[str, Any]) -> None:
    """R9. A list that is missing altogether says nothing; one that is there must name what we use."""
    for name, needed in (
        ("id_token_signing_alg_values_supported", "RS256"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("token_endpoint_auth_signing_alg_values_supported", "RS256"),
    ):
        offered = _strings(document.get(name))
        if offered is not None and needed not in offered:
            raise Refusal(Code.DR_UNSUPPORTED, f"{name} lacks {needed}")


def _endpoint(document: Mapping[str, Any], name: str, allowed: frozenset[str]) -> str:
    url = _callable(document.get(name), allowed)
    if url is None:
        raise Refusal(Code.DR_BAD_ENDPOINT, f"{name} is missing or unusable")
    return url


def _callable(url: Any, allowed: frozenset[str]) -> str | None:
    """Return an address that the guard may be asked about, None if it is none."""
    if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL or _ODD.search(url):
        return None
    try:
        checked_url(url, allowed)
    except AddressForbidden:
        return None
    return url


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _audience(value: Any) -> str | None:
    usable = isinstance(value, str) and 0 < len(value) <= LONGEST_URL and not _ODD.search(value)
    return value if usable else None


def _strings(value: Any) -> tuple[str, ...] | None:
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list) else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(Code.DR_PLATFORM_UNREACHABLE, "no JSON") from None
