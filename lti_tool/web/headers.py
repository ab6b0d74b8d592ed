"""What every response tells the browser to forbid.

Nothing is loaded from elsewhere, nothing runs inline, and only the platform a launch came from may frame its pages.
Who may frame a refusal: `docs/decisions/0011-who-may-frame-what.md`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g

from lti_tool.web.tool import Tool
from lti_tool.web.tracing import registration_id

_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; script-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; "
)
_NOTHING = "sandbox; default-src 'none'; frame-ancestors 'none'"
_FIXED = {
    "Cache-Control": "no-store",
    # Other sites learn nothing; within the tool the address goes along, as "no-referrer" would turn the Origin of our
    # own forms into "null", which cannot be told from a foreign one.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_UNLESS_GIVEN = tuple((name, name.lower(), value) for name, value in _FIXED.items())
_FRAMERS = "frame-ancestors "
_ANYBODY = "*"
_NOBODY = "'none'"


def let_anybody_frame() -> None:
    """Allow any page to frame this response; only for pages that carry no action and no data."""
    g.framed_by_anybody = True


def let_form_go_to(url: str) -> None:
    """Allow the forms of this response to be sent to another site: the answer of the picker to its platform."""
    g.form_target = url


def let_frame(origins: tuple[str, ...]) -> None:
    """Allow these origins to frame this response: a platform that is not registered yet."""
    g.framed_by = origins


def let_nothing_run() -> None:
    """Forbid everything for this response: a file of somebody else's making, to be saved and never shown."""
    g.sandboxed = True


def install(app: Flask, tool: Tool) -> None:
    """Add the headers to every response."""

    def secure(response: Response) -> Response:
        headers = response.headers
        given = {name.lower() for name, _ in headers}  # one look for all: each `setdefault` takes one of its own
        for name, lower, value in _UNLESS_GIVEN:
            if lower not in given:
                headers.add(name, value)
        policy = _NOTHING if g.get("sandboxed") else _POLICY + _form_targets() + _framers(tool)
        headers.add("Content-Security-Policy", policy)
        return response

    app.after_request(secure)


def _form_targets() -> str:
    parts = urlsplit(g.get("form_target", ""))
    elsewhere = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return f"form-action 'self'{elsewhere}; "


def _framers(tool: Tool) -> str:
    known = registration_id()
    if origins := g.get("framed_by"):
        return _FRAMERS + " ".join(origins)
    registration = tool.registrations.by_id(known) if known is not None else None
    if registration is not None:
        return _FRAMERS + " ".join(registration.frame_origins)
    return _FRAMERS + (_ANYBODY if g.get("framed_by_anybody") else _NOBODY)
