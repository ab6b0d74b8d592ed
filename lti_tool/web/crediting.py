"""Crediting a module that somebody passed in a SCORM package, and the history of such decisions."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.module_credits import LONGEST_REASON, ModuleCredits
from lti_tool.web.instructor import bp, current_class, shown_name
from lti_tool.web.launch_session import current_actor
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@bp.get("/credits")
def credits_page() -> ResponseReturnValue:
    """Show the form, and what was decided so far."""
    return _page()


@bp.post("/credits")
def credit() -> ResponseReturnValue:
    """Credit a module, or take that back; both need a reason."""
    subjects = {person.alias: person.subject for person in current_class().people if person.user_id}
    reason = request.form.get("reason", "")
    if not reason.strip() or request.form.get("person", "") == "":
        return _page(fault=gettext("Bitte wählen Sie eine Person und nennen Sie einen Grund.")), 400
    subject = subjects.get(request.form["person"])
    if subject is None:
        raise Refusal(Code.NOT_FOUND, "nobody of this course")
    module = module_or_refuse(request.form.get("module"))
    counts = request.form.get("decision") != "take_back"
    _credits().decide(current_actor(), subject, module, counts=counts, reason=reason)
    commit()
    return redirect(url_for("instructor.credits_page"), 303)


def _page(fault: str = "") -> str:
    room, catalogue = current_class(), current_tool().catalogue
    names = {person.subject: shown_name(person) for person in room.people}
    return render_template(
        "class_credits.html",
        people=[(person.alias, shown_name(person)) for person in room.people if person.user_id],
        modules=list(catalogue.modules.values()),
        known=catalogue.modules,
        history=_credits().history(current_actor()),
        names=names,
        form=request.form,
        fault=fault,
        longest=LONGEST_REASON,
    )


def _credits() -> ModuleCredits:
    return ModuleCredits(db(), current_tool().clock)
