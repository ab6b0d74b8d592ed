"""Questions as small as a test needs them, made through the door that stored quizzes are read by."""

from __future__ import annotations

import json
from typing import Any

from lti_tool.curriculum.model import Question, Quiz
from lti_tool.curriculum.versions import quiz_from_json

_SOURCE = {"id": "s", "title": "Quelle", "kind": "web", "stand": "2026-01-01", "url": None}


def question(**short: Any) -> Question:
    """Make one question; `options` may be ids, with the right ones in `correct`."""
    return quiz(short).questions[0]


def quiz(*questions: dict[str, Any], **more: Any) -> Quiz:
    """Make a quiz of questions written as in the case files."""
    body = {
        "format": 2,
        "version": "v",
        "pass_share": "3/5",
        "attempts_limit": None,
        "questions": [_whole(one) for one in questions],
        **more,
    }
    return quiz_from_json(json.dumps(body))


def _whole(short: dict[str, Any]) -> dict[str, Any]:
    correct = short.get("correct", [])
    options = [
        {"id": name, "html": name, "correct": name in correct, "feedback_html": ""} for name in short.get("options", [])
    ]
    rest = {name: value for name, value in short.items() if name not in {"correct", "options"}}
    defaults = {"points": 1, "prompt_html": "?", "explain_html": "", "page": None, "source": _SOURCE}
    return {**defaults, **rest, "options": options}
