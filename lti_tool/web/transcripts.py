"""Taking along what was learned: a signed transcript to leave with, and one to arrive with."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.credentials.transcript import MEDIA_TYPE
from lti_tool.credentials.transcript_check import LARGEST_FILE, host_of, read, verify
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.town_time import shown
from lti_tool.domain.transcripts import Fault, Transcript, TranscriptRefused
from lti_tool.services.presented_transcripts import PresentedTranscripts
from lti_tool.services.proof_keys import ProofKeys
from lti_tool.services.recognition import Recognition
from lti_tool.services.transcripts import Transcripts
from lti_tool.web.certificates import completions_of
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.transcript_words import FAULTS
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("transcripts", __name__, url_prefix=PREFIX))


@bp.get("/transcript")
def take_along() -> ResponseReturnValue:
    """What a transcript would hold, and the one that counts today."""
    return _take_along()


@bp.post("/transcript")
def issue() -> ResponseReturnValue:
    """Make one; its code is on this one page and nowhere else."""
    transcripts, actor = _transcripts(), current_actor()
    code = transcripts.issue(actor, transcripts.passed(actor, current_tool().catalogue))
    commit()
    return _take_along(code)


@bp.get("/transcript/file")
def file() -> ResponseReturnValue:
    """The signed file."""
    standing = _transcripts().standing(current_actor())
    if standing is None:
        raise Refusal(Code.NOT_FOUND, "no transcript of this person")
    transcript, key_id = standing
    token = current_tool().transcripts.token(transcript, _keys().by_id(key_id))
    response = Response(token, content_type=MEDIA_TYPE)
    name = f"lernnachweis-{shown(transcript.issued_at):%Y-%m-%d}.jwt"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.post("/transcript/withdraw")
def withdraw() -> ResponseReturnValue:
    """Take it back."""
    _transcripts().withdraw(current_actor())
    commit()
    return redirect(url_for("transcripts.take_along"), 303)


@bp.get("/transcript/presented")
def arrive() -> ResponseReturnValue:
    """The form that takes a transcript from elsewhere, and what was presented before."""
    return _arrive()


@bp.post("/transcript/presented")
def present() -> ResponseReturnValue:
    """Read a transcript and keep it; of one that cannot count, only the reason is shown."""
    limit_rate("transcripts")
    try:
        token, transcript = _brought()
    except TranscriptRefused as refused:
        return _arrive(refused.fault), 400
    actor, presented = current_actor(), _presented()
    presented_id = presented.present(actor, token, transcript)
    if _is_ours(transcript):
        presented.settle(actor.registration_id, presented_id, None)
    commit()
    return redirect(url_for("transcripts.show", presented_id=presented_id), 303)


@bp.get("/transcript/presented/<uuid:presented_id>")
def show(presented_id: UUID) -> ResponseReturnValue:
    """What is in a transcript, what of it counts here, and where it stands."""
    actor, catalogue = current_actor(), current_tool().catalogue
    presented = _presented().own(actor, presented_id)
    completions = completions_of(actor)
    return render_template(
        "transcript_presented.html",
        presented=presented,
        host=host_of(presented.issuer),
        fault=FAULTS[presented.fault] if presented.fault else None,
        offered=catalogue.modules,
        completions=completions,
    )


@bp.post("/transcript/presented/<uuid:presented_id>/confirm")
def confirm(presented_id: UUID) -> ResponseReturnValue:
    """Let it count, or wait for those who decide."""
    actor = current_actor()
    _presented().confirm(actor, presented_id)
    Recognition(db(), current_tool().clock, current_tool().catalogue).put_forward(actor.registration_id, presented_id)
    commit()
    return redirect(url_for("transcripts.show", presented_id=presented_id), 303)


@bp.post("/transcript/presented/<uuid:presented_id>/remove")
def remove(presented_id: UUID) -> ResponseReturnValue:
    """Forget one that does not count."""
    _presented().remove(current_actor(), presented_id)
    commit()
    return redirect(url_for("transcripts.arrive"), 303)


def _brought() -> tuple[str, Transcript]:
    """Return the transcript of this form, checked as far as that goes without asking others."""
    given = request.files.get("file")
    token, transcript = read(given.read(LARGEST_FILE + 1) if given else b"")
    transcript.check_period(current_tool().clock())
    if _is_ours(transcript):
        _check_own(token, transcript)
    if not transcript.code.fits(request.form.get("code", "")):
        raise TranscriptRefused(Fault.WRONG_CODE)
    return token, transcript


def _is_ours(transcript: Transcript) -> bool:
    return transcript.issuer == current_tool().transcripts.did


def _take_along(code: str = "") -> str:
    transcripts, actor = _transcripts(), current_actor()
    standing = transcripts.standing(actor)
    return render_template(
        "transcript.html",
        modules=transcripts.passed(actor, current_tool().catalogue),
        standing=standing[0] if standing else None,
        code=code,
    )


def _arrive(fault: Fault | None = None) -> str:
    return render_template(
        "transcript_arrive.html",
        presented=_presented().of_person(current_actor()),
        fault=FAULTS[fault] if fault else None,
        wrong_code=fault is Fault.WRONG_CODE,
    )


def _check_own(token: str, transcript: Transcript) -> None:
    keys = _keys().all()
    if not keys:
        raise TranscriptRefused(Fault.TAMPERED)
    verify(token, current_tool().badges.key_document(keys))
    _transcripts().check_own(transcript, current_actor().registration_id)


def _transcripts() -> Transcripts:
    tool = current_tool()
    return Transcripts(db(), tool.clock, tool.settings.secret_key.get_secret_value(), tool.transcripts)


def _presented() -> PresentedTranscripts:
    return PresentedTranscripts(db(), current_tool().clock)


def _keys() -> ProofKeys:
    tool = current_tool()
    return ProofKeys(db(), tool.clock, tool.settings.secret_key.get_secret_value())
