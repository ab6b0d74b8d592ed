"""Where platforms send notices (Platform Notification Service 1.0): a door for servers, without people or cookies."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.notices import Notices
from lti_tool.web.errors import answer_as_problem
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = Blueprint("notices", __name__)

LARGEST_BODY = 256 * 1024
MOST_NOTICES = 100


@bp.post("/lti/notices")
def receive() -> ResponseReturnValue:
    """Take a batch of notices: all of them verified, or none is kept."""
    answer_as_problem()
    reader = current_tool().notice_reader
    received = [reader.read(token) for token in _tokens()]
    notices = Notices(db(), current_tool().clock)
    for notice in received:
        g.registration_id = notice.registration_id
        notices.take(notice)
    commit()
    return "", 200


def _tokens() -> list[str]:
    """Return the signed tokens of the body `{"notices": [{"jwt": …}, …]}` (rows P1, P5)."""
    request.max_content_length = LARGEST_BODY
    try:
        body: Any = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise Refusal(Code.BAD_REQUEST, "not JSON") from None
    entries = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not entries:
        raise Refusal(Code.NOTICES_UNAUTHENTICATED, "no notices")
    if len(entries) > MOST_NOTICES:
        raise Refusal(Code.NOTICES_TOO_MANY)
    tokens = [entry.get("jwt") if isinstance(entry, dict) else None for entry in entries]
    if not all(isinstance(token, str) for token in tokens):
        raise Refusal(Code.NOTICES_UNAUTHENTICATED, "no JWT")
    return [str(token) for token in tokens]
