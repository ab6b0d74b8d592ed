"""Where each grade of the course is on its way, and sending again."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.grade_states import GradeFilter, GradeStates
from lti_tool.services.gradebook import Gradebook
from lti_tool.services.result_readings import ResultReadings
from lti_tool.web.instructor import bp, current_class
from lti_tool.web.launch_session import current_actor
from lti_tool.web.operation_words import reason_words
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

GRADES_PER_PAGE = 50


@bp.get("/grades")
def grades() -> ResponseReturnValue:
    """The list, failures first; by name, state and page."""
    actor, states = current_actor(), _states()
    words, which = request.args.get("q", "").strip()[:100], _which()
    number = max(request.args.get("page", 1, int), 1)
    people = [person.user_id for person in current_class().found(words, None) if person.user_id] if words else None
    rows = states.rows(actor, which, people, limit=GRADES_PER_PAGE + 1, offset=(number - 1) * GRADES_PER_PAGE)
    return render_template(
        "class_grades.html",
        course=Gradebook(db()).course(actor),
        counts=states.counts(actor),
        rows=rows[:GRADES_PER_PAGE],
        more=len(rows) > GRADES_PER_PAGE,
        readings=states.readings(actor),
        words=words,
        which=which,
        page_number=number,
        reason_words=reason_words,
    )


@bp.post("/grades/again")
def send_again() -> ResponseReturnValue:
    """All that failed, or the one whose button was pressed."""
    chosen = [_key()] if "user_id" in request.form else None
    _states().send_again(current_actor(), chosen)
    return _done()


@bp.post("/grades/overwrite")
def overwrite() -> ResponseReturnValue:
    """One grade, although the gradebook holds another; the form says so in so many words."""
    _states().overwrite(current_actor(), *_key())
    return _done()


@bp.post("/grades/read")
def read_back() -> ResponseReturnValue:
    """Ask the worker to read the gradebook; the page shows what came of it."""
    ResultReadings(db(), current_tool().clock).want(current_actor())
    return _done()


def _done() -> ResponseReturnValue:
    commit()
    return redirect(url_for("instructor.grades", state=request.form.get("state") or None), 303)


def _states() -> GradeStates:
    return GradeStates(db(), current_tool().clock)


def _key() -> tuple[UUID, UUID]:
    try:
        return UUID(request.form.get("line_item_id", "")), UUID(request.form.get("user_id", ""))
    except ValueError as error:
        raise Refusal(Code.NOT_FOUND, "no such grade") from error


def _which() -> GradeFilter | None:
    asked = request.args.get("state", "")
    return GradeFilter(asked) if asked in set(GradeFilter) else None
