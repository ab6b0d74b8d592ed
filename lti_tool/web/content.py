"""The pictures of the modules. Their address holds the module's version, so a browser may keep them for good."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.assets import FOREVER
from lti_tool.web.tool import current_tool

bp = Blueprint("content", __name__)

_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml", "image/avif"})


@bp.get("/content/<module_id>/<version>/<name>")
def media(module_id: str, version: str, name: str) -> ResponseReturnValue:
    """Serve one picture that the checked content names; anything else does not exist."""
    tool = current_tool()
    module = tool.catalogue.module(module_id)
    media_type = mimetypes.guess_type(name)[0]
    if module is None or name not in module.media or media_type not in _PICTURES:
        raise Refusal(Code.NOT_FOUND, "no such picture")
    path = safe_join(str(tool.settings.content_dir), "modules", module_id, "media", name)
    if path is None:
        raise Refusal(Code.NOT_FOUND, "no such picture")
    response = send_file(path, mimetype=media_type, conditional=True)
    response.headers["Cache-Control"] = FOREVER if version == module.version else "no-cache"
    return response
