"""The way to a certificate: which modules are done, which are missing, and what comes next."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Certification
from lti_tool.domain.certification import route
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.completions import Completions
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

bp = under_launch(Blueprint("certificates", __name__, url_prefix=PREFIX))


@bp.get("/certificates")
def tracker() -> ResponseReturnValue:
    """One certification at a time; `?way=lotse` switches."""
    tool = current_tool()
    certification = _chosen()
    completions = Completions(db(), tool.clock, tool.catalogue).of(current_actor())
    return render_template(
        "tracker.html",
        certifications=tool.catalogue.certifications.values(),
        route=route(certification, tool.catalogue, completions),
    )


def _chosen() -> Certification:
    certifications = current_tool().catalogue.certifications
    named = certifications.get(request.args.get("way", ""))
    chosen = named or next(iter(certifications.values()), None)
    if chosen is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "the content has no certification")
    return chosen
