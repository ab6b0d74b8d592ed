"""Who was there: instructors mark it in a list or show a code, learners enter the code."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.domain.attendance import (
    CODE_LENGTH,
    LONGEST_REASON,
    WINDOW,
    How,
    can_be_noted,
    code_at,
    minutes_of,
    takes_codes,
    until_next_code,
)
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.live_dates import Occasion
from lti_tool.services.attendances import Attendances, Listed
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.live_dates import LiveDates
from lti_tool.web import dates
from lti_tool.web.instructor import bp as of_class
from lti_tool.web.launch_session import current_actor
from lti_tool.web.rate import limit_rate_of_person
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@of_class.get("/dates/<uuid:date_id>/attendance")
def attendance_list(date_id: UUID) -> ResponseReturnValue:
    """Those who signed up first, then others of the course; `?q=` searches, `?select=all` checks every box."""
    return _list(_occasion(date_id))


@of_class.post("/dates/<uuid:date_id>/attendance")
def note_attendance(date_id: UUID) -> ResponseReturnValue:
    """Note that the chosen people were there for the whole time; who was noted before stays as noted."""
    occasion = _occasion(date_id)
    number = _attendances().note(current_actor(), occasion, _chosen(occasion))
    if number:
        _record(Action.ATTENDANCE_NOTED, occasion, number)
    commit()
    return redirect(url_for("instructor.attendance_list", date_id=date_id, q=request.form.get("q") or None), 303)


@of_class.post("/dates/<uuid:date_id>/attendance/correct")
def correct_attendance(date_id: UUID) -> ResponseReturnValue:
    """Change what was noted about one person; the history keeps both and the reason."""
    occasion, form = _occasion(date_id), request.form
    minutes, reason = form.get("minutes", -1, int), form.get("reason", "")
    if not form.get("person") or not reason.strip() or not 0 <= minutes <= minutes_of(occasion):
        fault = gettext(
            "Bitte wählen Sie eine Person, 0 bis %(most)s Minuten und nennen Sie einen Grund.",
            most=minutes_of(occasion),
        )
        return _list(occasion, fault), 400
    person = _person(occasion, form["person"])
    _attendances().correct(current_actor(), occasion, person.user_id, minutes, reason)
    _record(Action.ATTENDANCE_CORRECTED, occasion, 1)
    commit()
    return redirect(url_for("instructor.attendance_list", date_id=date_id), 303)


@of_class.get("/dates/<uuid:date_id>/code")
def attendance_code(date_id: UUID) -> ResponseReturnValue:
    """The code in large letters, for everybody to see in the session; the page asks for the next one by itself."""
    occasion, now = _occasion(date_id), current_tool().clock()
    page = render_template(
        "class_attendance_code.html",
        occasion=occasion,
        code=code_at(_secret(), occasion, now) if takes_codes(occasion, now) else "",
        minutes=int(WINDOW.total_seconds() // 60),
        **dates.words(now),
    )
    return page, {"Refresh": str(int(until_next_code(now).total_seconds()) + 1)}


@dates.bp.get("/<uuid:date_id>/attendance")
def own(date_id: UUID) -> ResponseReturnValue:
    """The form for the code, or that it was entered."""
    return _own(_occasion(date_id))


@dates.bp.post("/<uuid:date_id>/attendance")
def prove(date_id: UUID) -> ResponseReturnValue:
    """Enter the code of the session."""
    actor, occasion = current_actor(), _occasion(date_id)
    limit_rate_of_person("attendance", f"{actor.registration_id} {actor.user_id}")
    if not _attendances().prove(actor, occasion, request.form.get("code", ""), _secret()):
        return _own(occasion, wrong=True), 400
    commit()
    return redirect(url_for("dates.own", date_id=date_id), 303)


def _own(occasion: Occasion, *, wrong: bool = False) -> str:
    now = current_tool().clock()
    return render_template(
        "attendance.html",
        occasion=occasion,
        minutes=_attendances().own(current_actor(), occasion) if current_actor().keeps_progress else None,
        takes_codes=takes_codes(occasion, now),
        wrong=wrong,
        longest=2 * CODE_LENGTH,
        **dates.words(now),
    )


def _list(occasion: Occasion, fault: str = "") -> str:
    actor, attendances, now = current_actor(), _attendances(), current_tool().clock()
    words = request.args.get("q", "").strip()[:100]
    people = attendances.people(actor, occasion)
    return render_template(
        "class_attendance.html",
        occasion=occasion,
        people=[one for one in people if words.casefold() in shown_name(one).casefold()],
        names={one.user_id: shown_name(one) for one in people},
        everybody=people,
        open=can_be_noted(occasion, now),
        history=attendances.history(actor, occasion),
        q=words,
        all_chosen=request.args.get("select") == "all",
        shown_name=shown_name,
        length=minutes_of(occasion),
        longest=LONGEST_REASON,
        form=request.form,
        fault=fault,
        How=How,
        **dates.words(now),
    )


def shown_name(person: Listed) -> str:
    """What stands for a person in the list."""
    return person.name or gettext("Person %(alias)s", alias=person.alias)


def _chosen(occasion: Occasion) -> list[UUID]:
    people = _by_alias(occasion)
    return [_named(people, alias).user_id for alias in request.form.getlist("person")]


def _person(occasion: Occasion, alias: str) -> Listed:
    return _named(_by_alias(occasion), alias)


def _by_alias(occasion: Occasion) -> Mapping[str, Listed]:
    return {one.alias: one for one in _attendances().people(current_actor(), occasion)}


def _named(people: Mapping[str, Listed], alias: str) -> Listed:
    if alias not in people:
        raise Refusal(Code.NOT_FOUND, "nobody of this date")
    return people[alias]


def _occasion(date_id: UUID) -> Occasion:
    return LiveDates(db()).one(current_actor(), date_id).occasion


def _record(action: Action, occasion: Occasion, people: int) -> None:
    log = AuditLog(db(), current_tool().clock, Who.INSTRUCTOR)
    log.record(action, str(occasion.id), registration_id=current_actor().registration_id, people=people)


def _secret() -> str:
    return current_tool().settings.secret_key.get_secret_value()


def _attendances() -> Attendances:
    return Attendances(db(), current_tool().clock)
