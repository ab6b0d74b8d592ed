"""The way to a certificate: which modules are done, which are missing, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Certification
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion, route
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.completions import Completions
from lti_tool.services.progress import Progress
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
        self_assessment=tool.catalogue.self_assessment,
        route=route(_chosen(), tool.catalogue, completions_of(current_actor())),
    )


def completions_of(actor: Actor) -> Mapping[str, Completion]:
    """Return what a person has reached, by module; modules not begun are missing."""
    tool = current_tool()
    return Completions(db(), tool.clock, tool.catalogue).of(actor)


def passed_modules(actor: Actor) -> frozenset[str]:
    """Return the ids of the modules a person needs no more."""
    standings = Progress(db(), current_tool().clock).standings(actor)
    return frozenset(module_id for module_id, standing in standings.items() if standing.passed_at)


def _chosen() -> Certification:
    certifications = current_tool().catalogue.certifications
    named = certifications.get(request.args.get("way", ""))
    chosen = named or next(iter(certifications.values()), None)
    if chosen is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "the content has no certification")
    return chosen
