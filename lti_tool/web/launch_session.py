"""Pages of a launch live below `/l/<launch>/`; this is their only door.

The credential is a cookie limited to that path: two courses in two tabs never mix, and no address holds a secret. The
cookie is partitioned, as the page mostly stands in a frame of another site. Since such a cookie travels with requests
that other sites start, each request that changes something must prove it comes from our own page.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request

from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.observability import concern_registration
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import OpenedLaunch
from lti_tool.web.forgery import refuse_forgery, token_of
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

COOKIE = "launch"
_BELOW = "/l/"
PREFIX = f"{_BELOW}<uuid:launch_id>"

_ONE_DAY_SECONDS = 86_400


def under_launch(blueprint: Blueprint) -> Blueprint:
    """Put a blueprint's pages behind the door: who acts is known before any view runs.

    Register the blueprint below `PREFIX`. Its views get no launch id; `url_for` fills it in.
    """
    blueprint.url_value_preprocessor(_take_launch_id)
    blueprint.before_request(_authorise)
    return blueprint


def current_actor() -> Actor:
    """Return who acts in this request."""
    actor: Actor = g.actor
    return actor


def acting() -> Actor | None:
    """Return who acts, or None on a page outside of a launch."""
    actor: Actor | None = g.get("actor")
    return actor


def csrf_token() -> str:
    """Return the value that a form of this launch sends as `csrf` (or in the header X-CSRF-Token)."""
    return token_of(_credential()[1])


def start_session(response: Response, opened: OpenedLaunch) -> Response:
    """Give the browser the credential of a launch.

    The cookie outlives the session by a day, so that an ended session can be told from a foreign one.
    """
    g.started_launch_id = opened.launch_id
    response.set_cookie(
        COOKIE,
        f"{opened.registration_id}.{opened.secret}",
        max_age=current_tool().settings.session_hours * 3600 + _ONE_DAY_SECONDS,
        path=f"{_BELOW}{opened.launch_id}",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )
    return response


def landing_url(launch_id: UUID) -> str:
    """Return the first page of a launch."""
    return f"{_BELOW}{launch_id}/"


def _take_launch_id(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.launch_id = values.pop("launch_id") if values else None


def _authorise() -> None:
    registration_id, secret = _credential()
    tool = current_tool()
    g.actor = LaunchSessions(db(), tool.clock).actor(registration_id, g.launch_id, secret)
    concern_registration(registration_id)
    refuse_forgery(secret)


def _credential() -> tuple[int, str]:
    prefix, _, secret = request.cookies.get(COOKIE, "").partition(".")
    if not secret or not prefix.isascii() or not prefix.isdigit() or len(prefix) > 9:  # noqa: PLR2004 -- fits an INTEGER
        raise Refusal(Code.SESSION_FOREIGN, "no credential")
    return int(prefix), secret
