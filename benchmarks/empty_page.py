"""The least that Flask does for a request; run by gunicorn to find the floor of a launch."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def empty() -> str:
    return "ok"


@app.get("/healthz")
def health() -> str:
    return "ok"
