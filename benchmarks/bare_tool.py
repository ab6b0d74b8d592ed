"""The tool to compare with: what PyLTI1p3's own Flask example does at a login and a launch, and nothing more.

Kept as in the example: its two views, the file of settings and the key files read for each request, the platform's key
set fetched for each launch, launch data in flask-caching, a small page from a template. Left out, each of which would
cost it more: the page that tries whether the browser keeps cookies (one request more), the copy of the launch's claims
on standard output, the game and its scores. Not as in the example: the cache lies in files, as one in memory is of no
use to more than one process, and has room for all launches, so that it never has to clear up. It stores nothing about
anybody for longer than ten minutes. Run by gunicorn; addresses come from the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_caching import Cache
from jinja2 import DictLoader
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.tool_config import ToolConfJsonFile

PLATFORM = os.environ["BENCH_PLATFORM"]
CLIENT_ID = os.environ["BENCH_CLIENT_ID"]
FOLDER = Path(os.environ["BENCH_FOLDER"])
SETTINGS = FOLDER / "platforms.json"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ page_title }}</title>
<link href="{{ url_for('static', filename='bare.css') }}" rel="stylesheet">
<script>
var module = "{{ module }}", person = "{{ person }}", launchId = "{{ launch_id }}";
</script>
<script src="{{ url_for('static', filename='bare.js') }}"></script>
</head>
<body>
{% if is_deep_link_launch %}
<h1>Choose</h1>
{% else %}
<h1>Hello, {{ person }}</h1>
<div id="scores"><h2>Scores</h2><table></table><p><a href="#" id="again">Again</a></p></div>
<canvas id="game" width="800" height="500"></canvas>
{% endif %}
</body>
</html>
"""


def write_settings() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    FOLDER.mkdir(parents=True)
    (FOLDER / "private.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
    )
    (FOLDER / "public.key").write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    )
    platform = {
        "default": True,
        "client_id": CLIENT_ID,
        "auth_login_url": f"{PLATFORM}/auth",
        "auth_token_url": f"{PLATFORM}/token",
        "auth_audience": None,
        "key_set_url": f"{PLATFORM}/jwks",
        "key_set": None,
        "private_key_file": "private.key",
        "public_key_file": "public.key",
        "deployment_ids": ["1"],
    }
    SETTINGS.write_text(json.dumps({PLATFORM: [platform]}), encoding="utf-8")


write_settings()
app = Flask(__name__)
app.secret_key = "only for measuring"
app.jinja_loader = DictLoader({"page.html": PAGE})
cache = Cache(
    app,
    config={
        "CACHE_TYPE": os.environ.get("BENCH_CACHE", "FileSystemCache"),
        "CACHE_DIR": str(FOLDER / "cache"),
        "CACHE_DEFAULT_TIMEOUT": 600,
        "CACHE_THRESHOLD": 100_000,
    },
)


@app.route("/lti/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    tool_conf = ToolConfJsonFile(str(SETTINGS))
    flask_request = FlaskRequest()
    target_link_uri = flask_request.get_param("target_link_uri")
    if not target_link_uri:
        raise ValueError("no target_link_uri")
    oidc_login = FlaskOIDCLogin(flask_request, tool_conf, launch_data_storage=FlaskCacheDataStorage(cache))
    return oidc_login.redirect(target_link_uri)


@app.post("/lti/launch")
def launch() -> ResponseReturnValue:
    tool_conf = ToolConfJsonFile(str(SETTINGS))
    message = FlaskMessageLaunch(FlaskRequest(), tool_conf, launch_data_storage=FlaskCacheDataStorage(cache))
    data = message.get_launch_data()
    return render_template(
        "page.html",
        page_title="Bare example",
        is_deep_link_launch=message.is_deep_link_launch(),
        launch_data=message.get_launch_data(),
        launch_id=message.get_launch_id(),
        person=data.get("name", ""),
        module=data.get(CUSTOM, {}).get("module") or request.args.get("module", ""),
    )


@app.get("/healthz")
def health() -> str:
    return "ok"
