"""The login (LTI security framework 1.0, 5.1.1): click, third-party initiation, authentication request, id_token."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.claims import id_token_claims
from lti_tool.sandbox.errors import PageRefused
from lti_tool.sandbox.launches import LIFETIME, RESOURCE_LINK, SUBMISSION_REVIEW, PendingLaunch
from lti_tool.sandbox.lms import PracticeLms, current_lms
from lti_tool.sandbox.people import Person
from lti_tool.sandbox.tools import Tool
from lti_tool.sandbox.viewing import instructor, person_or_refuse, signed_in, view_as, viewer

blueprint = Blueprint("oidc", __name__)

_LONGEST = 4096


class _LoginRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An OAuth error that is posted to the tool (OpenID Connect core, 3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@blueprint.get("/course/<activity_id>/launch")
def launch(activity_id: str) -> ResponseReturnValue:
    """Start a launch: a form that sends itself to the tool's login. `?person=` looks through other eyes first."""
    lms = current_lms()
    if "person" in request.args:
        view_as(person_or_refuse(lms, request.args["person"]))
    activity = lms.activity(activity_id)
    return initiation(
        lms,
        PendingLaunch(
            client_id=activity.client_id,
            person_id=viewer().id,
            course_id=activity.course_id,
            activity_id=activity.id,
            message_type=RESOURCE_LINK,
            target_link_uri=activity.url or lms.active_tool(activity.client_id).target_link_uri,
            document_target=document_target(),
            expires_at=lms.now() + LIFETIME,
        ),
    )


@blueprint.get("/course/<activity_id>/review/<person_id>/launch")
def review(activity_id: str, person_id: str) -> ResponseReturnValue:
    """Start a submission review: the instructor looks at one learner's work (Submission Review 1.0)."""
    lms = current_lms()
    activity = lms.activity(activity_id)
    tool = lms.active_tool(activity.client_id)
    return initiation(
        lms,
        PendingLaunch(
            client_id=activity.client_id,
            person_id=instructor().id,
            course_id=activity.course_id,
            activity_id=activity.id,
            message_type=SUBMISSION_REVIEW,
            for_user=person_or_refuse(lms, person_id).id,
            target_link_uri=str((activity.review or {}).get("url") or activity.url or tool.target_link_uri),
            document_target=document_target(),
            expires_at=lms.now() + LIFETIME,
        ),
    )


def document_target() -> str:
    return "window" if request.args.get("target") == "window" else "iframe"


def initiation(lms: PracticeLms, launch: PendingLaunch) -> ResponseReturnValue:
    """Answer with the form of the third-party-initiated login; like Moodle always a POST."""
    tool = lms.active_tool(launch.client_id)
    lms.launches.add(launch, lms.now())
    fields = {
        "iss": lms.config.base_url,
        "target_link_uri": launch.target_link_uri,
        "login_hint": launch.person_id,
        "lti_message_hint": launch.hint,
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }
    if lms.state.settings.platform_storage and launch.document_target == "iframe":
        fields["lti_storage_target"] = "_parent"  # static/storage.js listens on the page around the frame
    lms.journal.sent(lms.now(), "Anmeldung angestoßen", fields)
    return render_template("post_form.html", action=tool.login_url, fields=fields, title="Weiter zum Werkzeug")


@blueprint.route("/platform/auth", methods=["GET", "POST"])
def authenticate() -> ResponseReturnValue:
    """Answer the tool's authentication request with an id_token, or with an error, posted to its redirect_uri.

    Without a known redirect_uri nothing may be posted anywhere: that is an error page.
    """
    lms = current_lms()
    asked = {key: value[:_LONGEST] for key, value in request.values.items()}
    tool = _owner(lms, asked.get("redirect_uri", ""), asked.get("client_id", ""))
    person = signed_in()
    if person is None and "repost" not in asked:
        return _repost(lms, asked)
    lms.journal.received(lms.now(), "Anmeldeanfrage", asked)
    try:
        fields = {"id_token": _id_token(lms, tool, person, asked)}
    except _LoginRefused as refusal:
        fields = {"error": refusal.error, "error_description": refusal.description}
        lms.journal.sent(lms.now(), "Anmeldung abgelehnt", fields)
    return render_template(
        "post_form.html",
        action=asked["redirect_uri"],
        fields={**fields, "state": asked.get("state", "")},
        title="Weiter zum Werkzeug",
    )


def _owner(lms: PracticeLms, redirect_uri: str, client_id: str) -> Tool:
    """Return the tool that registered a redirect_uri, if several did the one with this client id."""
    owners = [tool for tool in lms.state.tools.all() if tool.active and redirect_uri in tool.redirect_uris]
    if not owners:
        raise PageRefused(400, "Ungültige Anfrage: Die redirect_uri ist für kein Werkzeug eingetragen.")
    return next((tool for tool in owners if tool.client_id == client_id), owners[0])


def _repost(lms: PracticeLms, asked: Mapping[str, str]) -> ResponseReturnValue:
    """Let the page post to itself: a cross-site POST brings no Lax cookie, the second one does (as Moodle does)."""
    return render_template(
        "post_form.html", action=lms.config.auth_url, fields={**asked, "repost": "1"}, title="Einen Moment"
    )


def _id_token(lms: PracticeLms, tool: Tool, person: Person | None, asked: Mapping[str, str]) -> str:
    _check_request(asked)
    if asked.get("client_id") != tool.client_id:
        raise _LoginRefused("unauthorized_client", "Unknown client_id")
    taken = lms.faults.take(lambda faults: faults.login_error is not None)
    if taken and taken.faults.login_error:
        raise _LoginRefused(taken.faults.login_error, "Refused on purpose")
    if person is None:
        raise _LoginRefused("login_required", "Nobody is signed in")
    launch = lms.launches.find(asked.get("lti_message_hint", ""), lms.now())
    if launch is None:
        raise _LoginRefused("invalid_request", "Unknown or used lti_message_hint")
    if launch.client_id != tool.client_id:
        raise _LoginRefused("unauthorized_client", "This launch is for another tool")
    if person.id != asked.get("login_hint") or person.id != launch.person_id:
        raise _LoginRefused("access_denied", "login_hint is not the signed-in person")
    if not lms.launches.burn(launch.hint):
        raise _LoginRefused("invalid_request", "Unknown or used lti_message_hint")
    claims = id_token_claims(lms, launch, person, asked["nonce"])
    lms.journal.sent(lms.now(), "id_token (ohne Signatur)", claims)
    return lms.key.sign(claims)


def _check_request(asked: Mapping[str, str]) -> None:
    """Check what the specification fixes; state is returned as sent, even if absent."""
    required = {
        "scope": ("openid", "invalid_scope"),
        "response_type": ("id_token", "unsupported_response_type"),
        "response_mode": ("form_post", "invalid_request"),
    }
    for field, (value, error) in required.items():
        if asked.get(field) != value:
            raise _LoginRefused(error, f"Invalid {field}")
    if asked.get("prompt", "none") != "none":
        raise _LoginRefused("invalid_request", "Invalid prompt")
    if not asked.get("nonce"):
        raise _LoginRefused("invalid_request", "Missing nonce")
