"""The media of the modules. Their address holds the module's version, so a browser may keep them for good."""

from __future__ import annotations

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from lti_tool.curriculum.media_types import is_download, media_type
from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.assets import FOREVER
from lti_tool.web.tool import current_tool

bp = Blueprint("content", __name__)


@bp.get("/content/<module_id>/<version>/<name>")
def media(module_id: str, version: str, name: str) -> ResponseReturnValue:
    """Serve one file that the checked content names, a part of it if asked; anything else does not exist."""
    tool = current_tool()
    module = tool.catalogue.module(module_id)
    kind = media_type(name)
    if module is None or name not in module.media or kind is None:
        raise Refusal(Code.NOT_FOUND, "no such file")
    path = safe_join(str(tool.settings.content_dir), "modules", module_id, "media", name)
    if path is None:
        raise Refusal(Code.NOT_FOUND, "no such file")
    response = send_file(path, mimetype=kind, conditional=True, as_attachment=is_download(name))
    response.headers["Cache-Control"] = FOREVER if version == module.version else "no-cache"
    return response
