"""The tool to compare with: what PyLTI1p3's own Flask example does, and nothing more.

Its two views, a cache in memory or in files, its file of settings turned into a dict; the game, the scores and all
pages are left out, so it stores nothing about anybody. Run by gunicorn; addresses come from the environment.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_caching import Cache
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.tool_config import ToolConfDict

PLATFORM = os.environ["BENCH_PLATFORM"]
CLIENT_ID = os.environ["BENCH_CLIENT_ID"]

app = Flask(__name__)
app.secret_key = "only for measuring"
cache = Cache(
    app,
    config={
        "CACHE_TYPE": os.environ.get("BENCH_CACHE", "FileSystemCache"),
        "CACHE_DIR": os.environ.get("BENCH_CACHE_DIR", ""),
        "CACHE_DEFAULT_TIMEOUT": 600,
        "CACHE_THRESHOLD": 100_000,
    },
)

_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_private = _key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
_public = (
    _key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)
tool_conf = ToolConfDict(
    {
        PLATFORM: [
            {
                "default": True,
                "client_id": CLIENT_ID,
                "auth_login_url": f"{PLATFORM}/auth",
                "auth_token_url": f"{PLATFORM}/token",
                "key_set_url": f"{PLATFORM}/jwks",
                "deployment_ids": ["1"],
            },
        ],
    },
)
tool_conf.set_private_key(PLATFORM, _private, client_id=CLIENT_ID)
tool_conf.set_public_key(PLATFORM, _public, client_id=CLIENT_ID)

PAGE = "<!doctype html><title>{{ title }}</title><h1>Hello, {{ name }}</h1><p>{{ course }}</p>"


@app.route("/lti/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    oidc_login = FlaskOIDCLogin(FlaskRequest(), tool_conf, launch_data_storage=FlaskCacheDataStorage(cache))
    return oidc_login.redirect(request.values["target_link_uri"])


@app.post("/lti/launch")
def launch() -> ResponseReturnValue:
    message = FlaskMessageLaunch(FlaskRequest(), tool_conf, launch_data_storage=FlaskCacheDataStorage(cache))
    data = message.get_launch_data()
    return render_template_string(PAGE, title="bare", name=data.get("name"), course=message.get_launch_id())


@app.get("/healthz")
def health() -> str:
    return "ok"
