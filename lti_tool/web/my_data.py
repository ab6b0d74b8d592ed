"""„Meine Daten“: what is held of whoever looks, to take along, and to be erased by a second click."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.privacy import Kind
from lti_tool.services.audit import Who
from lti_tool.services.own_data import OwnData
from lti_tool.services.personal_export import PersonalExport
from lti_tool.services.privacy import Privacy
from lti_tool.web.doomed_files import delete_doomed_files
from lti_tool.web.launch_session import COOKIE, PREFIX, current_actor, under_launch
from lti_tool.web.personal_data_words import KINDS, ends, seen_by
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("my_data", __name__, url_prefix=f"{PREFIX}/my-data"))


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Every kind with its number, purpose, readers and end."""
    actor = current_actor()
    held = None if actor.is_anonymous else OwnData(db()).overview(actor)
    counts = held.counts if held else {}
    return render_template(
        "my_data.html",
        held=held,
        kinds=[kind for kind in Kind if counts.get(kind)],
        empty=[kind for kind in Kind if not counts.get(kind)],
        words=KINDS,
        seen_by=seen_by,
        ends=ends,
        Kind=Kind,
    )


@bp.get("/meine-daten.json")
def download() -> ResponseReturnValue:
    """The data, for people and programs."""
    content = _export().json(OwnData(db()).people(current_actor()))
    return _attached(Response(content, content_type="application/json; charset=utf-8"), "json")


@bp.get("/meine-daten.zip")
def download_with_files() -> ResponseReturnValue:
    """The same, and the files that were handed in."""
    archive = _export().archive(OwnData(db()).people(current_actor()))
    return _attached(send_file(archive, mimetype="application/zip"), "zip")


@bp.get("/erase")
def ask() -> ResponseReturnValue:
    """What erasing takes along, and what it cannot reach."""
    held = OwnData(db()).overview(current_actor())
    return render_template("my_data_erase.html", held=held, Kind=Kind)


@bp.post("/erase")
def erase() -> ResponseReturnValue:
    """Erase everything; this launch ends with it."""
    actor, tool = current_actor(), current_tool()
    if request.form.get("sure") != "yes":
        raise Refusal(Code.BAD_REQUEST, "not confirmed")
    people = OwnData(db()).people(actor)
    erased = Privacy(db(), tool.clock, Who.PERSON).erase(
        people, withdraw_proofs=request.form.get("proofs") == "withdraw"
    )
    commit()
    delete_doomed_files()
    g.pop("actor")  # whoever it was is not known any more
    g.locale, g.registration_id = actor.locale, actor.registration_id
    response = make_response(render_template("my_data_erased.html", receipt=erased.receipt))
    response.delete_cookie(
        COOKIE, path=f"/l/{actor.launch_id}", secure=True, httponly=True, samesite="None", partitioned=True
    )
    return response


def _export() -> PersonalExport:
    tool = current_tool()
    return PersonalExport(db(), tool.clock, tool.files)


def _attached(response: Response, suffix: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="meine-daten.{suffix}"'
    return response
