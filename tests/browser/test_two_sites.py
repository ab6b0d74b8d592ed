"""The stage of all browser tests: two sites, third-party cookies blocked, and the tool still works in the frame."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect


class _CookieJar(BaseHTTPRequestHandler):
    """Frames itself from another site, sets a plain and a partitioned third-party cookie, then shows which of them came back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/set":
            self.send_header("Set-Cookie", "plain=1; Secure; SameSite=None")
            self.send_header("Set-Cookie", "apart=1; Secure; SameSite=None; Partitioned")
        self.end_headers()
        if self.path == "/":
            body = f"<iframe src='http://127.0.0.1:{self.server.server_port}/set'></iframe>"
        elif self.path == "/set":
            body = '<meta http-equiv="refresh" content="0; url=/seen">'
        else:
            body = f"<p>{self.headers.get('Cookie', 'none')}</p>"
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def cookie_jar() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _CookieJar)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_this_browser_keeps_only_partitioned_cookies_in_a_foreign_frame(page, cookie_jar):
    page.goto(cookie_jar)
    seen = page.frame_locator("iframe").locator("p")
    seen.wait_for()
    assert seen.inner_text() == "apart=1"


def test_a_learner_opens_an_activity_in_the_course_and_moves_about_in_it(visitor):
    frame = visitor.open_in_course("rl-smart-city")
    heading = frame.get_by_role("heading", level=1)
    landing = heading.inner_text()
    frame.get_by_role("link", name="Los geht’s").click()
    expect(heading).not_to_have_text(landing)


def test_the_same_activity_opens_in_a_window_of_its_own(visitor):
    window = visitor.open_in_window("rl-smart-city")
    expect(window.get_by_role("heading", level=1)).to_be_visible()


def test_a_file_can_be_taken_along_from_the_frame(visitor):
    visitor.become("ines")
    frame = visitor.open_in_course("rl-smart-city")
    frame.get_by_role("link", name="Vorschau als Lernende").click()
    frame.get_by_text("Als SCORM-Paket herunterladen").click()
    with visitor.page.expect_download() as download:
        frame.get_by_role("link", name="SCORM 1.2").click()
    assert download.value.failure() is None
