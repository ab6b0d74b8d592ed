"""Gives each request the number that its log records and its refusal page share."""

from __future__ import annotations

from flask import Flask, Response, g, request

from lti_tool.observability import concern_registration, start_request
from lti_tool.web.launch_session import acting
from lti_tool.web.tool import Tool

HEADER = "X-Request-ID"


def reference() -> str:
    """Return this request's number."""
    number: str = g.request_id
    return number


def install(app: Flask, tool: Tool) -> None:
    """Number each request; only a proxy that the operator trusts may bring a number of its own."""

    def begin() -> None:
        given = request.headers.get(HEADER, "") if tool.settings.trusted_proxies else ""
        g.request_id = start_request(given)

    def end(response: Response) -> Response:
        response.headers.add(HEADER, reference())
        return response

    app.before_request(begin)
    app.after_request(end)


def registration_id() -> int | None:
    """Return the registration this request belongs to, once that is certain; log records from now on name it."""
    actor = acting()
    found: int | None = actor.registration_id if actor else g.get("registration_id")
    if found is not None:
        concern_registration(found)
    return found
