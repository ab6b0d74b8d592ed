"""What of a course instructors see, what goes into the LMS, and where that is decided."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.web.instructor import bp, current_class


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """Read only: the platform's administrators decide, for all courses alike."""
    room = current_class()
    return render_template("class_settings.html", room=room, course=room.course)
