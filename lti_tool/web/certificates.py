"""The way to a certificate: which modules are done, which are missing, and what comes next."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Certification, Module
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion, route
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.progress import ModuleStanding, Progress
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

bp = under_launch(Blueprint("certificates", __name__, url_prefix=PREFIX))


@bp.get("/certificates")
def tracker() -> ResponseReturnValue:
    """One certification at a time; `?way=lotse` switches."""
    tool = current_tool()
    return render_template(
        "tracker.html",
        certifications=tool.catalogue.certifications.values(),
        route=route(_chosen(), tool.catalogue, completions_of(current_actor())),
    )


def completions_of(actor: Actor) -> dict[str, Completion]:
    """Return what a person has reached, by module; modules not begun are missing."""
    tool = current_tool()
    standings = Progress(db(), tool.clock).standings(actor)
    return {
        module_id: _completion(module, standings[module_id])
        for module_id, module in tool.catalogue.modules.items()
        if module_id in standings
    }


def _chosen() -> Certification:
    certifications = current_tool().catalogue.certifications
    named = certifications.get(request.args.get("way", ""))
    chosen = named or next(iter(certifications.values()), None)
    if chosen is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "the content has no certification")
    return chosen


def _completion(module: Module, standing: ModuleStanding) -> Completion:
    """A pass is never taken back, so it counts in full; which attempt it was does not matter here."""
    return Completion(
        pages_read=sum(page.slug in standing.visited for page in module.required_pages),
        best_share=Fraction(1) if standing.passed_at else None,
    )
