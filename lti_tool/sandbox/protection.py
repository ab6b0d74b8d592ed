from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.errors import PageRefused
from lti_tool.sandbox.lms import PracticeLms

_FOR_TOOLS = ("/platform/", "/services/", "/deep-linking/", "/.well-known/")


def install(app: Flask, lms: PracticeLms) -> None:
    """Keep other sites out, send people to the right address, set the headers."""

    @app.before_request
    def _guard() -> ResponseReturnValue | None:
        if request.method not in {"GET", "HEAD"} and not request.path.startswith(_FOR_TOOLS):
            _refuse_foreign_origin()
        return _to_own_address(lms)

    @app.after_request
    def _headers(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _policy(lms)
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
        return answer


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise PageRefused(403, "Dieses Formular kam von einer anderen Website.")


def _to_own_address(lms: PracticeLms) -> ResponseReturnValue | None:
    """Send a browser that came by another name for this machine to the issuer's: cookies and frames depend on it."""
    own = urlsplit(lms.config.base_url).netloc
    wants_page = request.method == "GET" and not request.path.startswith((*_FOR_TOOLS, "/practice/", "/static/"))
    if wants_page and request.host != own:
        return redirect(lms.config.base_url + request.full_path.rstrip("?"))
    return None


def _policy(lms: PracticeLms) -> str:
    origins = {tool.origin for tool in lms.state.tools.all()}
    origins |= {g.frame_origin} if "frame_origin" in g else set()
    tools = " ".join(sorted(origins))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-src 'self' {tools}; form-action 'self' {tools}; frame-ancestors 'self'"
    )
