"""What people see: course, frame, gradebook, roster, messages, settings."""

from __future__ import annotations

import secrets
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.course import Course
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.notices import notify_all
from lti_tool.sandbox.state import Settings
from lti_tool.sandbox.viewing import instructor, person_or_refuse, view_as, viewer

blueprint = Blueprint("pages", __name__)

PEOPLE_PER_PAGE = 25
LOCALES = {"de": "Deutsch", "en": "English"}


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("pages.course"))


@blueprint.get("/course")
def course() -> ResponseReturnValue:
    state = current_lms().state
    return render_template(
        "course.html",
        courses=state.courses.all(),
        activities=state.activities.all(),
        graded={item.activity_id for item in state.line_items.all()},
        tools=[tool for tool in state.tools.all() if tool.active],
    )


@blueprint.get("/course/<activity_id>")
def activity(activity_id: str) -> ResponseReturnValue:
    """Show an activity in a frame."""
    shown = current_lms().activity(activity_id)
    viewer()
    return render_template(
        "frame.html",
        title=shown.title,
        intro=shown.text,
        source=url_for("oidc.launch", activity_id=activity_id),
        window=url_for("oidc.launch", activity_id=activity_id, target="window"),
    )


@blueprint.get("/course/<activity_id>/review/<person_id>")
def review(activity_id: str, person_id: str) -> ResponseReturnValue:
    """Show one learner's submission in a frame."""
    lms = current_lms()
    instructor()
    return render_template(
        "frame.html",
        title=f"Abgabe: {lms.activity(activity_id).title}",
        intro=person_or_refuse(lms, person_id).label,
        source=url_for("oidc.review", activity_id=activity_id, person_id=person_id),
    )


@blueprint.get("/course/return")
def back() -> ResponseReturnValue:
    """Take people back from the tool, with what it has to say (LTI 1.3 core, 5.4.5: `lti_msg`, `lti_errormsg`)."""
    notes = [request.args[name] for name in ("lti_msg", "lti_errormsg") if request.args.get(name)]
    return render_template("back.html", notes=notes)


@blueprint.post("/course/<course_id>/copy")
def copy(course_id: str) -> ResponseReturnValue:
    """Copy a course: links keep their content and get new ids, columns come along without grades; tools are told."""
    lms = current_lms()
    instructor()
    with lms.state.lock:
        copied = _copy_course(lms, lms.course(course_id))
    notify_all(lms, copied)
    return redirect(url_for("pages.course"), 303)


@blueprint.get("/gradebook")
def gradebook() -> ResponseReturnValue:
    """Show the columns; learners see their own row."""
    state = current_lms().state
    me = viewer()
    rows = [person for person in state.people.all() if person.is_learner and (me.teaches or me == person)]
    start = _start()
    return render_template(
        "gradebook.html",
        courses={course.id: course for course in state.courses.all()},
        items=state.line_items.all(),
        rows=rows[start : start + PEOPLE_PER_PAGE],
        grade=state.grade,
        teaches=me.teaches,
        **_steps("pages.gradebook", start, len(rows)),
    )


@blueprint.get("/roster")
def roster() -> ResponseReturnValue:
    people = current_lms().state.people.all()
    start = _start()
    return render_template(
        "roster.html",
        people=people[start : start + PEOPLE_PER_PAGE],
        **_steps("pages.roster", start, len(people)),
    )


@blueprint.get("/messages")
def messages() -> ResponseReturnValue:
    return render_template("messages.html", messages=current_lms().journal.newest_first())


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    return render_template("settings.html", settings=current_lms().state.settings, locales=LOCALES)


@blueprint.post("/settings")
def change_settings() -> ResponseReturnValue:
    locale = request.form.get("locale", "de")
    current_lms().state.settings = Settings(
        share_names="share_names" in request.form,
        share_emails="share_emails" in request.form,
        locale=locale if locale in LOCALES else "de",
        platform_storage="platform_storage" in request.form,
    )
    return redirect(url_for("pages.settings"), 303)


@blueprint.post("/view-as")
def switch() -> ResponseReturnValue:
    """Look through another person's eyes."""
    view_as(person_or_refuse(current_lms(), request.form.get("person")))
    return redirect(_local(request.form.get("next", "")), 303)


def _local(target: str) -> str:
    """Return a path on this site; anything else leads to the course."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if inside and not parts.netloc else url_for("pages.course")


def _start() -> int:
    text = request.args.get("from", "0")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _steps(endpoint: str, start: int, total: int) -> dict[str, object]:
    """Return where the page lies in the whole, and the ways to its neighbours."""
    end = min(start + PEOPLE_PER_PAGE, total)
    here = url_for(endpoint)
    before = f"{here}?from={max(start - PEOPLE_PER_PAGE, 0)}" if start else None
    after = f"{here}?from={end}" if end < total else None
    return {"first": min(start + 1, total), "last": end, "total": total, "before": before, "after": after}


def _copy_course(lms: PracticeLms, original: Course) -> Course:
    state = lms.state
    copied = Course(
        id=f"kurs-{secrets.token_hex(4)}",
        label=f"{original.label} K",
        title=f"{original.title} – Kopie",
        history=(original.id, *original.history),
    )
    state.courses.put(copied.id, copied)
    for activity in state.activities.all():
        if activity.course_id != original.id:
            continue
        twin_id = f"rl-{secrets.token_hex(6)}"
        twin = replace(activity, id=twin_id, course_id=copied.id, history=(activity.id, *activity.history))
        state.activities.put(twin_id, twin)
        for item in state.line_items_of(activity.id):
            column = replace(item, id=f"li-{secrets.token_hex(6)}", course_id=copied.id, activity_id=twin_id)
            state.line_items.put(column.id, column)
    return copied
