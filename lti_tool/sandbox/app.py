from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from lti_tool.sandbox import (
    controls,
    deep_linking,
    discovery,
    faults,
    line_items,
    notices,
    oidc,
    pages,
    protection,
    registration,
    roster,
    scores,
    tokens,
    viewing,
)
from lti_tool.sandbox.config import PracticeConfig
from lti_tool.sandbox.errors import OAuthRefused, PageRefused, ServiceRefused
from lti_tool.sandbox.lms import EXTENSION, assemble

_ROOMS = (pages, oidc, discovery, tokens, line_items, scores, roster, deep_linking, registration, notices, controls)
_LARGEST_BODY = 1024 * 1024
_FOR_MACHINES = ("/services/", "/platform/token", "/platform/register", "/practice/")


def create_practice_lms(config: PracticeConfig) -> Flask:
    """Build the practice LMS as a WSGI application of its own.

    It keeps its state in this process: serve it with threads, never with several processes.
    """
    app = Flask(__name__)
    address = urlsplit(config.base_url)
    app.config.update(
        SERVER_NAME=address.netloc,
        PREFERRED_URL_SCHEME=address.scheme,
        TRUSTED_HOSTS=[str(address.hostname), "localhost", "127.0.0.1"],
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
    )
    lms = assemble(config)
    app.extensions[EXTENSION] = lms
    protection.install(app, lms)
    faults.install(app, lms.faults)
    app.after_request(viewing.remember_viewer)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    app.context_processor(
        lambda: {  # called by the full pages only: the forms of a login must never set a cookie
            "viewer": viewing.viewer,
            "choices": viewing.choices,
            "offers_storage": lambda: lms.state.settings.platform_storage,
            "broken": lambda: lms.faults.now != faults.Faults(),
        }
    )
    _answer_refusals(app)
    return app


def _answer_refusals(app: Flask) -> None:
    @app.errorhandler(ServiceRefused)
    def _service(refusal: ServiceRefused) -> ResponseReturnValue:
        return jsonify({"status": refusal.status, "reason": refusal.reason}), refusal.status

    @app.errorhandler(OAuthRefused)
    def _oauth(refusal: OAuthRefused) -> ResponseReturnValue:
        return jsonify({"error": refusal.error, "error_description": refusal.description}), refusal.status

    @app.errorhandler(PageRefused)
    def _page(refusal: PageRefused) -> ResponseReturnValue:
        return render_template("error.html", sentence=refusal.sentence), refusal.status

    @app.errorhandler(SecurityError)
    def _strange_host(refusal: SecurityError) -> ResponseReturnValue:
        return f"Das Übungs-LMS heißt hier anders ({refusal.name}).", 400  # no page: it could not name its own links

    @app.errorhandler(HTTPException)
    def _http(refusal: HTTPException) -> ResponseReturnValue:
        status = refusal.code or 500
        if request.path.startswith(_FOR_MACHINES):
            return jsonify({"status": status, "reason": refusal.name}), status
        sentence = "Diese Seite gibt es hier nicht." if status == 404 else f"Das geht so nicht ({refusal.name})."
        return render_template("error.html", sentence=sentence), status
