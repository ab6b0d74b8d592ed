"""The protocol's doors: login, launch, public keys, and the ways into another tab.

1. The platform sends the browser to `/lti/login`; we send it back to the platform with state and nonce.
2. The platform posts the signed message to `/lti/launch`; it is verified, stored in one transaction, and the browser
   goes on to the launch's own pages below `/l/<launch>/`.
3. A browser that kept no cookie gets a page instead, from which one click opens the launch in a new tab.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import Launch
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.web import platform_storage
from lti_tool.web.launch_session import PREFIX, current_actor, landing_url, start_session, under_launch
from lti_tool.web.placement import place
from lti_tool.web.rate import limit_rate, limit_rate_of, note
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db, db_for_launch, db_for_writing

bp = Blueprint("lti", __name__)
in_launch = under_launch(Blueprint("new_tab", __name__, url_prefix=PREFIX))

BROWSER_COOKIE = "lti-login"
LARGEST_LAUNCH = 256 * 1024

_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
_BROWSER_SECONDS = 3600
_JWKS_SECONDS = 300
_FAULT_OF_OTHERS = 500


@bp.route("/lti/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Third-party initiated login (Security Framework 1.1, 5.1.1), answered by a 302 GET.

    Only where the platform offers storage and the browser brings no cookie does a page do the same (decision 0018).
    """
    limit_rate("login")
    known = request.cookies.get(BROWSER_COOKIE, "")
    keeps_cookie = _SECRET.fullmatch(known) is not None
    browser_secret = known if keeps_cookie else secrets.token_urlsafe(24)
    storage_secret = None if keeps_cookie else secrets.token_urlsafe(24)
    parameters = _every_value(request.args, request.form)
    answer = current_tool().login_starter.start(parameters, browser_secret, storage_secret)
    g.registration_id = answer.registration_id
    if answer.storage and storage_secret:
        response = platform_storage.leave(answer, storage_secret)
    else:
        response = Response(status=302, headers=[("Location", answer.url)])
    response.set_cookie(
        BROWSER_COOKIE,
        browser_secret,
        max_age=_BROWSER_SECONDS,
        path="/lti",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/lti/launch")
def launch() -> ResponseReturnValue:
    """Authentication response (Security Framework 1.1, 5.1.1.3): one signed message, used once."""
    limit_rate("launch")
    message = _validated()
    g.registration_id = message.registration_id
    limit_rate_of("platform", message.registration_id)
    tool = current_tool()
    placement = place(message, tool.catalogue)
    store = StoreLaunch(db_for_launch(), tool.clock, tool.settings.session_hours)
    if not message.browser_bound:
        return _park(store, message, placement)
    opened = store.store(message, placement)
    commit()
    return start_session(Response(status=303, headers=[("Location", landing_url(opened.launch_id))]), opened)


@bp.get("/lti/jwks")
def jwks() -> ResponseReturnValue:
    """The tool's public keys (RFC 7517)."""
    response = jsonify(current_tool().tool_keys.public_jwks())
    response.headers["Cache-Control"] = f"public, max-age={_JWKS_SECONDS}"
    return response


@bp.post("/lti/handover")
def take_over() -> ResponseReturnValue:
    """Open a launch in this tab by a single-use code; the tab gets a session of its own, in the first party."""
    tool = current_tool()
    opened = LaunchSessions(db(), tool.clock, tool.settings.session_hours).take_over(request.form.get("code", ""))
    commit()
    return start_session(Response(status=303, headers=[("Location", landing_url(opened.launch_id))]), opened)


@in_launch.get("/new-tab")
def offer_new_tab() -> ResponseReturnValue:
    """Show the button that opens this launch in a new tab (a frame's cookie is not seen there)."""
    actor = current_actor()
    code = _code()
    return render_template("handover.html", code=code, person_name=actor.person_name, course_title=actor.context_title)


@in_launch.post("/new-tab")
def new_tab_code() -> ResponseReturnValue:
    """The same for a script: the code alone, as JSON."""
    response = jsonify(code=_code())
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Add the doors to an app."""
    app.register_blueprint(bp)
    app.register_blueprint(in_launch)
    app.register_blueprint(platform_storage.bp)
    app.register_blueprint(platform_storage.in_launch)


def _validated() -> Launch:
    """Return the launch of this request. Bad ones are counted, and a line that sent too many is heard no further.

    Somebody in the middle of a login always is: a class whose activity is set up wrongly keeps no neighbour out.
    """
    validator, cookie = current_tool().launch_validator, request.cookies.get(BROWSER_COOKIE)
    try:
        _refuse_odd_body()
        form = _every_value(request.form)
        if not validator.follows_login(form, cookie):
            limit_rate("bad-launch", count=False)
        return validator.validate(form, cookie)
    except Refusal as refusal:
        if refusal.code.status < _FAULT_OF_OTHERS and refusal.code is not Code.RATE_LIMITED:
            note("bad-launch")
        _keep_what_was_proved(refusal)
        raise


def _code() -> str:
    actor = current_actor()
    code = LaunchSessions(db_for_writing(), current_tool().clock).hand_over(actor)
    commit()
    return code


def _keep_what_was_proved(refusal: Refusal) -> None:
    """A refused launch may leave two things: a deployment to approve (A45), and a login that is over (A5)."""
    if refusal.registration_id is None or not (refusal.deployment_id or refusal.spent_state):
        return
    store = StoreLaunch(db(), current_tool().clock)
    if refusal.deployment_id:
        store.remember_deployment(refusal.registration_id, refusal.deployment_id)
    if refusal.spent_state:
        store.burn_state(refusal.registration_id, *refusal.spent_state)
    commit()


def _park(store: StoreLaunch, message: Launch, placement: Placement) -> Response:
    code = store.park(message, placement)
    commit()
    g.locale = placement.locale
    page = render_template(
        "storage_read.html" if message.storage else "parked.html",
        code=code,
        storage=message.storage,
        person_name=message.name,
        course_title=message.context.title if message.context else "",
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _every_value(*sources: MultiDict[str, str]) -> Mapping[str, Sequence[str]]:
    values: dict[str, list[str]] = {}
    for source in sources:
        for name, given in source.lists():
            values.setdefault(name, []).extend(given)
    return values


def _refuse_odd_body() -> None:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise Refusal(Code.LAUNCH_MEDIA_TYPE)
    request.max_content_length = LARGEST_LAUNCH
    try:
        request.form  # noqa: B018 -- reading it is what meets the limit
    except RequestEntityTooLarge:
        raise Refusal(Code.LAUNCH_TOO_LARGE) from None
