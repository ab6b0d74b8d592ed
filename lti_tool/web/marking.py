"""Marking texts and files: what waits, and one answer after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.gradebook import Gradebook
from lti_tool.services.marking import AnswerToMark, MarkedMeanwhile, Marking, ToMark, among
from lti_tool.services.uploads import Uploads
from lti_tool.web.instructor import bp
from lti_tool.web.launch_session import current_actor
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.uploads import attachment

MOST_RADIO_BUTTONS = 10
"""A line of the rubric with more points gets a field for a number."""
_POINTS = "points-"


@bp.get("/marking")
def marking_list() -> ResponseReturnValue:
    """What waits, the oldest first; or what is marked already, to look at it again."""
    done = request.args.get("list") == "done"
    marking, actor = _marking(), current_actor()
    entries = marking.marked(actor) if done else marking.waiting(actor)
    link_id = _link_id()
    activities = {entry.link_id: entry.activity for entry in entries}
    return render_template(
        "class_marking.html",
        entries=among(entries, link_id),
        activities=activities,
        link_id=link_id if link_id in activities else None,
        done=done,
        names=shows_names(),
    )


@bp.get("/marking/<uuid:attempt_id>/<question_id>")
def mark_page(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """One answer at the left, its rubric at the right."""
    answer = _marking().answer(current_actor(), attempt_id, question_id)
    return _show(answer, given={}, comment=None, meanwhile=False)


@bp.post("/marking/<uuid:attempt_id>/<question_id>")
def mark(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """Save the marks and go on to the next answer that waits."""
    marking, actor = _marking(), current_actor()
    points = {name.removeprefix(_POINTS): value for name, value in request.form.items() if name.startswith(_POINTS)}
    comment = request.form.get("comment", "")
    try:
        marking.mark(
            actor,
            attempt_id,
            question_id,
            points,
            comment,
            seen=request.form.get("seen", ""),
            second=request.form.get("second") == "1",
        )
    except MarkedMeanwhile:
        db().rollback()
        answer = marking.answer(actor, attempt_id, question_id)
        return _show(answer, given=points, comment=comment, meanwhile=True), 409
    commit()
    return redirect(_next_url(among(marking.waiting(actor), _link_id())), 303)


@bp.get("/marking/<uuid:attempt_id>/<question_id>/file")
def marked_file(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """The file that was handed in as the answer; always saved, never shown."""
    tool = current_tool()
    uploads = Uploads(db(), tool.clock, tool.catalogue, tool.files)
    return attachment(uploads.file_of(_marking().attempt(current_actor(), attempt_id), question_id))


def shows_names() -> bool:
    """Whether this page shows who wrote an answer: if somebody asked, or the platform marks by name anyway."""
    if request.values.get("names") == "1":
        return True
    return not Gradebook(db()).course(current_actor()).marks_anonymously


def _show(answer: AnswerToMark, *, given: dict[str, str], comment: str | None, meanwhile: bool) -> str:
    waiting = among(_marking().waiting(current_actor()), _link_id())
    keys = [(entry.attempt_id, entry.question_id) for entry in waiting]
    here = (answer.entry.attempt_id, answer.entry.question_id)
    done = _done()
    return render_template(
        "class_mark.html",
        answer=answer,
        module=module_or_refuse(answer.attempt.module_id),
        given=given,
        comment=comment,
        meanwhile=meanwhile,
        second=request.values.get("second") == "1",
        place=done + keys.index(here) + 1 if here in keys else None,
        places=done + len(keys),
        done=done,
        link_id=_link_id(),
        names=shows_names(),
        most_radio_buttons=MOST_RADIO_BUTTONS,
        steps=_steps,
    )


def _steps(most: int, value: str | None) -> list[str]:
    """Whole points to choose from, and between them what was given before."""
    whole = [str(points) for points in range(most + 1)]
    return whole if value is None or value in whole else [*whole, value]


def _next_url(waiting: Sequence[ToMark]) -> str:
    kept: dict[str, Any] = {"activity": _link_id(), "names": request.values.get("names") or None}
    if not waiting:
        return url_for("instructor.marking_list", **kept)
    following = waiting[0]
    return url_for(
        "instructor.mark_page",
        attempt_id=following.attempt_id,
        question_id=following.question_id,
        done=_done() + 1,
        **kept,
    )


def _done() -> int:
    """How many were marked one after the other before this one."""
    value = request.values.get("done", "0")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0  # noqa: PLR2004 -- no list is longer


def _link_id() -> UUID | None:
    value = request.values.get("activity", "")
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise Refusal(Code.NOT_FOUND, "no such activity") from error


def _marking() -> Marking:
    tool = current_tool()
    return Marking(db(), tool.clock, tool.catalogue)
