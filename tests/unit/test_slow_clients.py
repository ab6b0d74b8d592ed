"""Slow clients meet the real web server: one process with two threads."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.request import urlopen

import pytest

from tests.faults.deployment import answers, wait_until
from tests.ports import free_port

SERVER = """
import sys, tempfile
from gunicorn.app.base import BaseApplication
from lti_tool import slow_clients

slow_clients.WHOLE_WITHIN_SECONDS = float(sys.argv[2])

def app(environ, start):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/file":
        file = tempfile.TemporaryFile()
        file.write(b"x" * 3_000_000)
        file.seek(0)
        start("200 OK", [("Content-Length", "3000000")])
        return environ["wsgi.file_wrapper"](file)
    if environ["PATH_INFO"] == "/nothing":
        start("303 See Other", [("Content-Length", "0"), ("Location", "/")])
        return []
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"%d" % len(body)]

class Server(BaseApplication):
    def load_config(self):
        for name, value in {"bind": [f"127.0.0.1:{sys.argv[1]}", f"unix:{sys.argv[3]}"], "worker_class": slow_clients.PatientWorker, "threads": 2,
                            "keepalive": 15, "control_socket_disable": True, "loglevel": "error"}.items():
            self.cfg.set(name, value)
    def load(self):
        return app

Server().run()
"""


@pytest.fixture
def unix_socket(tmp_path: Path) -> Path:
    return tmp_path / "web.sock"


@pytest.fixture
def server(request: pytest.FixtureRequest, unix_socket: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    number = free_port()
    patience = getattr(request, "param", 60)
    command = [sys.executable, "-c", SERVER, str(number), str(patience), str(unix_socket)]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    wait_until(lambda: answers(f"http://127.0.0.1:{number}/"), "the server")
    yield number, process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def port(server: tuple[int, subprocess.Popen[bytes]]) -> int:
    return server[0]


def connect(port: int, *parts: bytes) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    for part in parts:
        sock.sendall(part)
    return sock


def status_and_body(sock: socket.socket) -> tuple[bytes, bytes]:
    return _next_answer(sock.makefile("rb"))


def _next_answer(answer: BinaryIO) -> tuple[bytes, bytes]:
    status = answer.readline().split()[1]
    headers = dict(line.lower().rstrip().split(b": ", 1) for line in iter(answer.readline, b"\r\n"))
    if b"content-length" in headers:
        return status, answer.read(int(headers[b"content-length"]))
    size = int(answer.readline(), 16)
    body = answer.read(size)
    answer.read(len(b"\r\n0\r\n\r\n"))
    return status, body


def test_clients_that_drip_their_heads_and_forms_hold_up_nobody(port: int) -> None:
    """Twenty of them, ten times the threads; each is served in the end, when the rest of it comes."""
    with ExitStack() as stack:
        heads = [stack.enter_context(connect(port, b"GET / HT")) for _ in range(10)]
        form = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\na=1"
        forms = [stack.enter_context(connect(port, form)) for _ in range(10)]
        for _ in range(5):
            with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                assert answer.read() == b"0"
        for sock in heads:
            sock.sendall(b"TP/1.1\r\nHost: x\r\n\r\n")
            assert status_and_body(sock) == (b"200", b"0")
        for sock in forms:
            sock.sendall(b"&b=")
            assert status_and_body(sock) == (b"200", b"6")


def test_a_connection_serves_one_request_after_another_and_long_bodies(port: int) -> None:
    with connect(port) as sock:
        for number in (1, 3000, 200_000):
            sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % number + b"x" * number)
            assert status_and_body(sock) == (b"200", b"%d" % number)
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 100")
        sock.sendall(b"ab")
        assert status_and_body(sock) == (b"200", b"2")


def test_slow_clients_of_a_unix_socket_hold_up_nobody(port: int, unix_socket: Path) -> None:
    """A proxy that does not buffer is no reason either."""
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(10)]
        for sock in slow:
            sock.settimeout(30)
            sock.connect(str(unix_socket))
            sock.sendall(b"GET / HT")
        with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.read() == b"0"
        for sock in slow:
            sock.sendall(b"TP/1.1\r\nHost: x\r\n\r\n")
            assert status_and_body(sock) == (b"200", b"0")


def test_who_does_not_hang_up_after_the_answer_holds_up_nobody(port: int) -> None:
    """Twenty of them at once: each has its whole answer and its end, and so has whoever comes after them."""
    with ExitStack() as stack:
        lasting = [stack.enter_context(connect(port)) for _ in range(20)]
        for sock in lasting:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.read() == b"0"
        for sock in lasting:
            assert status_and_body(sock) == (b"200", b"0")
            assert sock.recv(1000) == b""


def test_requests_sent_without_waiting_are_answered_in_their_order(port: int) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with connect(port, request % 1 + b"x" + request % 2 + b"xx" + request % 3 + b"x") as sock:
        answers_ = sock.makefile("rb")
        assert [_next_answer(answers_) for _ in range(2)] == [(b"200", b"1"), (b"200", b"2")]
        sock.sendall(b"xx")
        assert _next_answer(answers_) == (b"200", b"3")


def test_answers_without_a_body_and_long_files_arrive_whole(port: int) -> None:
    with connect(port) as sock:
        for _ in range(2):
            sock.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status_and_body(sock) == (b"303", b"")
            sock.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status_and_body(sock) == (b"200", b"x" * 3_000_000)
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        assert status_and_body(sock) == (b"200", b"3")


def test_connections_that_are_kept_open_are_served_in_turns(port: int) -> None:
    """Five times as many as there are threads; no answer goes astray while threads put connections back."""
    with ExitStack() as stack:
        kept = [stack.enter_context(connect(port)) for _ in range(10)]
        for turn in range(1, 60):
            for sock in kept:
                sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % turn + b"x" * turn)
            for sock in kept:
                assert status_and_body(sock) == (b"200", b"%d" % turn)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_connections_that_are_kept_open(
    server: tuple[int, subprocess.Popen[bytes]], stop: signal.Signals
) -> None:
    """Long before the fifteen seconds that they would be kept."""
    port, process = server
    with connect(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as sock:
        assert status_and_body(sock) == (b"200", b"0")
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0
        assert sock.recv(1000) == b""


@pytest.mark.parametrize("server", [0.3], indirect=True)
@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"GET / HT", id="head"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na", id="form"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\na", id="long-body"),
    ],
)
def test_who_never_goes_on_is_cut_off(port: int, start: bytes) -> None:
    with connect(port, start) as sock, suppress(ConnectionResetError):
        assert sock.recv(1000) == b""
    assert answers(f"http://127.0.0.1:{port}/")
