"""What every answer tells the browser, and who may frame what."""

from __future__ import annotations

import re

import pytest

from tests.factories.visit import BASE_URL, Visit


def _policy(answer):
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as())


def test_nothing_runs_inline_and_nothing_comes_from_elsewhere(lea):
    policy = _policy(lea.page)
    assert policy.pop("frame-ancestors") == ["https://lms.example"]
    assert policy == {
        "default-src": ["'none'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }


def test_every_answer_carries_the_headers(tool, lea):
    for path in (lea.landing, "/healthz", "/nowhere", "/datenschutz", "/lti/jwks", "/favicon.ico"):
        headers = tool.client.get(path, base_url=BASE_URL).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert "camera=()" in headers["Permissions-Policy"], path
        assert "X-Frame-Options" not in headers, path


def test_pages_of_a_launch_are_never_stored(lea):
    assert lea.page.headers["Cache-Control"] == "no-store"


def test_only_the_platform_of_the_launch_may_frame_it(tool, lea):
    public = tool.client.get("/datenschutz", base_url=BASE_URL)
    assert _policy(public)["frame-ancestors"] == ["'none'"]
    assert _policy(lea.go("privacy"))["frame-ancestors"] == ["https://lms.example"]
    assert _policy(lea.go("modules/unknown/"))["frame-ancestors"] == ["https://lms.example"]


def test_a_refusal_of_nobody_knows_whom_may_stand_in_any_frame_and_holds_no_action(tool):
    answer = tool.client.post("/lti/login", data={"iss": "https://unknown.example"}, base_url=BASE_URL)
    assert answer.status_code >= 400
    assert _policy(answer)["frame-ancestors"] == ["*"]
    assert "<form" not in answer.text
    assert "<button" not in answer.text


def test_pages_keep_to_the_policy_themselves(lea):
    for path in ("", "certificates", "who-sees-what", "quiz/datenrecht", "modules/datenrecht/grundsaetze"):
        html = lea.go(path).text
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", html), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!)[^"]*\.(?:css|js|woff2?|png|svg)"', html), path


def test_static_files_are_kept_for_good_under_an_address_of_their_content(tool, lea):
    address = re.search(r'href="(/static/[0-9a-f]{12}/frame\.css)"', lea.page.text).group(1)
    answer = tool.client.get(address, base_url=BASE_URL)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/css"
    script = address.replace("frame.css", "frame.js")
    assert tool.client.get(script, base_url=BASE_URL).mimetype == "text/javascript"
    font = address.replace("frame.css", "kern/fonts/FiraSans-Regular.woff2")
    assert tool.client.get(font, base_url=BASE_URL).mimetype == "font/woff2"
    older = tool.client.get("/static/0123456789ab/frame.css", base_url=BASE_URL)
    assert (older.status_code, older.headers["Cache-Control"]) == (200, "no-cache")
    missing = tool.client.get("/static/0123456789ab/../tool.py", base_url=BASE_URL)
    assert missing.status_code == 404


def test_stylesheets_travel_packed_where_the_browser_asks_for_it(tool, lea):
    address = re.search(r'href="(/static/[^"]+/kern\.min\.css)"', lea.page.text).group(1)
    packed = tool.client.get(address, headers={"Accept-Encoding": "gzip"}, base_url=BASE_URL)
    plain = tool.client.get(address, headers={"Accept-Encoding": "identity"}, base_url=BASE_URL)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data) / 5
    assert "Accept-Encoding" in plain.headers["Vary"]
