"""Notices to tools without anybody looking (Platform Notification Service 1.0)."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

import requests
from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.course import Course
from lti_tool.sandbox.errors import ServiceRefused
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.service_calls import caller
from lti_tool.sandbox.state import NoticeHandler
from lti_tool.sandbox.tools import CONTEXT_COPY, HELLO_WORLD, NOTICE_TYPES, SCOPE_NOTICES, Tool, origin_of
from lti_tool.sandbox.viewing import administrator

blueprint = Blueprint("notices", __name__)

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LIFETIME = 3600  # seconds


@blueprint.put("/services/notice-handlers/<deployment_id>")
def put_handler(deployment_id: str) -> ResponseReturnValue:
    """Remember where a tool wants one kind of notices; an empty address ends it."""
    lms = current_lms()
    tool = _caller(lms, deployment_id)
    asked: Any = request.get_json(silent=True)
    kind, url = (asked.get(name) if isinstance(asked, dict) else None for name in ("notice_type", "handler"))
    if kind not in NOTICE_TYPES or not isinstance(url, str):
        raise ServiceRefused(400, "notice_type or handler is missing or unknown")
    if url and origin_of(url) != tool.origin:
        raise ServiceRefused(400, "The handler is not on the tool's domain")
    lms.state.notice_handlers.put(
        f"{tool.client_id}/{kind}", NoticeHandler(client_id=tool.client_id, kind=kind, url=url)
    )
    lms.journal.received(lms.now(), "Empfang von Mitteilungen", asked)
    return jsonify({"notice_type": kind, "handler": url})


@blueprint.get("/services/notice-handlers/<deployment_id>")
def list_handlers(deployment_id: str) -> ResponseReturnValue:
    lms = current_lms()
    tool = _caller(lms, deployment_id)
    handlers = [{"notice_type": kind, "handler": _handler(lms, tool, kind)} for kind in NOTICE_TYPES]
    return jsonify({"client_id": tool.client_id, "deployment_id": tool.deployment_id, "notice_handlers": handlers})


@blueprint.post("/registration/<client_id>/hello")
def say_hello(client_id: str) -> ResponseReturnValue:
    """Let the administrator try whether a tool hears notices."""
    lms = current_lms()
    administrator()
    notify(lms, lms.active_tool(client_id), HELLO_WORLD, {})
    return redirect(url_for("pages.messages"), 303)


def notify_all(lms: PracticeLms, copied: Course) -> None:
    """Tell every tool that a course is a copy."""
    context = {"id": copied.id, "label": copied.label, "title": copied.title, "type": ["CourseSection"]}
    claims = {LTI + "context": context, LTI + "origin_contexts": list(copied.history[:1])}
    for tool in lms.state.tools.all():
        if tool.active:
            notify(lms, tool, CONTEXT_COPY, claims)


def notify(lms: PracticeLms, tool: Tool, kind: str, claims: dict[str, Any]) -> None:
    """Send one notice if the tool wants that kind; like Canvas only once, whatever comes of it."""
    url = _handler(lms, tool, kind)
    if not url:
        return
    now = lms.now()
    notice = {"id": str(uuid.uuid4()), "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "type": kind}
    said = {
        "iss": lms.config.base_url,
        "aud": tool.client_id,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + LIFETIME,
        "nonce": secrets.token_urlsafe(16),
        LTI + "version": "1.3.0",
        LTI + "deployment_id": tool.deployment_id,
        LTI + "notice": notice,
        **claims,
    }
    try:
        status = lms.config.post_notices(url, {"notices": [{"jwt": lms.key.sign(said)}]})
        outcome = f"Mitteilung gesendet, Antwort {status}"
    except requests.RequestException as fault:
        outcome = f"Mitteilung nicht angekommen ({type(fault).__name__})"
    lms.journal.sent(now, outcome, said)


def _caller(lms: PracticeLms, deployment_id: str) -> Tool:
    tool = caller(lms, SCOPE_NOTICES)
    if tool.deployment_id != deployment_id:
        raise ServiceRefused(403, "This deployment is another tool's")
    return tool


def _handler(lms: PracticeLms, tool: Tool, kind: str) -> str:
    handler = lms.state.notice_handlers.get(f"{tool.client_id}/{kind}")
    return handler.url if handler else ""
