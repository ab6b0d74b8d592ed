"""The instructor's desk for ideas: what is asked for in the course and for the town, and what is hidden."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_states import Reach
from lti_tool.services.idea_releases import LONGEST_REASON, IdeaReleases, deciding
from lti_tool.services.idea_reports import IdeaReports
from lti_tool.web import idea_words
from lti_tool.web.idea_picture_addresses import pictures_of
from lti_tool.web.idea_report_words import GROUNDS
from lti_tool.web.instructor import bp
from lti_tool.web.languages import language
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@bp.get("/ideas")
def idea_requests() -> ResponseReturnValue:
    """What waits, and what is hidden."""
    desk = _desk()
    return render_template(
        "class_ideas.html",
        waiting=desk.waiting(),
        hidden=desk.hidden(),
        reports=IdeaReports(db(), current_tool().clock).waiting(deciding(current_actor())),
        grounds=GROUNDS,
        words=idea_words,
    )


@bp.get("/ideas/<uuid:idea_id>")
def idea_request(idea_id: UUID) -> ResponseReturnValue:
    """One card, to be read and decided about."""
    number = current_actor().registration_id
    idea = _desk().one(number, idea_id)
    return render_template(
        "class_idea.html",
        idea=idea,
        words=idea_words,
        names=current_tool().catalogue.competence_names(language()),
        longest=LONGEST_REASON,
        **pictures_of(number, idea, "instructor.idea_picture", idea_id=idea_id),
    )


@bp.post("/ideas/<uuid:idea_id>")
def decide_idea(idea_id: UUID) -> ResponseReturnValue:
    """Release, turn down, hide, show again."""
    decide(_desk(), current_actor().registration_id, idea_id)
    commit()
    return redirect(url_for("instructor.idea_requests"), 303)


def decide(desk: IdeaReleases, registration_id: int, idea_id: UUID) -> None:
    """Carry out what a form of a desk asks for.

    Raises:
        Refusal: `bad_request`, and what the desk refuses.
    """
    form = request.form
    decision, reach, reason = form.get("decision", ""), form.get("reach", ""), form.get("reason", "")
    if decision in {"release", "reject"} and reach not in set(Reach):
        raise Refusal(Code.BAD_REQUEST, "no such reach")
    if decision == "release":
        desk.release(registration_id, idea_id, Reach(reach), form.get("seen", ""))
    elif decision == "reject":
        desk.reject(registration_id, idea_id, Reach(reach), reason)
    elif decision == "hide":
        desk.hide(registration_id, idea_id, reason)
    elif decision == "show_again":
        desk.show_again(registration_id, idea_id)
    else:
        raise Refusal(Code.BAD_REQUEST, "no such decision")


def _desk() -> IdeaReleases:
    return IdeaReleases(db(), current_tool().clock, deciding(current_actor()))
