"""Live dates of a course for its instructors: make them, alone or as a series, change and cancel them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.live_dates import BadPlan
from lti_tool.domain.standing import pseudonym
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.date_planning import DatePlanning, Planner
from lti_tool.services.live_dates import LiveDates
from lti_tool.web.date_form import DateForm, clocks_explained, faults_by_field, form_of, sent_form
from lti_tool.web.date_words import CHANGED, DEEDS, RHYTHMS
from lti_tool.web.dates import MOST_IN_LIST, words
from lti_tool.web.instructor import bp
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@bp.get("/dates")
def dates() -> ResponseReturnValue:
    """All dates that people of the course can see; those of the course can be changed."""
    return show()


def show() -> ResponseReturnValue:
    """Show the coming dates."""
    now = current_tool().clock()
    listed = LiveDates(db()).coming(current_actor(), now, MOST_IN_LIST)
    past = [one for one in _planning().all_own(now - timedelta(90)) if one.plan.ends_at <= now]
    here = current_actor().context_id
    return render_template("class_dates.html", listed=listed, past=past[::-1], here=here, **words(now))


@bp.get("/dates/new")
def new_date() -> ResponseReturnValue:
    """An empty form; what the activity is about is chosen already."""
    module_id = current_actor().module_id
    return _form(DateForm({"subject": f"module:{module_id}" if module_id else "", "seats": "30"}))


@bp.post("/dates/new")
def make_date() -> ResponseReturnValue:
    """Offer a date or a series."""
    form = sent_form()
    try:
        made = _planning().make(form.plans(current_tool().catalogue), whole_town=form.whole_town)
    except BadPlan as bad:
        return _form(form, bad), 400
    return _done(Action.DATE_OFFERED, made[0], len(made))


@bp.get("/dates/<uuid:date_id>")
def date(date_id: UUID) -> ResponseReturnValue:
    """One date of the course: who comes, what was changed."""
    return _page(date_id)


@bp.get("/dates/<uuid:date_id>/change")
def change_form(date_id: UUID) -> ResponseReturnValue:
    """The form, filled in."""
    return _form(form_of(_planning().own(date_id).plan), date_id=date_id)


@bp.post("/dates/<uuid:date_id>/change")
def change_date(date_id: UUID) -> ResponseReturnValue:
    """Change a date, or it and the later ones of its series."""
    form, planning = sent_form(), _planning()
    planning.own(date_id)
    try:
        plan = form.plan(current_tool().catalogue)
        with clocks_explained():
            number = planning.change(date_id, plan, reason=form.values["reason"], following=form.following)
    except BadPlan as bad:
        db().rollback()
        return _form(form, bad, date_id), 400
    return _done(Action.DATE_CHANGED, date_id, number)


@bp.post("/dates/<uuid:date_id>/cancel")
def cancel_date(date_id: UUID) -> ResponseReturnValue:
    """Call it off, with a reason that all who signed up can read."""
    form = sent_form()
    try:
        number = _planning().cancel(date_id, form.values["reason"], following=form.following)
    except BadPlan as bad:
        db().rollback()
        return _page(date_id, bad), 400
    return _done(Action.DATE_CANCELLED, date_id, number)


def _done(action: Action, date_id: UUID, number: int) -> ResponseReturnValue:
    if number:
        log = AuditLog(db(), current_tool().clock, Who.INSTRUCTOR)
        log.record(action, str(date_id), registration_id=current_actor().registration_id, dates=number)
    commit()
    return redirect(url_for("instructor.date", date_id=date_id), 303)


def _page(date_id: UUID, bad: BadPlan | None = None) -> str:
    planning, now = _planning(), current_tool().clock()
    return render_template(
        "class_date.html",
        occasion=planning.own(date_id),
        attendees=planning.attendees(date_id),
        history=planning.history(date_id),
        deeds=DEEDS,
        changed=CHANGED,
        faults=faults_by_field(bad.faults if bad else ()),
        pseudonym=pseudonym,
        context_id=current_actor().context_id,
        **words(now),
    )


def _form(form: DateForm, bad: BadPlan | None = None, date_id: UUID | None = None) -> str:
    occasion = _planning().own(date_id) if date_id else None
    return render_template(
        "class_date_form.html",
        form=form,
        faults=faults_by_field(bad.faults if bad else ()),
        occasion=occasion,
        action=url_for("instructor.change_date", date_id=date_id) if date_id else url_for("instructor.make_date"),
        back=url_for("instructor.date", date_id=date_id) if date_id else url_for("instructor.dates"),
        catalogue=current_tool().catalogue,
        rhythms=RHYTHMS,
        by_operator=False,
    )


def _planning() -> DatePlanning:
    actor = current_actor()
    return DatePlanning(db(), current_tool().clock, Planner(actor.registration_id, actor.context_id, actor.user_id))
