"""Access tokens for services (LTI security framework 1.0, 4; RFC 7523)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from joserfc import jws
from joserfc.errors import JoseError

from lti_tool.sandbox.access import LIFETIME
from lti_tool.sandbox.errors import OAuthRefused, TokenRefused
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.tool_keys import LEEWAY
from lti_tool.sandbox.tools import Tool

blueprint = Blueprint("tokens", __name__)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_LIFE = timedelta(days=1)


@blueprint.post("/platform/token")
def issue() -> ResponseReturnValue:
    """Exchange a signed assertion for an access token; unknown scopes are left out, as in Moodle."""
    lms = current_lms()
    form = request.form
    if form.get("grant_type") != "client_credentials":
        raise OAuthRefused("unsupported_grant_type", "grant_type is not client_credentials")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise OAuthRefused("invalid_request", "client_assertion_type is not jwt-bearer")
    tool = _authenticated(lms, form.get("client_assertion", ""))
    granted = [scope for scope in form.get("scope", "").split() if scope in tool.scopes]
    if not granted:
        raise OAuthRefused("invalid_scope", "None of the scopes is granted to this tool")
    token = lms.access_tokens.issue(tool.client_id, granted, lms.now())
    answer = {
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "scope": " ".join(granted),
    }
    lms.journal.received(lms.now(), "Zugriffstoken geholt", {"client_id": tool.client_id, **answer})
    return jsonify({"access_token": token, **answer})


def _authenticated(lms: PracticeLms, assertion: str) -> Tool:
    """Return the tool that signed an assertion: who is read first, then proven."""
    tool = lms.state.tools.get(_claimed_client(assertion))
    if tool is None or not tool.active:
        raise OAuthRefused("invalid_client", "The assertion's sub is no client here")
    try:
        claims = lms.tool_keys.claims(assertion, tool.jwks_url)
    except TokenRefused as fault:
        raise OAuthRefused("invalid_client", str(fault)) from fault
    _check_assertion(lms, tool, claims)
    return tool


def _check_assertion(lms: PracticeLms, tool: Tool, claims: dict[str, Any]) -> None:
    now = lms.now()
    if claims.get("iss") != tool.client_id or claims.get("sub") != tool.client_id:
        raise OAuthRefused("invalid_client", "iss and sub must both be the client_id")
    audience = claims.get("aud")
    if lms.config.token_url not in (audience if isinstance(audience, list) else [audience]):
        raise OAuthRefused("invalid_client", f"aud must be {lms.config.token_url}")
    if claims["exp"] > (now + _LONGEST_LIFE).timestamp():
        raise OAuthRefused("invalid_client", "exp lies more than a day ahead")
    jti = claims.get("jti")
    end = datetime.fromtimestamp(claims["exp"] + LEEWAY, UTC)
    if not isinstance(jti, str) or not jti:
        raise OAuthRefused("invalid_client", "jti is missing")
    if not lms.used.burn(f"jti {tool.client_id} {jti}", until=end, now=now):
        raise OAuthRefused("invalid_client", "jti was used before")


def _claimed_client(assertion: str) -> str | None:
    """Read `sub` without trusting it."""
    try:
        payload = jws.extract_compact(assertion.encode()).payload
        sub = _json_object(payload).get("sub")
    except (JoseError, ValueError) as fault:
        raise OAuthRefused("invalid_request", "client_assertion is no JWT") from fault
    return sub if isinstance(sub, str) else None


def _json_object(payload: bytes) -> dict[str, Any]:
    """Return a payload that is a JSON object.

    Raises:
        ValueError: it is none.
    """
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise ValueError("the payload is no JSON object")  # noqa: TRY004 - for the caller it is one of the malformed ones
    return claims
