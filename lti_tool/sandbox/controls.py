"""Switches and read-outs for tests and for people who try things out; no LMS in the field has these."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from lti_tool.sandbox.errors import PageRefused, ServiceRefused
from lti_tool.sandbox.faults import Faults
from lti_tool.sandbox.grades import LineItem
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.state import Settings
from lti_tool.sandbox.urls import line_item_url

blueprint = Blueprint("controls", __name__)

_MOST_PEOPLE = 100_000


@blueprint.get("/faults")
def panel() -> ResponseReturnValue:
    return render_template("faults.html", faults=current_lms().faults.now)


@blueprint.post("/faults")
def change_panel() -> ResponseReturnValue:
    """Take the form: an empty field means that nothing is broken there."""
    given = {name: value for name, value in request.form.items() if value}
    try:
        current_lms().faults.set(Faults.model_validate(given))
    except ValidationError as fault:
        fields = ", ".join(str(error["loc"][0]) for error in fault.errors())
        raise PageRefused(400, f"Diese Angaben gelten nicht: {fields}.") from fault
    return redirect(url_for("controls.panel"), 303)


@blueprint.get("/practice/faults")
def show_faults() -> ResponseReturnValue:
    return jsonify(current_lms().faults.now.model_dump())


@blueprint.post("/practice/faults")
def set_faults() -> ResponseReturnValue:
    """Replace all faults by those of a JSON object; `{}` mends everything."""
    try:
        faults = Faults.model_validate(_json_object())
    except ValidationError as fault:
        raise ServiceRefused(400, str(fault)) from fault
    current_lms().faults.set(faults)
    return jsonify(faults.model_dump())


@blueprint.post("/practice/reset")
def reset() -> ResponseReturnValue:
    """Forget everything but the key."""
    lms = current_lms()
    lms.state.reset()
    lms.faults.set(Faults())
    lms.journal.clear()
    lms.access_tokens.revoke_all()
    lms.tool_keys.forget()
    if request.form.get("next") == "course":
        return redirect(url_for("pages.course"), 303)
    return "", 204


@blueprint.post("/practice/people")
def add_people() -> ResponseReturnValue:
    """Enrol `count` more learners and return their ids."""
    count = request.args.get("count", "")
    if not count.isdecimal() or not 1 <= int(count) <= _MOST_PEOPLE:
        raise ServiceRefused(400, f"count must be a number from 1 to {_MOST_PEOPLE}")
    return jsonify({"people": [person.id for person in current_lms().state.add_learners(int(count))]})


@blueprint.post("/practice/settings")
def set_settings() -> ResponseReturnValue:
    """Change `share_names`, `share_emails`, `locale`, `platform_storage`; what is missing goes back to its default."""
    given = _json_object()
    if unknown := given.keys() - {"share_names", "share_emails", "locale", "platform_storage"}:
        raise ServiceRefused(400, f"unknown: {', '.join(sorted(unknown))}")
    settings = Settings(
        share_names=bool(given.get("share_names", True)),
        share_emails=bool(given.get("share_emails", True)),
        locale=str(given.get("locale", "de")),
        platform_storage=bool(given.get("platform_storage", False)),
    )
    current_lms().state.settings = settings
    return jsonify(asdict(settings))


@blueprint.get("/practice/people.json")
def people() -> ResponseReturnValue:
    return jsonify([asdict(person) for person in current_lms().state.people.all()])


@blueprint.get("/practice/course.json")
def courses() -> ResponseReturnValue:
    state = current_lms().state
    return jsonify(
        {
            "courses": [asdict(course) for course in state.courses.all()],
            "activities": [asdict(activity) for activity in state.activities.all()],
        }
    )


@blueprint.get("/practice/gradebook.json")
def gradebook() -> ResponseReturnValue:
    lms = current_lms()
    return jsonify({"line_items": [_column(lms, item) for item in lms.state.line_items.all()]})


@blueprint.get("/practice/scores.json")
def scores() -> ResponseReturnValue:
    """List every score ever answered with 200, in order; `line_item` and `user` filter."""
    wanted_item, wanted_user = request.args.get("line_item"), request.args.get("user")
    return jsonify(
        [
            {**asdict(score), "user": score.message.user_id}
            for score in current_lms().state.scores.all()
            if wanted_item in {None, score.line_item} and wanted_user in {None, score.message.user_id}
        ]
    )


@blueprint.get("/practice/messages.json")
def messages() -> ResponseReturnValue:
    return jsonify(
        [
            {"at": message.at.isoformat(), "direction": message.direction, "title": message.title, "body": message.body}
            for message in current_lms().journal.newest_first()
        ]
    )


@blueprint.get("/practice/notices.json")
def notice_handlers() -> ResponseReturnValue:
    return jsonify([asdict(handler) for handler in current_lms().state.notice_handlers.all()])


def _column(lms: PracticeLms, item: LineItem) -> dict[str, Any]:
    tool = lms.state.tools.get(item.client_id)
    grades = [grade for grade in lms.state.grades.all() if grade.line_item == item.id]
    return {
        **asdict(item),
        "url": line_item_url(lms.config, item, tool) if tool else None,
        "grades": {
            grade.person: {"score": grade.score, "comment": grade.comment, "timestamp": grade.timestamp}
            for grade in grades
        },
    }


def _json_object() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise ServiceRefused(400, "The body must be a JSON object")
    return given
