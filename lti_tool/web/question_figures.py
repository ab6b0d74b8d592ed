"""Figures about the questions of the course's quizzes, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.curriculum.model import Part
from lti_tool.domain.statistics import FEWEST_PEOPLE
from lti_tool.services.gradebook import Gradebook
from lti_tool.services.question_statistics import QuestionStatistics
from lti_tool.services.regrades import Regrades, RegradeView
from lti_tool.web.instructor import bp, columns_of
from lti_tool.web.launch_session import current_actor
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool

_WELL, _HARDLY = 0.3, 0.1


@bp.get("/questions")
@may_be_older
def questions() -> ResponseReturnValue:
    """One module's quiz; the first of the course unless another is asked for."""
    actor, tool = current_actor(), current_tool()
    columns = [column for column in columns_of(Gradebook(db_for_reports()).course(actor)) if column.gradable]
    asked = (request.args.get("module", ""), request.args.get("part", Part.QUIZ))
    chosen = next((one for one in columns if (one.module.id, one.part) == asked), columns[0] if columns else None)
    figures = None
    changes: Sequence[RegradeView] = ()
    if chosen:
        statistics = QuestionStatistics(db_for_reports(), tool.catalogue)
        figures = statistics.quiz(actor, chosen.entry, request.args.get("version"))
        changes = Regrades(db_for_reports(), tool.clock).history(actor, chosen.module.id)
    return render_template(
        "class_questions.html",
        columns=columns,
        chosen=chosen,
        figures=figures,
        changes=changes,
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
