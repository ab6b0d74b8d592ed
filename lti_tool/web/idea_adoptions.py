"""On a card: which towns take it over, how it went there, and the way to report it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_reports import LONGEST_WORDS, Ground
from lti_tool.services.idea_adoptions import LONGEST_EXPERIENCE, IdeaAdoptions
from lti_tool.services.idea_reports import IdeaReports
from lti_tool.services.idea_shelf import IdeaShelf
from lti_tool.web.idea_forms import typed
from lti_tool.web.idea_picture_addresses import pictures_of
from lti_tool.web.idea_report_words import GROUNDS
from lti_tool.web.ideas import bp
from lti_tool.web.launch_session import current_actor
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@bp.get("/<uuid:idea_id>")
def read(idea_id: UUID) -> ResponseReturnValue:
    """One card with the towns that take it over."""
    return _card(idea_id)


@bp.post("/<uuid:idea_id>/adoption")
def adopt(idea_id: UUID) -> ResponseReturnValue:
    """Take it over, or not after all."""
    IdeaShelf(db()).read(current_actor(), idea_id)  # whether there is such a card comes first
    adoptions, step = IdeaAdoptions(db(), current_tool().clock), request.form.get("step", "")
    if step == "adopt":
        adoptions.adopt(current_actor(), idea_id)
    elif step == "give_up":
        adoptions.give_up(current_actor(), idea_id)
    else:
        raise Refusal(Code.BAD_REQUEST, "no such step")
    commit()
    return redirect(url_for("ideas.read", idea_id=idea_id) + "#adoptions", 303)


@bp.post("/<uuid:idea_id>/experience")
def tell(idea_id: UUID) -> ResponseReturnValue:
    """Keep how it went in the own town; a text that is too long is shown once more, and nothing of it is lost."""
    experience = typed("experience")
    if len(experience) > LONGEST_EXPERIENCE:
        return _card(idea_id, too_long=experience), 400
    IdeaAdoptions(db(), current_tool().clock).tell(current_actor(), idea_id, experience)
    commit()
    return redirect(url_for("ideas.read", idea_id=idea_id) + "#adoptions", 303)


@bp.get("/<uuid:idea_id>/report")
def report_form(idea_id: UUID) -> ResponseReturnValue:
    return _report(idea_id)


@bp.post("/<uuid:idea_id>/report")
def report(idea_id: UUID) -> ResponseReturnValue:
    """Keep a report; without a ground, or with too many words, show the form once more."""
    limit_rate("ideas")
    ground, words = request.form.get("ground", ""), typed("details")
    if ground not in set(Ground) or len(words) > LONGEST_WORDS:
        return _report(idea_id, ground=ground, said=words, fault=True), 400
    IdeaReports(db(), current_tool().clock).report(current_actor(), idea_id, Ground(ground), words)
    commit()
    return redirect(url_for("ideas.read", idea_id=idea_id, reported="yes"), 303)


def _card(idea_id: UUID, too_long: str = "") -> str:
    actor, clock = current_actor(), current_tool().clock
    idea = IdeaShelf(db()).read(actor, idea_id)
    adoptions = IdeaAdoptions(db(), clock).of(actor, idea)
    return render_template(
        "idea.html",
        idea=idea,
        adoptions=adoptions,
        own=next((one for one in adoptions if one.is_own), None),
        speaks=actor.is_instructor,
        too_long=too_long,
        longest=LONGEST_EXPERIENCE,
        reported=request.args.get("reported") == "yes",
        **pictures_of(idea.registration_id, idea, "ideas.picture", idea_id=idea_id),
    )


def _report(idea_id: UUID, *, ground: str = "", said: str = "", fault: bool = False) -> str:
    idea = IdeaShelf(db()).read(current_actor(), idea_id)
    return render_template(
        "idea_report.html", idea=idea, grounds=GROUNDS, ground=ground, said=said, fault=fault, longest=LONGEST_WORDS
    )
