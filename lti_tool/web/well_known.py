"""`security.txt` (RFC 9116): where people who find a weakness of this installation report it."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from lti_tool.web.tool import current_tool

bp = Blueprint("well_known", __name__)


@bp.get("/.well-known/security.txt")
def security() -> Response:
    """What the operator decided; a contact past its day is not given, as nobody may read it any more."""
    tool = current_tool()
    settings = tool.settings
    if not settings.security_contact or settings.security_expires is None:
        raise NotFound
    expires = datetime.combine(settings.security_expires, time.max, UTC).replace(microsecond=0)
    if tool.clock() > expires:
        raise NotFound
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    )
    return Response("\n".join((*lines, "")), mimetype="text/plain")
