"""Pictures on their way to those who may see the card: readers, its author, and whoever decides about it."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from lti_tool.db.models import IdeaPicture
from lti_tool.services.idea_pictures import IdeaPictures, bytes_of
from lti_tool.services.idea_releases import OPERATOR, deciding
from lti_tool.services.picture_files import MEDIA_TYPE
from lti_tool.web import idea_pictures, ideas, instructor, operator_ideas
from lti_tool.web.headers import let_nothing_run
from lti_tool.web.launch_session import current_actor
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

_KEPT = "private, max-age=300"
"""Not much longer than somebody reads: a card may be withdrawn."""


@ideas.bp.get("/<uuid:idea_id>/pictures/<uuid:picture_id>")
def picture(idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """For readers."""
    return _shown(_pictures().readable(current_actor(), idea_id, picture_id))


@idea_pictures.bp.get("/<uuid:picture_id>")
def own_picture(idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """For the author."""
    return _shown(_pictures().own(current_actor(), idea_id, picture_id))


@instructor.bp.get("/ideas/<uuid:idea_id>/pictures/<uuid:picture_id>")
def idea_picture(idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """For the desk of the course and the town."""
    actor = current_actor()
    return _shown(_pictures().to_decide(deciding(actor), actor.registration_id, idea_id, picture_id))


@operator_ideas.bp.get("/<int:number>/<uuid:idea_id>/pictures/<uuid:picture_id>")
def operator_picture(number: int, idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """For the operator's desk."""
    return _shown(_pictures().to_decide(OPERATOR, number, idea_id, picture_id))


def _shown(row: IdeaPicture) -> Response:
    let_nothing_run()
    response = Response(bytes_of(row, current_tool().files), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = _KEPT
    return response


def _pictures() -> IdeaPictures:
    return IdeaPictures(db(), current_tool().clock)
