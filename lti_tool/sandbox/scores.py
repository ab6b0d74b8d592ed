"""Scores and results (AGS 2.0, 3.3 and 3.4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.errors import ServiceRefused
from lti_tool.sandbox.grades import Grade, LineItem, read_score
from lti_tool.sandbox.line_items import own_item
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.service_calls import (
    ANYTHING,
    RESULTS,
    SCORE,
    answer_as,
    body_as,
    caller,
    must_accept,
    one_page,
)
from lti_tool.sandbox.tools import SCOPE_RESULT, SCOPE_SCORE, Tool
from lti_tool.sandbox.urls import line_item_url

blueprint = Blueprint("scores", __name__, url_prefix="/services/courses/<course_id>/lineitems/<item_id>/lineitem")


@blueprint.post("/scores")
def post_score(course_id: str, item_id: str) -> ResponseReturnValue:
    """Take a score; 200 with an empty body, as in Moodle."""
    lms = current_lms()
    tool = caller(lms, SCOPE_SCORE)
    message = read_score(body_as(SCORE))
    with lms.state.lock:
        item = own_item(lms, tool, course_id, item_id)
        person = lms.state.people.get(message.user_id)
        if person is None or not person.is_learner:
            raise ServiceRefused(400, "This person cannot be graded in this course")
        accepted = lms.state.accept_score(message, item, lms.now().isoformat())
    lms.journal.received(lms.now(), "Bewertung", {**asdict(message), "stored": accepted.stored})
    return "", 200


@blueprint.get("/results")
def results(course_id: str, item_id: str) -> ResponseReturnValue:
    """List what the gradebook holds; people without a number are missing."""
    lms = current_lms()
    tool = caller(lms, SCOPE_RESULT)
    must_accept(RESULTS, ANYTHING)
    item = own_item(lms, tool, course_id, item_id)
    wanted = request.args.get("user_id")
    grades = [
        grade
        for grade in lms.state.grades.all()
        if grade.line_item == item.id and grade.score is not None and wanted in {None, grade.person}
    ]
    page, link = one_page(lms, grades)
    answer = answer_as(RESULTS, [_as_json(lms, grade, item, tool) for grade in page])
    if link:
        answer.headers["Link"] = link
    return answer


def _as_json(lms: PracticeLms, grade: Grade, item: LineItem, tool: Tool) -> dict[str, Any]:
    column = line_item_url(lms.config, item, tool)
    body = {
        "id": column.replace("/lineitem?", f"/lineitem/results/{grade.person}/result?"),
        "scoreOf": column,
        "userId": grade.person,
        "resultScore": grade.score,
        "resultMaximum": item.score_maximum,
        "timestamp": grade.timestamp,
    }
    return body | ({"comment": grade.comment} if grade.comment else {})
