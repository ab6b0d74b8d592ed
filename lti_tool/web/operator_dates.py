"""Live dates for all towns, in the operator's console."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.live_dates import BadPlan
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.date_planning import DatePlanning, Planner
from lti_tool.web.date_form import DateForm, clocks_explained, faults_by_field, form_of, sent_form
from lti_tool.web.date_words import CHANGED, DEEDS, RHYTHMS
from lti_tool.web.dates import words
from lti_tool.web.frame import csrf_field_with
from lti_tool.web.operator_session import PATH, for_operators
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = for_operators(Blueprint("operator_dates", __name__, url_prefix=f"{PATH}/dates"))

_SHOWN_AFTERWARDS = timedelta(days=90)


@bp.get("/")
def overview() -> ResponseReturnValue:
    """The coming dates, and those of the last months."""
    now = current_tool().clock()
    listed = _planning().all_own(now - _SHOWN_AFTERWARDS)
    return render_template("operator_dates.html", listed=listed, **words(now))


@bp.get("/new")
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form(DateForm({"seats": "30"}))


@bp.post("/new")
def make() -> ResponseReturnValue:
    """Offer a date or a series to all towns."""
    form = sent_form()
    try:
        made = _planning().make(form.plans(current_tool().catalogue), whole_town=True)
    except BadPlan as bad:
        return _form(form, bad), 400
    return _done(Action.DATE_OFFERED, made[0], len(made))


@bp.get("/<uuid:date_id>")
def one(date_id: UUID) -> ResponseReturnValue:
    """One date: how many come from which town, what was changed."""
    return _page(date_id)


@bp.get("/<uuid:date_id>/change")
def change_form(date_id: UUID) -> ResponseReturnValue:
    """The form, filled in."""
    return _form(form_of(_planning().own(date_id).plan), date_id=date_id)


@bp.post("/<uuid:date_id>/change")
def change(date_id: UUID) -> ResponseReturnValue:
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


@bp.post("/<uuid:date_id>/cancel")
def cancel(date_id: UUID) -> ResponseReturnValue:
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
        AuditLog(db(), current_tool().clock, Who.OPERATOR).record(action, str(date_id), dates=number)
    commit()
    return redirect(url_for("operator_dates.one", date_id=date_id), 303)


def _page(date_id: UUID, bad: BadPlan | None = None) -> str:
    planning, now = _planning(), current_tool().clock()
    return render_template(
        "operator_date.html",
        occasion=planning.own(date_id),
        towns=planning.towns(date_id),
        history=planning.history(date_id),
        deeds=DEEDS,
        changed=CHANGED,
        faults=faults_by_field(bad.faults if bad else ()),
        csrf_field_with=csrf_field_with,
        **words(now),
    )


def _form(form: DateForm, bad: BadPlan | None = None, date_id: UUID | None = None) -> str:
    occasion = _planning().own(date_id) if date_id else None
    return render_template(
        "operator_date_form.html",
        form=form,
        faults=faults_by_field(bad.faults if bad else ()),
        occasion=occasion,
        action=url_for("operator_dates.change", date_id=date_id) if date_id else url_for("operator_dates.make"),
        back=url_for("operator_dates.one", date_id=date_id) if date_id else url_for("operator_dates.overview"),
        catalogue=current_tool().catalogue,
        rhythms=RHYTHMS,
        by_operator=True,
        csrf_field_with=csrf_field_with,
    )


def _planning() -> DatePlanning:
    return DatePlanning(db(), current_tool().clock, Planner())
