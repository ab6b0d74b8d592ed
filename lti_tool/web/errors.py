"""Every "no" becomes a page in plain words, with a code and a number to search the log for.

Scripts get the same as `application/problem+json` (RFC 9457).
"""

from __future__ import annotations

import errno

import structlog
from flask import Flask, Response, g, json, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from lti_tool import metrics
from lti_tool.db.engine import is_full, is_read_only
from lti_tool.domain.errors import Code, Refusal
from lti_tool.web import headers, refusal_records
from lti_tool.web.idea_sentences import PICTURES_AWAY
from lti_tool.web.launch_session import acting
from lti_tool.web.sentences import CONTENT_UNKNOWN_ADVICE, REFUSALS, Explanation
from lti_tool.web.tracing import reference, registration_id
from lti_tool.web.way_back import way_back, web_address

_log = structlog.get_logger(__name__)

_BY_STATUS = {
    400: Code.BAD_REQUEST,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.TOO_LARGE,
    429: Code.RATE_LIMITED,
    503: Code.TEMPORARILY_UNAVAILABLE,
}
_EXPLAINED_TO_ADMINISTRATORS = "dr."  # whoever connects an LMS can use the detail: our own words, or the LMS's error
_FIRST_FAULT_OF_OURS = 500
_FIRST_ERROR = 400
_DATABASE_BACK_SECONDS = 10
_SPACE_BACK_SECONDS = 120
_FILES_BACK_SECONDS = 60
_WITH_FILES = frozenset({"uploads", "my_data", "instructor", "ideas", "idea_pictures", "operator_ideas"})
_WITH_PICTURES = frozenset({"ideas", "idea_pictures", "operator_ideas"})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_FRAMES = frozenset({"iframe", "frame"})


def install(app: Flask) -> None:
    """Answer refusals, the framework's own errors and our faults with pages of the same shape."""
    refusal_records.install(app)
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(HTTPException, _framework_says_no)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)  # a connection that ended between two statements
    app.register_error_handler(PoolExhausted, _database_away)
    app.register_error_handler(InternalError, _database_refuses)
    app.register_error_handler(OSError, _store_away)
    app.register_error_handler(Exception, _our_fault)


def refuse(refusal: Refusal) -> Response:
    """Answer a request with its refusal."""
    if refusal.registration_id is not None:
        g.registration_id = refusal.registration_id
    registration_id()
    tell = _log.warning if refusal.code.status >= _FIRST_FAULT_OF_OURS else _log.info
    tell("refused", code=refusal.code.slug, status=refusal.code.status, detail=refusal.detail)
    refusal_records.record(refusal)
    return _answer(refusal)


def _framework_says_no(error: HTTPException) -> ResponseReturnValue:
    status = error.code or _FIRST_FAULT_OF_OURS
    if status < _FIRST_ERROR:  # a redirect, which the framework raises as well
        return error.get_response()
    fallback = Code.INTERNAL if status >= _FIRST_FAULT_OF_OURS else Code.BAD_REQUEST
    response = _answer(Refusal(_BY_STATUS.get(status, fallback)))
    response.status_code = status
    for name, value in error.get_response().headers.items():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _database_away(error: Exception) -> Response:
    """Row A72: nothing was stored and nothing used up, so the same request may succeed in a moment."""
    registration_id()
    if is_full(error):
        _log.error("storage full")
        return _answer(Refusal(Code.STORAGE_FULL, retry_after=_SPACE_BACK_SECONDS))
    _log.exception("database away")
    metrics.DATABASE_AWAY.inc()
    return _answer(Refusal(Code.TEMPORARILY_UNAVAILABLE, retry_after=_DATABASE_BACK_SECONDS))


def _database_refuses(error: InternalError) -> Response:
    """Nothing was stored here either, but no traceback would tell more than this word."""
    if not is_read_only(error):
        return _our_fault(error)
    registration_id()
    _log.error("database read only")
    metrics.DATABASE_AWAY.inc()
    return _answer(Refusal(Code.TEMPORARILY_UNAVAILABLE, retry_after=_DATABASE_BACK_SECONDS))


def _store_away(error: OSError) -> Response:
    """Nothing was kept of what was handed in; what was kept before is."""
    if request.blueprint not in _WITH_FILES:
        return _our_fault(error)
    if error.errno in _NO_ROOM:
        _log.error("storage full", detail=str(error))
        return _answer(Refusal(Code.STORAGE_FULL, retry_after=_SPACE_BACK_SECONDS))
    return refuse(Refusal(Code.FILES_AWAY, f"{type(error).__name__}: {error}", retry_after=_FILES_BACK_SECONDS))


def _our_fault(_error: Exception) -> Response:
    registration_id()
    _log.exception("request failed")
    return _answer(Refusal(Code.INTERNAL))


def _answer(refusal: Refusal) -> Response:
    g.outcome = refusal.code.slug
    headers.let_anybody_frame()
    explanation = _explain(refusal)
    response = _problem(refusal, explanation) if _asked_by_script() else _page(refusal, explanation)
    response.status_code = refusal.code.status
    response.headers["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _explain(refusal: Refusal) -> Explanation:
    explanation = REFUSALS[refusal.code]
    if refusal.code is Code.FILES_AWAY and request.blueprint in _WITH_PICTURES:
        return Explanation(*PICTURES_AWAY)
    if refusal.code is not Code.CONTENT_UNKNOWN:
        return explanation
    actor = acting()
    teaches = actor.is_instructor if actor else refusal.for_instructor
    return Explanation(explanation.happened, CONTENT_UNKNOWN_ADVICE[teaches])


def answer_as_problem() -> None:
    """Answer a refusal of this request as a problem document, whatever it accepts: it comes from a server."""
    g.asked_by_script = True


def _asked_by_script() -> bool:
    if "asked_by_script" in g:
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _problem(refusal: Refusal, explanation: Explanation) -> Response:
    body = {
        "type": "about:blank",
        "title": str(explanation.happened),
        "detail": str(explanation.advice),
        "status": refusal.code.status,
        "code": refusal.code.slug,
        "reference": reference(),
    }
    return Response(json.dumps(body), mimetype="application/problem+json")


def _page(refusal: Refusal, explanation: Explanation) -> Response:
    actor = acting()
    page = render_template(
        "refusal.html",
        explanation=explanation,
        code=refusal.code.slug,
        reference=reference(),
        detail=refusal.detail if refusal.code.slug.startswith(_EXPLAINED_TO_ADMINISTRATORS) else "",
        back=way_back(refusal, explanation, reference(), framed=request.headers.get("Sec-Fetch-Dest") in _FRAMES)
        or web_address(actor.return_url if actor else None),
    )
    return Response(page, mimetype="text/html")
