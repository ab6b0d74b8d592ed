"""Whoever has just stored something sees it on every page: the browser brings along how far the database had come.

A standby that has not come so far is not read for it. The mark lasts a little longer than a standby may be behind.
"""

from __future__ import annotations

import re

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.db.standby import OLDEST_SECONDS, UNKNOWN
from lti_tool.web.operator_session import PATH
from lti_tool.web.tool import Tool, current_tool
from lti_tool.web.unit_of_work import give_back, has_stored

COOKIE = "written"
SECONDS = int(OLDEST_SECONDS) + 20
_POSITION = re.compile("[0-9]{1,19}")


def install(app: Flask, tool: Tool) -> None:
    """Mark every answer to a request that stored something, if there is a standby."""

    def mark(response: Response) -> Response:
        path = _path() if has_stored() and request.method == "POST" else None
        standby = current_tool().standby
        if path is None or standby is None:
            return response
        give_back()
        try:
            position = standby.position_written()
        except SQLAlchemyError:
            position = UNKNOWN
        in_frame = path != PATH
        response.set_cookie(
            COOKIE,
            str(position),
            max_age=SECONDS,
            path=path,
            secure=True,
            httponly=True,
            samesite="None" if in_frame else "Strict",
            partitioned=in_frame,
        )
        return response

    if tool.standby:
        app.after_request(mark)


def position_of_own_writes() -> int:
    """Return how far the database had come when this browser last stored something, 0 if that is long ago."""
    brought = request.cookies.get(COOKIE, "")
    return int(brought) if _POSITION.fullmatch(brought) else 0


def _path() -> str | None:
    """Return below which address the pages lie that must show it."""
    launch_id = g.get("started_launch_id") or g.get("launch_id")
    if launch_id:
        return f"/l/{launch_id}"
    return PATH if request.path.startswith(f"{PATH}/") else None
