"""Figures about the questions of the course's quizzes, as a chart and as a table."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.statistics import FEWEST_PEOPLE
from lti_tool.services.gradebook import Gradebook
from lti_tool.services.question_statistics import QuestionStatistics
from lti_tool.web.instructor import bp, modules_of
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

_WELL, _HARDLY = 0.3, 0.1


@bp.get("/questions")
def questions() -> ResponseReturnValue:
    """One module's quiz; the first of the course unless another is asked for."""
    actor, tool = current_actor(), current_tool()
    course = Gradebook(db()).course(actor)
    modules = [module for module in modules_of(course) if module.quiz]
    asked = request.args.get("module", "")
    module = next((one for one in modules if one.id == asked), modules[0] if modules else None)
    figures = None
    if module:
        entry = next(one for one in course.modules if one.module_id == module.id)
        figures = QuestionStatistics(db(), tool.catalogue).quiz(actor, entry, request.args.get("version"))
    return render_template(
        "class_questions.html",
        modules=modules,
        module=module,
        figures=figures,
        fewest=FEWEST_PEOPLE,
        discrimination_words=discrimination_words,
    )


def discrimination_words(value: float | None) -> LazyString:
    """Say what a coefficient means, as few read one."""
    if value is None:
        return _("alle antworten gleich")
    if value >= _WELL:
        return _("trennt gut")
    if value >= _HARDLY:
        return _("trennt etwas")
    return _("trennt nicht") if value > -_HARDLY else _("trennt verkehrt herum – bitte prüfen")
