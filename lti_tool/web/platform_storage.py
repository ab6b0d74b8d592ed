"""A launch whose browser sent no cookie, opened in its frame by a secret from the platform's storage (decision 0018).

`static/storage.js` speaks with the platform's window. What it reads there is proof only if it comes from our own page:
a stranger's page could post a state and a secret of its own making.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.login import LoginRedirect
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.web.launch_session import PREFIX, landing_url, start_session, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = Blueprint("platform_storage", __name__)
in_launch = under_launch(Blueprint("platform_storage_in_launch", __name__, url_prefix=PREFIX))


def leave(answer: LoginRedirect, secret: str) -> Response:
    """Return the page that leaves a login's secret in the platform's storage and goes on to the platform."""
    return make_response(
        render_template("storage_leave.html", storage=answer.storage, secret=secret, onward=answer.url)
    )


@bp.post("/lti/launch/storage")
def open_with_secret() -> ResponseReturnValue:
    """Open a parked launch for the script that read its secret; answers with addresses, and a code for a new tab."""
    _refuse_foreign_page()
    tool = current_tool()
    sessions = LaunchSessions(db(), tool.clock, tool.settings.session_hours)
    proved = sessions.take_over_with_secret(request.form.get("code", ""), request.form.get("secret", ""))
    commit()
    landing = landing_url(proved.opened.launch_id)
    return start_session(jsonify(landing=landing, kept=f"{landing}kept", code=proved.code), proved.opened)


@in_launch.get("/kept")
def kept() -> ResponseReturnValue:
    """Show that this frame keeps a launch's cookie: the door to its pages has let the request pass."""
    return "", 204


def _refuse_foreign_page() -> None:
    """Row A71. Every browser names the origin of a script's POST; the newer ones say how it relates to us."""
    own = request.headers.get("Origin") == current_tool().settings.base_url
    if not own or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Refusal(Code.LAUNCH_FOREIGN_PAGE)
