"""The door of the operator's console: its own cookie, its own token, and in nobody's frame."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.operators import SESSION_LASTS, Operators
from lti_tool.web.forgery import refuse_forgery, token_of
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

COOKIE = "operator"
PATH = "/operator"


def for_operators(blueprint: Blueprint) -> Blueprint:
    """Put a blueprint's pages behind the door."""
    blueprint.before_request(_authorise)
    blueprint.after_request(in_no_frame)
    blueprint.context_processor(_surroundings)
    return blueprint


def in_no_frame(response: Response) -> Response:
    """Let nobody frame an answer, not even a refusal."""
    g.framed_by_anybody = False
    return response


def start_session(response: Response, secret: str) -> Response:
    """Give the browser an operator's credential; it goes to the console only, and with no request of another site."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        path=PATH,
        secure=True,
        httponly=True,
        samesite="Strict",
    )
    return response


def credential() -> str:
    """Return the secret the browser brought, "" if it brought none."""
    return request.cookies.get(COOKIE, "")


def _authorise() -> None:
    secret = credential()
    if not secret:
        raise Refusal(Code.OPERATOR_SESSION_EXPIRED)
    Operators(db(), current_tool().clock).check(secret)
    refuse_forgery(secret)


def _surroundings() -> dict[str, Any]:
    return {"csrf": token_of(credential())}
