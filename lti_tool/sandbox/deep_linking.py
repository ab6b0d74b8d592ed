"""„Inhalt auswählen“ (Deep Linking 2.0): open the tool's picker in a frame, take what it hands back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.claims import DL_CLAIM, LTI
from lti_tool.sandbox.content_items import NewActivity, read_items
from lti_tool.sandbox.dialogs import Dialog
from lti_tool.sandbox.errors import PageRefused, TokenRefused
from lti_tool.sandbox.launches import DEEP_LINKING, LIFETIME, PendingLaunch
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.oidc import document_target, initiation
from lti_tool.sandbox.tools import Tool
from lti_tool.sandbox.viewing import instructor, viewer

blueprint = Blueprint("deep_linking", __name__, url_prefix="/deep-linking")


@blueprint.get("/new")
def dialogue() -> ResponseReturnValue:
    """Show the frame. `multiple=0` and `lineitem=0` forbid the tool several items and grade columns."""
    lms = current_lms()
    instructor()
    course = lms.course(request.args.get("course"))
    tool = lms.active_tool(request.args.get("tool", lms.config.client_id))
    dialog = lms.dialogs.begin(
        tool.client_id,
        course.id,
        accept_multiple=request.args.get("multiple") != "0",
        accept_lineitem=request.args.get("lineitem") != "0",
    )
    return render_template(
        "frame.html",
        title="Inhalt auswählen",
        intro=f"„{tool.name}“ zeigt, was in den Kurs „{course.title}“ übernommen werden kann.",
        source=url_for("deep_linking.launch", dialog_id=dialog.id),
    )


@blueprint.get("/<dialog_id>/launch")
def launch(dialog_id: str) -> ResponseReturnValue:
    """Start the deep-linking launch. Learners may try: the tool has to refuse them."""
    lms = current_lms()
    dialog = _open_dialog(lms, dialog_id)
    return initiation(
        lms,
        PendingLaunch(
            client_id=dialog.client_id,
            person_id=viewer().id,
            course_id=dialog.course_id,
            dialog_id=dialog.id,
            message_type=DEEP_LINKING,
            target_link_uri=lms.active_tool(dialog.client_id).deep_link_uri,
            document_target=document_target(),
            expires_at=lms.now() + LIFETIME,
        ),
    )


@blueprint.post("/<dialog_id>/return")
def take(dialog_id: str) -> ResponseReturnValue:
    """Take the signed response; the dialogue answers once."""
    lms = current_lms()
    dialog = _open_dialog(lms, dialog_id)
    tool = lms.active_tool(dialog.client_id)
    try:
        claims = lms.tool_keys.claims(request.form.get("JWT", ""), tool.jwks_url)
        _check(lms, dialog, tool, claims)
    except TokenRefused as fault:
        raise PageRefused(400, f"Die Antwort des Werkzeugs gilt nicht: {fault}") from fault
    created = read_items(claims.get(DL_CLAIM + "content_items", []), dialog, tool)
    if not lms.dialogs.close(dialog.id):
        raise PageRefused(409, "Diese Auswahl wurde schon übernommen.")
    lms.journal.received(lms.now(), "Auswahl (ohne Signatur)", claims)
    _store(lms, created)
    notes = [str(claims[DL_CLAIM + field]) for field in ("msg", "errormsg") if claims.get(DL_CLAIM + field)]
    return render_template("items_taken.html", created=created, notes=notes)


def _open_dialog(lms: PracticeLms, dialog_id: str) -> Dialog:
    dialog = lms.dialogs.find(dialog_id)
    if dialog is None:
        raise PageRefused(409, "Diese Auswahl ist schon beendet. Öffnen Sie „Inhalt auswählen“ noch einmal.")
    return dialog


def _check(lms: PracticeLms, dialog: Dialog, tool: Tool, claims: dict[str, Any]) -> None:
    """Check every claim of the response that the specification fixes (Deep Linking 2.0, 4.5)."""
    audience = claims.get("aud")
    nonce = claims.get("nonce")
    expected = {
        "iss": claims.get("iss") == tool.client_id,
        "aud": lms.config.base_url in (audience if isinstance(audience, list) else [audience]),
        "message_type": claims.get(LTI + "message_type") == "LtiDeepLinkingResponse",
        "version": claims.get(LTI + "version") == "1.3.0",
        "deployment_id": claims.get(LTI + "deployment_id") == tool.deployment_id,
        "data": claims.get(DL_CLAIM + "data") == dialog.data,
        "nonce": isinstance(nonce, str) and bool(nonce),
    }
    for claim, holds in expected.items():
        if not holds:
            raise TokenRefused(f"{claim} is wrong or missing")
    now = lms.now()
    if not lms.used.burn(f"nonce {tool.client_id} {nonce}", until=now + timedelta(days=1), now=now):
        raise TokenRefused("nonce was used before")


def _store(lms: PracticeLms, created: list[NewActivity]) -> None:
    with lms.state.lock:
        for new in created:
            lms.state.activities.put(new.activity.id, new.activity)
            if new.line_item:
                lms.state.line_items.put(new.line_item.id, new.line_item)
