"""What all service calls have in common: bearer token, media types, paging."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from lti_tool.sandbox.errors import ServiceRefused
from lti_tool.sandbox.lms import PracticeLms
from lti_tool.sandbox.tools import Tool

T = TypeVar("T")

LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
ANYTHING = "*/*"


def caller(lms: PracticeLms, *scopes: str) -> Tool:
    """Return the tool whose bearer token carries one of the scopes.

    Raises:
        ServiceRefused: 401 without a valid token, 403 without the scope or with another tool's `type_id`.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = lms.access_tokens.find(secret.strip(), lms.now()) if kind.lower() == "bearer" else None
    tool = lms.state.tools.get(token.client_id) if token else None
    if token is None or tool is None or not tool.active:
        raise ServiceRefused(401, "No valid access token")
    if token.scopes.isdisjoint(scopes):
        raise ServiceRefused(403, "The access token lacks the scope")
    if request.args.get("type_id", tool.deployment_id) != tool.deployment_id:
        raise ServiceRefused(403, "type_id names another tool")
    return tool


def must_accept(*media_types: str) -> None:
    """Refuse an Accept header that names none of the media types; they are compared exactly, as in Moodle.

    Raises:
        ServiceRefused: 400.
    """
    accepted = {part.partition(";")[0].strip() for part in request.headers.get("Accept", "").split(",")}
    if accepted.isdisjoint(media_types):
        raise ServiceRefused(400, f"No handler found: Accept must be {media_types[0]}")


def body_as(media_type: str) -> Any:
    """Return the JSON body of a call with this media type.

    Raises:
        ServiceRefused: 400 for another media type or a body that is not JSON.
    """
    if request.mimetype != media_type:
        raise ServiceRefused(400, f"No handler found: Content-Type must be {media_type}")
    try:
        return json.loads(request.get_data())
    except ValueError:
        raise ServiceRefused(400, "The body is not JSON") from None


def answer_as(media_type: str, body: Any, status: int = 200) -> Response:
    answer = jsonify(body)
    answer.content_type = media_type
    answer.status_code = status
    return answer


def one_page(lms: PracticeLms, things: Sequence[T], *, default_limit: int | None = None) -> tuple[list[T], str | None]:
    """Return the page that `limit` and `from` ask for, and a Link header if more follows (RFC 8288).

    Raises:
        ServiceRefused: 400 if `limit` or `from` is no number.
    """
    limit = _whole("limit", default_limit)
    start = _whole("from", 0) or 0
    if not limit:
        return list(things[start:]), None
    if start + limit >= len(things):
        return list(things[start:]), None
    query = urlencode({**request.args.to_dict(), "limit": limit, "from": start + limit})
    return list(things[start : start + limit]), f'<{lms.config.base_url}{request.path}?{query}>; rel="next"'


def _whole(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise ServiceRefused(400, f"{name} is not a whole number")
    return int(text)
