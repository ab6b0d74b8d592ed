"""The operator's desk for ideas: what is asked for in all towns, and what is hidden there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.idea_releases import LONGEST_REASON, OPERATOR, IdeaReleases
from lti_tool.services.idea_reports import IdeaReports
from lti_tool.web import idea_words
from lti_tool.web.idea_picture_addresses import pictures_of
from lti_tool.web.idea_releases import decide
from lti_tool.web.idea_report_words import GROUNDS
from lti_tool.web.languages import language
from lti_tool.web.operator_session import PATH, for_operators
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = for_operators(Blueprint("operator_ideas", __name__, url_prefix=f"{PATH}/ideas"))


@bp.get("/")
def overview() -> ResponseReturnValue:
    """What waits, and what is hidden."""
    desk = _desk()
    return render_template(
        "operator_ideas.html",
        waiting=desk.waiting(),
        hidden=desk.hidden(),
        reports=IdeaReports(db(), current_tool().clock).waiting(OPERATOR),
        grounds=GROUNDS,
        words=idea_words,
    )


@bp.get("/<int:number>/<uuid:idea_id>")
def show(number: int, idea_id: UUID) -> ResponseReturnValue:
    """One card, to be read and decided about."""
    idea = _desk().one(number, idea_id)
    return render_template(
        "operator_idea.html",
        idea=idea,
        words=idea_words,
        names=current_tool().catalogue.competence_names(language()),
        longest=LONGEST_REASON,
        **pictures_of(number, idea, "operator_ideas.operator_picture", number=number, idea_id=idea_id),
    )


@bp.post("/<int:number>/<uuid:idea_id>")
def decision(number: int, idea_id: UUID) -> ResponseReturnValue:
    """Release, turn down, hide, show again."""
    decide(_desk(), number, idea_id)
    commit()
    return redirect(url_for("operator_ideas.overview"), 303)


def _desk() -> IdeaReleases:
    return IdeaReleases(db(), current_tool().clock, OPERATOR)
