"""Line items (AGS 2.0, 3.2): the columns of the gradebook, as a tool sees and makes them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.errors import ServiceRefused
from lti_tool.sandbox.grades import LineItem, read_line_item, rescaled
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.service_calls import (
    ANYTHING,
    LINE_ITEM,
    LINE_ITEMS,
    answer_as,
    body_as,
    caller,
    must_accept,
    one_page,
)
from lti_tool.sandbox.tools import SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY, Tool
from lti_tool.sandbox.urls import line_item_url

blueprint = Blueprint("line_items", __name__, url_prefix="/services/courses/<course_id>/lineitems")

_FILTERS = {"tag": "tag", "resource_id": "resource_id", "resource_link_id": "activity_id"}


@blueprint.get("")
def listing(course_id: str) -> ResponseReturnValue:
    """List the tool's own line items of a course, filtered and paged."""
    lms = current_lms()
    tool = caller(lms, SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY)
    must_accept(LINE_ITEMS)
    _known_course(lms, course_id)
    items, link = one_page(lms, [item for item in _own(lms, tool, course_id) if _wanted(item)])
    answer = answer_as(LINE_ITEMS, [as_json(lms, item, tool) for item in items])
    if link:
        answer.headers["Link"] = link
    return answer


@blueprint.post("")
def create(course_id: str) -> ResponseReturnValue:
    lms = current_lms()
    tool = caller(lms, SCOPE_LINEITEM)
    fields = read_line_item(body_as(LINE_ITEM))
    _known_course(lms, course_id)
    _own_link(lms, tool, course_id, fields["activity_id"])
    item = LineItem(id=secrets.token_hex(6), client_id=tool.client_id, course_id=course_id, **fields)
    lms.state.line_items.put(item.id, item)
    body = as_json(lms, item, tool)
    lms.journal.received(lms.now(), "Spalte angelegt", body)
    return answer_as(LINE_ITEM, body, 201)


@blueprint.get("/<item_id>/lineitem")
def show(course_id: str, item_id: str) -> ResponseReturnValue:
    lms = current_lms()
    tool = caller(lms, SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY)
    must_accept(LINE_ITEM, ANYTHING)
    return answer_as(LINE_ITEM, as_json(lms, own_item(lms, tool, course_id, item_id), tool))


@blueprint.put("/<item_id>/lineitem")
def replace_item(course_id: str, item_id: str) -> ResponseReturnValue:
    """Replace a line item: what is missing is emptied; grades move along to a new maximum."""
    lms = current_lms()
    tool = caller(lms, SCOPE_LINEITEM)
    fields = read_line_item(body_as(LINE_ITEM))
    with lms.state.lock:
        before = own_item(lms, tool, course_id, item_id)
        _own_link(lms, tool, course_id, fields["activity_id"])
        after = replace(before, **fields)
        lms.state.line_items.put(after.id, after)
        for grade in lms.state.grades.all():
            if grade.line_item == after.id:
                lms.state.put_grade(rescaled(grade, before.score_maximum, after.score_maximum))
    body = as_json(lms, after, tool)
    lms.journal.received(lms.now(), "Spalte geändert", body)
    return answer_as(LINE_ITEM, body)


@blueprint.delete("/<item_id>/lineitem")
def remove(course_id: str, item_id: str) -> ResponseReturnValue:
    """Delete a line item with its grades; the activity stays, without a column."""
    lms = current_lms()
    tool = caller(lms, SCOPE_LINEITEM)
    with lms.state.lock:
        item = own_item(lms, tool, course_id, item_id)
        lms.state.drop_line_item(item)
    lms.journal.received(lms.now(), "Spalte gelöscht", {"label": item.label})
    return "", 204


def own_item(lms: PracticeLms, tool: Tool, course_id: str, item_id: str) -> LineItem:
    """Return a line item of this tool.

    Raises:
        ServiceRefused: 404, also for other tools' line items, so that nobody learns of them.
    """
    item = lms.state.line_items.get(item_id)
    if item is None or item.course_id != course_id or item.client_id != tool.client_id:
        raise ServiceRefused(404, "No such line item")
    return item


def as_json(lms: PracticeLms, item: LineItem, tool: Tool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": line_item_url(lms.config, item, tool),
        "label": item.label,
        "scoreMaximum": item.score_maximum,
        "resourceId": item.resource_id,
        "tag": item.tag,
    }
    optional = {"resourceLinkId": item.activity_id, "startDateTime": item.start, "endDateTime": item.end}
    return body | {field: value for field, value in optional.items() if value}


def _own(lms: PracticeLms, tool: Tool, course_id: str) -> list[LineItem]:
    return [
        item for item in lms.state.line_items.all() if item.course_id == course_id and item.client_id == tool.client_id
    ]


def _wanted(item: LineItem) -> bool:
    return all(getattr(item, field) == request.args[name] for name, field in _FILTERS.items() if name in request.args)


def _known_course(lms: PracticeLms, course_id: str) -> None:
    if lms.state.courses.get(course_id) is None:
        raise ServiceRefused(404, "No such course")


def _own_link(lms: PracticeLms, tool: Tool, course_id: str, activity_id: str | None) -> None:
    """Refuse a resource link of another tool or course."""
    if activity_id is None:
        return
    activity = lms.state.activities.get(str(activity_id))
    if activity is None or activity.client_id != tool.client_id or activity.course_id != course_id:
        raise ServiceRefused(403, "resourceLinkId is no link of this tool in this course")
