"""What a deep-linking request asks for, typed (Deep Linking 2.0, 4.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lti_tool.domain.deep_linking import DeepLinkingSettings
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.registration import Registration
from lti_tool.lti import claims as claim
from lti_tool.lti.endpoints import is_trusted

LARGEST_DATA = 32 * 1024
"""Bytes of the opaque `data`; it travels through the browser twice."""

_LONGEST_URL = 2000
_LINK = "ltiResourceLink"
_TARGETS = frozenset({"iframe", "window"})


def read_settings(claims: claim.Claims, registration: Registration) -> DeepLinkingSettings:
    """Read the settings claim, which is an object already (A73).

    Raises:
        Refusal: rows D2, D3 and D10.
    """
    settings = claims[claim.DEEP_LINKING_SETTINGS]
    return DeepLinkingSettings(
        return_url=_return_url(settings, registration),
        accepts_links=_LINK in _words(settings, "accept_types"),
        accept_multiple=_flag(settings, "accept_multiple", absent=False),
        accept_lineitem=_flag(settings, "accept_lineitem", absent=True),
        document_targets=_TARGETS.intersection(_words(settings, "accept_presentation_document_targets")),
        data=_data(settings.get("data")),
    )


def _return_url(settings: Mapping[str, Any], registration: Registration) -> str:
    url = settings.get("deep_link_return_url")
    if url is None or url == "":
        raise Refusal(Code.DEEP_LINKING_MISSING_RETURN_URL)
    if not isinstance(url, str) or len(url) > _LONGEST_URL or not is_trusted(registration, url):
        raise Refusal(Code.DEEP_LINKING_BAD_RETURN_URL)
    return url


def _words(settings: Mapping[str, Any], name: str) -> list[str]:
    value = settings.get(name, [])
    if not isinstance(value, list):
        raise Refusal(Code.LAUNCH_BAD_CLAIM, name)
    return [word for word in value if isinstance(word, str)]


def _flag(settings: Mapping[str, Any], name: str, *, absent: bool) -> bool:
    """Some platforms write booleans as text."""
    value = settings.get(name)
    if value is None:
        return absent
    return value is True or value == "true"


def _data(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or "\x00" in value:  # NUL: no database keeps it
        raise Refusal(Code.DEEP_LINKING_BAD_DATA)
    try:
        size = len(value.encode())
    except UnicodeEncodeError:  # a lone surrogate
        size = LARGEST_DATA + 1
    if size > LARGEST_DATA:
        raise Refusal(Code.DEEP_LINKING_BAD_DATA)
    return value
