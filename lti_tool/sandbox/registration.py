"""Registration by URL (LTI Dynamic Registration 1.0): an administrator invites, the tool registers itself."""

from __future__ import annotations

import secrets
import string
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.client_metadata import CONFIGURATION, read_client
from lti_tool.sandbox.errors import OAuthRefused, PageRefused
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.tools import Tool, origin_of
from lti_tool.sandbox.viewing import administrator, viewer

blueprint = Blueprint("registration", __name__)

_ALPHABET = string.ascii_letters + string.digits


@blueprint.get("/registration")
def overview() -> ResponseReturnValue:
    """List the tools; administrators may add one."""
    state = current_lms().state
    return render_template(
        "registration.html",
        tools=state.tools.all(),
        may_change=viewer().administers,
        listening={handler.client_id for handler in state.notice_handlers.all() if handler.url},
    )


@blueprint.post("/registration/start")
def start() -> ResponseReturnValue:
    """Open the tool's registration URL in a frame, with our configuration and a token for one registration."""
    lms = current_lms()
    administrator()
    url = request.form.get("url", "").strip()
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise PageRefused(400, "Das ist keine Registrierungs-URL. Sie beginnt mit https:// oder http://.")
    query = urlencode(
        {
            "openid_configuration": f"{lms.config.base_url}/.well-known/openid-configuration",
            "registration_token": lms.invitations.issue(lms.now()),
        }
    )
    g.frame_origin = origin_of(url)
    lms.journal.sent(lms.now(), "Einladung zur Registrierung", {"url": url})
    return render_template(
        "frame.html",
        title="Werkzeug einbinden",
        intro="Das Werkzeug zeigt, was es braucht. Danach schließt sich diese Seite von selbst.",
        source=f"{url.partition('#')[0]}{'&' if parts.query else '?'}{query}",
        closes_to=url_for("registration.overview"),
    )


@blueprint.post("/platform/register")
def register() -> ResponseReturnValue:
    """Take a tool's client metadata; the tool then waits for an administrator to activate it."""
    lms = current_lms()
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise OAuthRefused("invalid_token", "missing_registration_token", 401)
    if not lms.invitations.holds(token, lms.now()):
        raise OAuthRefused("invalid_token", "token_already_used", 401)
    metadata: Any = request.get_json(silent=True)
    fields = read_client(metadata)
    if not lms.invitations.redeem(token):
        raise OAuthRefused("invalid_token", "token_already_used", 401)
    with lms.state.lock:
        tool = Tool(client_id=_new_client_id(), deployment_id=_next_deployment(lms), active=False, **fields)
        lms.state.tools.put(tool.client_id, tool)
    lms.journal.received(lms.now(), "Registrierung", metadata)
    return jsonify(_response(metadata, tool))


@blueprint.post("/registration/<client_id>/activate")
def activate(client_id: str) -> ResponseReturnValue:
    lms = current_lms()
    administrator()
    tool = lms.state.tools.get(client_id)
    if tool is None:
        raise PageRefused(404, "Dieses Werkzeug ist hier nicht eingerichtet.")
    lms.state.tools.put(client_id, replace(tool, active=True))
    return redirect(url_for("registration.overview"), 303)


def _response(metadata: dict[str, Any], tool: Tool) -> dict[str, Any]:
    configuration = {**metadata[CONFIGURATION], "deployment_id": tool.deployment_id}
    return {
        **metadata,
        "client_id": tool.client_id,
        "scope": " ".join(tool.scopes),
        CONFIGURATION: configuration,
    }


def _new_client_id() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(15))


def _next_deployment(lms: PracticeLms) -> str:
    numbers = [int(tool.deployment_id) for tool in lms.state.tools.all() if tool.deployment_id.isdecimal()]
    return str(max(numbers, default=0) + 1)
