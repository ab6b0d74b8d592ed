"""The gradebook's rules (AGS 2.0, 3.2 to 3.4), with Moodle's answers where the specification leaves a choice."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lti_tool.sandbox.errors import ServiceRefused

ACTIVITY_PROGRESS = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
GRADING_PROGRESS = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}
DECIMALS = 5  # Moodle's columns keep five


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """A column of the gradebook. `activity_id` is None for one that belongs to no link."""

    id: str
    client_id: str
    course_id: str
    activity_id: str | None = None
    label: str
    score_maximum: float
    resource_id: str = ""
    tag: str = ""
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A cell of the gradebook, on the column's scale. `second` is None where the score was erased."""

    line_item: str
    person: str
    score: float | None
    comment: str = ""
    timestamp: str = ""
    second: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreMessage:
    """A score as the tool sent it, every field typed."""

    user_id: str
    timestamp: str
    second: int
    activity_progress: str
    grading_progress: str
    given: float | None
    maximum: float | None
    comment: str


def read_score(body: Any) -> ScoreMessage:
    """Check the shape of a score.

    Raises:
        ServiceRefused: 400, naming the field.
    """
    if not isinstance(body, dict):
        raise ServiceRefused(400, "A score is a JSON object")
    given = _number(body, "scoreGiven")
    maximum = _number(body, "scoreMaximum")
    if given is not None and (maximum is None or maximum <= 0):
        raise ServiceRefused(400, "scoreGiven needs a scoreMaximum above 0")
    timestamp = _text(body, "timestamp")
    return ScoreMessage(
        user_id=_text(body, "userId"),
        timestamp=timestamp,
        second=_second(timestamp),
        activity_progress=_one_of(body, "activityProgress", ACTIVITY_PROGRESS),
        grading_progress=_one_of(body, "gradingProgress", GRADING_PROGRESS),
        given=given,
        maximum=maximum,
        comment=str(body.get("comment") or ""),
    )


def grade_after(message: ScoreMessage, item: LineItem, stored: Grade | None) -> Grade:
    """Return what the cell holds after a score.

    Only `FullyGraded` sets a number; any other state erases the one that was there, with its comment and time.

    Raises:
        ServiceRefused: 409 if the score is not newer than the stored one, compared in whole seconds.
    """
    if stored and stored.second is not None and message.second <= stored.second:
        raise ServiceRefused(409, "A score with this or a later timestamp is already stored")
    if message.grading_progress != "FullyGraded" or message.given is None or message.maximum is None:
        return Grade(line_item=item.id, person=message.user_id, score=None, comment=message.comment)
    scaled = round(message.given * item.score_maximum / message.maximum, DECIMALS)
    return Grade(
        line_item=item.id,
        person=message.user_id,
        score=min(max(scaled, 0.0), item.score_maximum),
        comment=message.comment,
        timestamp=message.timestamp,
        second=message.second,
    )


def rescaled(grade: Grade, before: float, after: float) -> Grade:
    """Return a grade moved to a column's new maximum."""
    if grade.score is None:
        return grade
    return replace(grade, score=round(grade.score * after / before, DECIMALS))


def read_line_item(body: Any) -> dict[str, Any]:
    """Check the shape of a line item and return its fields under our names.

    Raises:
        ServiceRefused: 400, naming the field.
    """
    if not isinstance(body, dict):
        raise ServiceRefused(400, "A line item is a JSON object")
    maximum = _number(body, "scoreMaximum")
    if maximum is None or maximum <= 0 or not str(body.get("label") or "").strip():
        raise ServiceRefused(400, "No label or Score Maximum")
    return {
        "label": _text(body, "label"),
        "score_maximum": maximum,
        "resource_id": str(body.get("resourceId") or ""),
        "tag": str(body.get("tag") or ""),
        "activity_id": _optional(body, "resourceLinkId"),
        "start": _optional(body, "startDateTime"),
        "end": _optional(body, "endDateTime"),
    }


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise ServiceRefused(400, f"{field} is missing or not a string")
    return value


def _optional(body: dict[str, Any], field: str) -> str | None:
    return str(body[field]) if body.get(field) else None


def _one_of(body: dict[str, Any], field: str, allowed: set[str]) -> str:
    value = _text(body, field)
    if value not in allowed:
        raise ServiceRefused(400, f"{field} is none of {', '.join(sorted(allowed))}")
    return value


def _number(body: dict[str, Any], field: str) -> float | None:
    value = body.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ServiceRefused(400, f"{field} is not a number")
    return float(value)


def _second(timestamp: str) -> int:
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        raise ServiceRefused(400, "timestamp is not an ISO 8601 date and time") from None
    if moment.tzinfo is None:
        raise ServiceRefused(400, "timestamp has no time zone")
    return int(moment.timestamp())
