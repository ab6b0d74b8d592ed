"""What the tool sees of a request after all proxies, told only to whoever holds the secret key: `smartcity doctor`.

Whether forwarded headers are trusted rightly shows only from outside, and nobody else should learn of it.
"""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, TimestampSigner

from lti_tool.domain.errors import Code, Refusal
from lti_tool.settings import Settings
from lti_tool.web.tool import current_tool

PATH = "/healthz/seen"
QUESTION = "X-Smartcity-Question"

bp = Blueprint("seen", __name__)
_VALID_SECONDS = 60


def signed_question(settings: Settings) -> str:
    """Return the header's value that opens the page for a minute."""
    return _signer(settings).sign("seen").decode()


@bp.get(PATH)
def show() -> ResponseReturnValue:
    """The client as every other page sees it, and what proxies wrote about it."""
    try:
        _signer(current_tool().settings).unsign(request.headers.get(QUESTION, ""), max_age=_VALID_SECONDS)
    except BadSignature:
        raise Refusal(Code.NOT_FOUND) from None
    return jsonify(client=request.remote_addr, forwarded=request.headers.get("X-Forwarded-For", ""))


def _signer(settings: Settings) -> TimestampSigner:
    return TimestampSigner(settings.secret_key.get_secret_value(), salt="smartcity doctor")
