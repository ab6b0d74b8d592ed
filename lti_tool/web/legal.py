"""Accessibility statement and privacy notice: public, and the same again within a launch's frame."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool

bp = Blueprint("legal", __name__)
in_launch = under_launch(Blueprint("launch_legal", __name__, url_prefix=PREFIX))


@bp.get("/barrierefreiheit")
@in_launch.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The statement that Directive (EU) 2016/2102, article 7 asks for; the operator's fields come from settings."""
    return render_template("accessibility.html", settings=current_tool().settings)


@bp.get("/datenschutz")
@in_launch.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The notice of article 13 GDPR, as far as the tool knows it."""
    return render_template("privacy.html", settings=current_tool().settings)


@in_launch.get("/who-sees-what")
def who_sees_what() -> ResponseReturnValue:
    """Who sees which data of this very activity."""
    return render_template("who_sees_what.html", actor=current_actor())
