"""The author's page for a card's pictures: a form of its own, so that no picture costs what was typed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.file_types import BadFile, FileFault
from lti_tool.services.idea_drafts import IdeaDrafts
from lti_tool.services.idea_pictures import LONGEST_ALT, MOST_PICTURES, IdeaPictures, bytes_of
from lti_tool.services.ideas import Ideas
from lti_tool.services.picture_files import MOST_BYTES, shown_picture
from lti_tool.services.uploads import Uploads
from lti_tool.web.doomed_files import delete_doomed_files
from lti_tool.web.idea_forms import typed
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.rate import limit_rate, limit_rate_of
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.uploads import LARGEST_UPLOAD

_FAULTS = {
    FileFault.EMPTY: _("Bitte wählen Sie ein Bild aus."),
    FileFault.TOO_LARGE: _(
        "Das Bild ist zu groß. Bitte verkleinern Sie es, zum Beispiel auf 4.000 Pixel Breite; möglich sind 20 MB."
    ),
    FileFault.WRONG_TYPE: _("Bitte wählen Sie ein Bild als JPEG, PNG oder WebP; entscheidend ist der Inhalt."),
    FileFault.DAMAGED: _("Das Bild ist beschädigt. Bitte speichern Sie es in einem Bildprogramm neu."),
}
_ONE = _("Bitte wählen Sie ein Bild nach dem anderen aus; jedes braucht seine eigene Beschreibung.")
_NO_ALT = _("Bitte beschreiben Sie das Bild für Menschen, die es nicht sehen.")
_ALT_AGAIN = _("Ihre Beschreibung ist nicht angekommen. Bitte geben Sie sie noch einmal ein.")
_LONG_ALT = _("Bitte kürzen Sie die Beschreibung auf höchstens 300 Zeichen.")

bp = Blueprint("idea_pictures", __name__, url_prefix=f"{PREFIX}/ideas/own/<uuid:idea_id>/pictures")


@bp.before_request
def _take_large_forms() -> None:
    request.max_content_length = LARGEST_UPLOAD
    if request.method == "POST":
        limit_rate("upload")


under_launch(bp)  # who acts is known, and the form's token checked, before a view runs


@bp.errorhandler(RequestEntityTooLarge)
def _form_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Show the page once more: nothing of the form was read. Where scripts run, no such form is sent."""
    idea_id = (request.view_args or {}).get("idea_id")
    if "actor" not in g or idea_id is None:
        raise Refusal(Code.FILE_TOO_LARGE, "more than a form may be") from error
    return _page(idea_id, {"picture": _FAULTS[FileFault.TOO_LARGE], "alt": _ALT_AGAIN}), 413


@bp.get("/")
def show(idea_id: UUID) -> ResponseReturnValue:
    """What stands on the card, and a form for one more."""
    return _page(idea_id)


@bp.post("/")
def add(idea_id: UUID) -> ResponseReturnValue:
    """Put one picture on the card; what is wrong with it is told beside what was typed."""
    tool, actor, pictures = current_tool(), current_actor(), IdeaPictures(db(), current_tool().clock)
    Ideas(db(), tool.clock).own(actor, idea_id)  # whose it is comes first
    limit_rate_of("platform-files", actor.registration_id)
    alt = _described()
    faults = _faults_of(alt, "alt")
    if len(request.form.getlist("handed_in")) + bool(request.files.get("picture")) > 1:
        return _page(idea_id, faults | {"picture": _ONE}, alt=alt), 400
    try:
        picture = shown_picture(_sent(idea_id))
    except BadFile as error:
        faults["picture"] = _FAULTS[error.fault]
    if faults:
        return _page(idea_id, faults, alt=alt), 400
    key = pictures.announce(actor, idea_id)
    commit()  # no transaction waits for the store
    tool.files.put(key, picture.data)
    pictures.add(actor, idea_id, picture, alt, key)
    commit()
    return redirect(url_for("idea_pictures.show", idea_id=idea_id), 303)


@bp.post("/<uuid:picture_id>/alt")
def reword(idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """Describe a picture in other words; what is wrong with them is told beside what was typed."""
    tool, actor, pictures = current_tool(), current_actor(), IdeaPictures(db(), current_tool().clock)
    picture, alt = pictures.own(actor, idea_id, picture_id), _described()
    if faults := _faults_of(alt, f"alt-{picture_id}"):
        return _page(idea_id, faults, other={picture_id: alt}), 400
    if alt != picture.alt:
        limit_rate_of("platform-files", actor.registration_id)
        key = pictures.announce_copy(actor, idea_id, picture_id)
        commit()  # no transaction waits for the store
        tool.files.put(key, bytes_of(picture, tool.files))
        pictures.reword(actor, idea_id, picture_id, alt, key)
        commit()
        delete_doomed_files()
    return redirect(url_for("idea_pictures.show", idea_id=idea_id), 303)


@bp.post("/<uuid:picture_id>/remove")
def remove(idea_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """Take one from the card."""
    IdeaPictures(db(), current_tool().clock).remove(current_actor(), idea_id, picture_id)
    commit()
    delete_doomed_files()
    return redirect(url_for("idea_pictures.show", idea_id=idea_id), 303)


def _described() -> str:
    return " ".join(typed("alt").split())


def _faults_of(alt: str, field: str) -> dict[str, object]:
    if alt and len(alt) <= LONGEST_ALT:
        return {}
    return {field: _LONG_ALT if alt else _NO_ALT}


def _sent(idea_id: UUID) -> bytes:
    """The bytes of the file that came along, or of the one that was handed in with the assignment."""
    tool, actor, question_id = current_tool(), current_actor(), request.form.get("handed_in", "")
    attempt_id = Ideas(db(), tool.clock).own(actor, idea_id).attempt_id
    if question_id and attempt_id:
        return Uploads(db(), tool.clock, tool.catalogue, tool.files).own_file(actor, attempt_id, question_id).data
    sent = request.files.get("picture")
    return sent.read() if sent else b""


def _page(
    idea_id: UUID,
    faults: dict[str, object] | None = None,
    *,
    alt: str = "",
    other: Mapping[UUID, str] | None = None,
) -> str:
    tool, actor = current_tool(), current_actor()
    idea = Ideas(db(), tool.clock).own(actor, idea_id)
    return render_template(
        "idea_pictures.html",
        idea=idea,
        pictures=IdeaPictures(db(), tool.clock).of(actor.registration_id, idea_id, idea.number),
        handed_in=IdeaDrafts(db(), tool.clock, tool.catalogue).pictures(actor, idea_id),
        most=MOST_PICTURES,
        most_bytes=MOST_BYTES,
        too_large=_FAULTS[FileFault.TOO_LARGE],
        faults=faults or {},
        alt=alt,
        other=other or {},
    )
