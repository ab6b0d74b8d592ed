"""Requests that change something must come from a page of ours, not from another site."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

from flask import request

from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import take_in_body

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


def token_of(secret: str) -> str:
    """Return the value that forms of a session send as `csrf`; it tells nothing of the session's secret."""
    return sha256(f"csrf:{secret}".encode()).hexdigest()


def refuse_forgery(secret: str) -> None:
    """Let reading pass, and what carries the session's own token.

    Raises:
        Refusal: `csrf` for a foreign origin, and for a missing or wrong token.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != current_tool().settings.base_url:
        raise Refusal(Code.CSRF, "foreign origin")
    take_in_body()
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not compare_digest(sent.encode(), token_of(secret).encode()):
        raise Refusal(Code.CSRF, "no or wrong token")
