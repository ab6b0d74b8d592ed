"""What a tool says about itself when it registers, with Moodle's checks and Moodle's words for what is wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lti_tool.sandbox.errors import OAuthRefused
from lti_tool.sandbox.launches import DEEP_LINKING
from lti_tool.sandbox.tools import ALL_SCOPES, origin_of

CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_TEXTS = ("initiate_login_uri", "client_name", "jwks_uri")


def read_client(metadata: Any) -> dict[str, Any]:
    """Return the fields of a `Tool`.

    Raises:
        OAuthRefused: 400 with the reason in Moodle's words.
    """
    if not isinstance(metadata, dict):
        raise OAuthRefused("invalid_client_metadata", "missing required attribute client_name")
    for name in _TEXTS:
        _text(metadata, name)
    _check_protocol(metadata)
    configuration = _configuration(metadata)
    target = _web_address(configuration, "target_link_uri")
    return {
        "name": metadata["client_name"],
        "login_url": _web_address(metadata, "initiate_login_uri"),
        "redirect_uris": _redirect_uris(metadata),
        "jwks_url": _key_address(metadata, target),
        "target_link_uri": target,
        "deep_link_uri": _deep_link_target(configuration, target),
        "scopes": _scopes(metadata),
        "custom": _custom(configuration),
    }


def _check_protocol(metadata: dict[str, Any]) -> None:
    if "id_token" not in _list(metadata, "response_types"):
        raise OAuthRefused("invalid_client_metadata", "invalid_response_types")
    if metadata.get("token_endpoint_auth_method") != "private_key_jwt":
        raise OAuthRefused("invalid_client_metadata", "invalid_token_endpoint_auth_method")
    if metadata.get("application_type", "web") != "web":
        raise OAuthRefused("invalid_client_metadata", "invalid_application_type")


def _configuration(metadata: dict[str, Any]) -> dict[str, Any]:
    configuration = metadata.get(CONFIGURATION)
    if not isinstance(configuration, dict):
        raise OAuthRefused("invalid_client_metadata", "missing required attribute lti-tool-configuration")
    domain = configuration.get("domain")
    if not domain:
        raise OAuthRefused("invalid_client_metadata", "missing_domain")
    if domain != urlsplit(_text(configuration, "target_link_uri")).netloc:
        raise OAuthRefused("invalid_client_metadata", "domain_targetlinkuri_mismatch")
    return configuration


def _redirect_uris(metadata: dict[str, Any]) -> tuple[str, ...]:
    uris = _list(metadata, "redirect_uris")
    if not uris or not all(isinstance(uri, str) and uri.startswith(("http://", "https://")) for uri in uris):
        raise OAuthRefused("invalid_client_metadata", "missing required attribute redirect_uris")
    return tuple(uris)


def _key_address(metadata: dict[str, Any], target: str) -> str:
    """Return the key address; the LMS fetches it, so it must be the tool's own."""
    address = _web_address(metadata, "jwks_uri")
    if origin_of(address) != origin_of(target):
        raise OAuthRefused("invalid_client_metadata", "jwks_uri is not on the tool's domain")
    return address


def _deep_link_target(configuration: dict[str, Any], target: str) -> str:
    messages = _list(configuration, "messages") if "messages" in configuration else []
    if not all(isinstance(message, dict) and message.get("type") for message in messages):
        raise OAuthRefused("invalid_client_metadata", "every message needs a type")
    picker: dict[str, Any] = next((message for message in messages if message["type"] == DEEP_LINKING), {})
    return _web_address(picker, "target_link_uri") if picker.get("target_link_uri") else target


def _scopes(metadata: dict[str, Any]) -> tuple[str, ...]:
    asked = str(metadata.get("scope") or "").split()
    return tuple(scope for scope in ALL_SCOPES if scope in asked)


def _custom(configuration: dict[str, Any]) -> dict[str, str]:
    custom = configuration.get("custom_parameters", {})
    if not isinstance(custom, dict):
        raise OAuthRefused("invalid_client_metadata", "custom_parameters is no object")
    return {str(key): str(value) for key, value in custom.items()}


def _text(holder: dict[str, Any], name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        raise OAuthRefused("invalid_client_metadata", f"missing required attribute {name}")
    return value


def _web_address(holder: dict[str, Any], name: str) -> str:
    address = _text(holder, name)
    if not address.startswith(("http://", "https://")):
        raise OAuthRefused("invalid_client_metadata", f"{name} is no web address")
    return address


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    if not isinstance(value, list):
        raise OAuthRefused("invalid_client_metadata", f"missing required attribute {name}")
    return value
