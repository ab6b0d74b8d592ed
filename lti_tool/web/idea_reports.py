"""Reports of cards at both desks: read there, and settled if the card may stay."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.idea_releases import OPERATOR, deciding
from lti_tool.services.idea_reports import IdeaReports
from lti_tool.web import instructor, operator_ideas
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@instructor.bp.post("/ideas/<uuid:idea_id>/reports")
def settle_idea_reports(idea_id: UUID) -> ResponseReturnValue:
    """Let a card of the own town stay."""
    actor = current_actor()
    IdeaReports(db(), current_tool().clock).settle(deciding(actor), actor.registration_id, idea_id)
    commit()
    return redirect(url_for("instructor.idea_requests"), 303)


@operator_ideas.bp.post("/<int:number>/<uuid:idea_id>/reports")
def settle_reports(number: int, idea_id: UUID) -> ResponseReturnValue:
    """Let a card of all towns stay."""
    IdeaReports(db(), current_tool().clock).settle(OPERATOR, number, idea_id)
    commit()
    return redirect(url_for("operator_ideas.overview"), 303)
