"""Accessibility statement and privacy notice: public, and the same again within a launch's frame."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.domain.privacy import Kind
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.personal_data_words import KINDS, seen_by
from lti_tool.web.tool import current_tool

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

bp = Blueprint("legal", __name__)
in_launch = under_launch(Blueprint("launch_legal", __name__, url_prefix=PREFIX))


def mail_address(contact: str) -> str | None:
    """Return the e-mail address in a contact, so that people can write without copying it."""
    found = _MAIL.search(contact)
    return found.group() if found else None


@bp.get("/barrierefreiheit")
@in_launch.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The statement that Directive (EU) 2016/2102, article 7 asks for; the operator's fields come from settings."""
    settings = current_tool().settings
    contact = settings.accessibility_contact or settings.operator_contact
    return render_template("accessibility.html", settings=settings, contact=contact, mail=mail_address)


@bp.get("/datenschutz")
@in_launch.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The notice of article 13 GDPR, as far as the tool knows it."""
    return render_template("privacy.html", settings=current_tool().settings, kinds=list(Kind), words=KINDS)


@in_launch.get("/who-sees-what")
def who_sees_what() -> ResponseReturnValue:
    """Who sees which data of this very activity."""
    return render_template("who_sees_what.html", actor=current_actor(), kinds=list(Kind), words=KINDS, seen_by=seen_by)
