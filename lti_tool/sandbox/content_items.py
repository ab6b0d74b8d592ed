"""What a tool hands back from its picker (Deep Linking 2.0, 4), checked and turned into activities."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import Any

from lti_tool.sandbox.course import Activity
from lti_tool.sandbox.dialogs import Dialog
from lti_tool.sandbox.errors import PageRefused
from lti_tool.sandbox.grades import LineItem
from lti_tool.sandbox.tools import Tool, origin_of

_MOST = 100


@dataclass(frozen=True, slots=True)
class NewActivity:
    activity: Activity
    line_item: LineItem | None


def read_items(items: Any, dialog: Dialog, tool: Tool) -> list[NewActivity]:
    """Return the activities a response asks for; all of them hold, or none is made.

    Raises:
        PageRefused: 400, naming the item and the field.
    """
    if not isinstance(items, list) or len(items) > _MOST:
        raise PageRefused(400, "content_items ist keine Liste oder zu lang.")
    if len(items) > 1 and not dialog.accept_multiple:
        raise PageRefused(400, "Mehrere Inhalte, obwohl accept_multiple false war.")
    return [_read_item(item, f"Inhalt {number}", dialog, tool) for number, item in enumerate(items, start=1)]


def _read_item(item: Any, place: str, dialog: Dialog, tool: Tool) -> NewActivity:
    if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
        raise PageRefused(400, f"{place}: Nur der Typ ltiResourceLink wird angenommen.")
    activity = Activity(
        id=f"rl-{secrets.token_hex(6)}",
        course_id=dialog.course_id,
        client_id=tool.client_id,
        title=_text(item, "title", place) or tool.name,
        text=_text(item, "text", place),
        url=_url(item, place, tool),
        custom=_custom(item, place),
        new_window="window" in item and "iframe" not in item,
        review=_review(item),
    )
    column = item.get("lineItem")
    if column is None or not dialog.accept_lineitem:
        return NewActivity(activity, None)
    return NewActivity(activity, _line_item(column, place, activity))


def _line_item(column: Any, place: str, activity: Activity) -> LineItem:
    if not isinstance(column, dict):
        raise PageRefused(400, f"{place}: lineItem ist kein Objekt.")
    maximum = column.get("scoreMaximum")
    if isinstance(maximum, bool) or not isinstance(maximum, int | float) or not 0 < maximum < math.inf:
        raise PageRefused(400, f"{place}: lineItem.scoreMaximum ist keine Zahl über 0.")
    return LineItem(
        id=f"li-{secrets.token_hex(6)}",
        client_id=activity.client_id,
        course_id=activity.course_id,
        activity_id=activity.id,
        label=_text(column, "label", place) or activity.title,
        score_maximum=float(maximum),
        resource_id=_text(column, "resourceId", place),
        tag=_text(column, "tag", place),
    )


def _text(item: dict[str, Any], field: str, place: str) -> str:
    value = item.get(field, "")
    if not isinstance(value, str) or len(value) > 4000:
        raise PageRefused(400, f"{place}: {field} ist kein Text oder zu lang.")
    return value


def _url(item: dict[str, Any], place: str, tool: Tool) -> str:
    """Return the item's own target; it must belong to the tool, or a launch would go astray."""
    url = _text(item, "url", place) or tool.target_link_uri
    if origin_of(url) != tool.origin:
        raise PageRefused(400, f"{place}: url gehört nicht zum Werkzeug.")
    return url


def _custom(item: dict[str, Any], place: str) -> dict[str, str]:
    custom = item.get("custom") or {}
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        raise PageRefused(400, f"{place}: custom muss flach sein und nur Text enthalten.")
    return dict(custom)


def _review(item: dict[str, Any]) -> dict[str, object] | None:
    column = item.get("lineItem")
    review = column.get("submissionReview") if isinstance(column, dict) else None
    return dict(review) if isinstance(review, dict) else None
