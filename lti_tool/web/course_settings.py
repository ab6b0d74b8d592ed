"""What of a course instructors see, what goes into the LMS, and who has more time."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.extra_time import ExtraTimes
from lti_tool.web.instructor import Class, Column, bp, current_class, shown_name
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

MOST_MINUTES = 600


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """Settings to read, as the platform's administrators decide; more time for single people to grant."""
    return _show(current_class(), unknown=None)


@bp.post("/settings/extra-time")
def grant_time() -> ResponseReturnValue:
    """Grant one person more time in one activity; a name that fits nobody, or several, is asked for again."""
    room = current_class()
    words = request.form.get("person", "").strip()[:100]
    fitting = [person for person in room.people if shown_name(person).casefold() == words.casefold()]
    found = fitting or (room.found(words, None) if words else [])
    user_id = found[0].user_id if len(found) == 1 else None
    if user_id is None:
        return _show(room, unknown=words), 404
    _times().grant_in_course(current_actor(), _link_id(), user_id, _minutes())
    commit()
    return redirect(url_for("instructor.settings"), 303)


def _show(room: Class, *, unknown: str | None) -> str:
    return render_template(
        "class_settings.html",
        room=room,
        course=room.course,
        limited=[column for column in room.columns if _is_limited(column)],
        granted=_times().granted(current_actor()),
        unknown=unknown,
        most_minutes=MOST_MINUTES,
    )


def _is_limited(column: Column) -> bool:
    quiz = column.module.graded(column.part)
    return quiz is not None and quiz.time_limit is not None


def _link_id() -> UUID:
    try:
        return UUID(request.form.get("activity", ""))
    except ValueError as error:
        raise Refusal(Code.NOT_FOUND, "no such activity") from error


def _minutes() -> int:
    value = request.form.get("minutes", "")
    if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value) <= MOST_MINUTES):  # noqa: PLR2004 -- three digits
        raise Refusal(Code.BAD_REQUEST, "no number of minutes")
    return int(value)


def _times() -> ExtraTimes:
    return ExtraTimes(db(), current_tool().clock)
