"""Files as answers: handed in by a form, given back only to be saved."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.attempts import Attempts
from lti_tool.services.uploads import Download, Sent, Uploads
from lti_tool.web.doomed_files import delete_doomed_files
from lti_tool.web.headers import let_nothing_run
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.rate import limit_rate, limit_rate_of
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

LARGEST_UPLOAD = 21 * 1024 * 1024  # the largest file a question may ask for, and the form around it

bp = Blueprint("uploads", __name__, url_prefix=PREFIX)


@bp.before_request
def _take_large_forms() -> None:
    request.max_content_length = LARGEST_UPLOAD
    if request.method == "POST":
        limit_rate("upload")


under_launch(bp)  # who acts is known, and the form's token checked, before a view runs


@bp.post("/attempts/<uuid:attempt_id>/files/<question_id>")
def hand_in(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """Keep a file as the answer to a question, and show the question again."""
    tool, uploads = current_tool(), _uploads()
    Attempts(db(), tool.clock, tool.catalogue).open_attempt(current_actor(), attempt_id)  # whose it is comes first
    limit_rate_of("platform-files", current_actor().registration_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refusal(Code.FILE_EMPTY, "no file in the form")
    file = Sent(sent.filename, sent.read())
    key = uploads.announce(current_actor(), attempt_id, question_id, file)
    commit()  # no transaction waits for the store
    tool.files.put(key, file.data)
    uploads.hand_in(current_actor(), attempt_id, question_id, file, key)
    commit()
    delete_doomed_files()
    number = request.form.get("number", "1")
    number = number if number.isascii() and number.isdigit() else "1"
    return redirect(url_for("quiz.question", attempt_id=attempt_id, number=int(number[:4])), 303)


@bp.get("/attempts/<uuid:attempt_id>/files/<question_id>")
def download(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """Give a person her own file back."""
    return attachment(_uploads().own_file(current_actor(), attempt_id, question_id))


def attachment(file: Download) -> Response:
    """Answer with somebody's file so that no browser shows or runs it."""
    let_nothing_run()
    response = Response(file.data, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response


def _uploads() -> Uploads:
    tool = current_tool()
    return Uploads(db(), tool.clock, tool.catalogue, tool.files)
