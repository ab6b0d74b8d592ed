from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from lti_tool.sandbox.tool_keys import fetch_json

seen: list[str] = []


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    app = Flask("site")

    @app.get("/<what>")
    def answer(what: str) -> ResponseReturnValue:
        seen.append(request.headers["User-Agent"])
        answers: dict[str, ResponseReturnValue] = {
            "good": {"keys": []},
            "away": redirect("/good"),
            "html": "<p>Anmelden",
            "large": '"' + "x" * 300_000 + '"',
            "gone": ("", 404),
        }
        return answers[what]

    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_key_set_is_read_under_our_own_name(site: str) -> None:
    assert fetch_json(f"{site}/good") == {"keys": []}
    assert seen[-1].startswith("Uebungs-LMS/")


@pytest.mark.parametrize("what", ["away", "html", "large", "gone"])
def test_anything_else_is_a_known_fault(site: str, what: str) -> None:
    with pytest.raises((requests.RequestException, ValueError)):
        fetch_json(f"{site}/{what}")
