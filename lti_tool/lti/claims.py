"""The claims of an LTI message by name, and each read with its type (LTI 1.3 core, 5.3 and 5.4).

The only file that knows a claim's URI. Reading refuses what breaks the message and drops what is merely odd: a
launch must not fail for a title of the wrong type.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import AgsEndpoint, LaunchContext, LaunchResourceLink, MessageType, NoticeService
from lti_tool.lti.foreign_text import LONGEST_ID, identifier, parameter, text
from lti_tool.lti.scopes import NOTICES

Claims = Mapping[str, Any]

_LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE: Final = f"{_LTI}message_type"
VERSION: Final = f"{_LTI}version"
DEPLOYMENT_ID: Final = f"{_LTI}deployment_id"
TARGET_LINK_URI: Final = f"{_LTI}target_link_uri"
RESOURCE_LINK: Final = f"{_LTI}resource_link"
ROLES: Final = f"{_LTI}roles"
CONTEXT: Final = f"{_LTI}context"
CUSTOM: Final = f"{_LTI}custom"
LAUNCH_PRESENTATION: Final = f"{_LTI}launch_presentation"
TOOL_PLATFORM: Final = f"{_LTI}tool_platform"
FOR_USER: Final = f"{_LTI}for_user"
AGS_ENDPOINT: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_SERVICE: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DEEP_LINKING_SETTINGS: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
DEEP_LINKING_DATA: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
DEEP_LINKING_MESSAGE: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/msg"

NOTICE_SERVICE: Final = f"{_LTI}platformnotificationservice"
NOTICE: Final = f"{_LTI}notice"
ORIGIN_CONTEXTS: Final = f"{_LTI}origin_contexts"

LTI_VERSION: Final = "1.3.0"
_LONGEST_URL = 2000
_LONGEST_PARAMETER = 4096
_MOST_PARAMETERS = 200
_HIDDEN_NAME = "-"  # ILIAS: name withheld by its privacy settings
_NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})


def message_type(claims: Claims) -> MessageType:
    """Return the kind of message (A42, A43)."""
    if claims.get(VERSION) != LTI_VERSION:
        raise Refusal(Code.LAUNCH_BAD_VERSION)
    try:
        return MessageType(claims[MESSAGE_TYPE])
    except (KeyError, ValueError):
        raise Refusal(Code.LAUNCH_UNSUPPORTED_MESSAGE) from None


def deployment_id(claims: Claims) -> str:
    """Return the deployment's id, always a string (A44)."""
    value = identifier(claims.get(DEPLOYMENT_ID))
    if value is None:
        raise Refusal(Code.LAUNCH_BAD_DEPLOYMENT)
    return value


def subject(claims: Claims) -> str | None:
    """Return the person's id; None for an anonymous launch, which leaves the claim out (A55, A56)."""
    if "sub" not in claims:
        return None
    value = identifier(claims["sub"])
    if value is None or not value.strip():
        raise Refusal(Code.LAUNCH_BAD_SUBJECT)
    return value


def roles(claims: Claims) -> frozenset[str]:
    """Return the role URIs, perhaps none (A52, A53)."""
    value = claims.get(ROLES)
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise Refusal(Code.LAUNCH_BAD_ROLES)
    return frozenset(value)


def resource_link(claims: Claims, *, required: bool) -> LaunchResourceLink | None:
    """Return the activity (A50, A51)."""
    value = claims.get(RESOURCE_LINK)
    if value is None and not required:
        return None
    link_id = identifier(_member(value, "id"))
    if link_id is None:
        raise Refusal(Code.LAUNCH_BAD_RESOURCE_LINK)
    return LaunchResourceLink(link_id, text(_member(value, "title")))


def context(claims: Claims) -> LaunchContext | None:
    """Return the course, None if the launch comes from outside of one."""
    value = claims.get(CONTEXT)
    if value is None:
        return None
    context_id = identifier(_member(value, "id"))
    if context_id is None:
        raise Refusal(Code.LAUNCH_BAD_CONTEXT)
    return LaunchContext(context_id, text(_member(value, "label")), text(_member(value, "title")))


def custom(claims: Claims) -> Mapping[str, str]:
    """Return the link's own parameters, trimmed; values that are no text or number are refused (A60)."""
    value = claims.get(CUSTOM)
    if value is None:
        return _NO_PARAMETERS
    if not isinstance(value, dict) or len(value) > _MOST_PARAMETERS:
        raise Refusal(Code.LAUNCH_BAD_CUSTOM)
    return MappingProxyType({_parameter_name(name): _parameter_value(given) for name, given in value.items()})


def _parameter_name(name: str) -> str:
    if not 0 < len(name) <= LONGEST_ID:
        raise Refusal(Code.LAUNCH_BAD_CUSTOM)
    return parameter(name)


def _parameter_value(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise Refusal(Code.LAUNCH_BAD_CUSTOM)
    as_text = str(value)
    if len(as_text) > _LONGEST_PARAMETER:
        raise Refusal(Code.LAUNCH_BAD_CUSTOM)
    return parameter(as_text)


def person_name(claims: Claims) -> str | None:
    """Return the person's name as far as the platform shares it, cleaned and cut (A62)."""
    full = text(claims.get("name"))
    if full and full != _HIDDEN_NAME:
        return full
    parts = (text(claims.get("given_name")), text(claims.get("family_name")))
    return text(" ".join(part for part in parts if part != _HIDDEN_NAME)) or None


def presentation(claims: Claims) -> Mapping[str, Any]:
    """Return how and where the platform shows the tool: `locale`, `document_target`, `return_url`, all optional."""
    return _object(claims, LAUNCH_PRESENTATION)


def platform(claims: Claims) -> Mapping[str, Any]:
    """Return what the platform says of itself: `product_family_code`, `version`, all optional."""
    return _object(claims, TOOL_PLATFORM)


def ags(claims: Claims) -> AgsEndpoint | None:
    """Return the grade service as claimed; its URLs are not trusted yet. None without any URL."""
    value = _object(claims, AGS_ENDPOINT)
    scopes = value.get("scope", [])
    lineitem, lineitems = value.get("lineitem") or None, value.get("lineitems") or None
    if not isinstance(scopes, list) or not all(isinstance(url, str | None) for url in (lineitem, lineitems)):
        raise Refusal(Code.LAUNCH_BAD_CLAIM, "AGS endpoint")
    if lineitem is None and lineitems is None:
        return None
    return AgsEndpoint(lineitem, lineitems, frozenset(scope for scope in scopes if isinstance(scope, str)))


def notice_service(claims: Claims) -> NoticeService | None:
    """Return the notification service as claimed; None if it is none we can use, as no launch fails for that."""
    value = claims.get(NOTICE_SERVICE)
    url, versions, scopes, types = (
        _member(value, name)
        for name in ("platform_notification_service_url", "service_versions", "scope", "notice_types_supported")
    )
    if not isinstance(url, str) or not all(isinstance(listed, list) for listed in (versions, scopes, types)):
        return None
    if "1.0" not in versions or NOTICES not in scopes or len(url) > _LONGEST_URL:
        return None
    return NoticeService(url, frozenset(kind for kind in types if isinstance(kind, str)))


def memberships_url(claims: Claims) -> str | None:
    """Return where the course's roster can be read (NRPS 2.0, the claim); the URL is not trusted yet."""
    url = _object(claims, NRPS_SERVICE).get("context_memberships_url") or None
    if not isinstance(url, str | None):
        raise Refusal(Code.LAUNCH_BAD_CLAIM, "NRPS service")
    return url


def check_own_claims(claims: Claims, kind: MessageType) -> None:
    """Refuse a message that lacks what its type is about (A73, A74)."""
    if kind is MessageType.DEEP_LINKING and not isinstance(claims.get(DEEP_LINKING_SETTINGS), dict):
        raise Refusal(Code.DEEP_LINKING_MISSING_SETTINGS)
    if kind is MessageType.SUBMISSION_REVIEW and (for_user(claims) is None or not _object(claims, AGS_ENDPOINT)):
        raise Refusal(Code.REVIEW_MISSING_USER)


def for_user(claims: Claims) -> str | None:
    """Return the id of the person whose work is looked at (Submission Review 1.0, 3.2)."""
    return identifier(_object(claims, FOR_USER).get("user_id"))


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _object(claims: Claims, name: str) -> Mapping[str, Any]:
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal(Code.LAUNCH_BAD_CLAIM, name.rpartition("/")[2])
    return value
