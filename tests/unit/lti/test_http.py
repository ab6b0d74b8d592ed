"""The door for outgoing calls, tried against real sockets on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from lti_tool.lti.addresses import checked_url, is_public
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.http import Limits, OutgoingHTTP

LOCAL = frozenset({"127.0.0.1", "localhost"})
PATIENT = Limits(connect=30, read=30, total=60, size=1000)
HASTY = Limits(connect=0.5, read=0.3, total=0.6, size=1000)


@contextmanager
def server(answer: Callable[[socket.socket], None], requests: list[bytes] | None = None) -> Iterator[str]:
    """Accept connections and let `answer` write what it likes; yields the URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_sockets: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            open_sockets.append(sock)
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    def serve(sock: socket.socket) -> None:
        try:
            while received := sock.recv(65536):
                if requests is not None:
                    requests.append(received)
                answer(sock)
        except OSError:
            pass

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for sock in open_sockets:
            sock.close()
        thread.join(5)


def writes(content: bytes) -> Callable[[socket.socket], None]:
    return lambda sock: sock.sendall(content)


def response(body: bytes = b"ok", status: str = "200 OK", *headers: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def redirect_to(url: str) -> bytes:
    return response(b"", "302 Found", f"Location: {url}".encode())


def door(limits: Limits = PATIENT, allowed: frozenset[str] = LOCAL) -> OutgoingHTTP:
    return OutgoingHTTP("SmartCityLernen/1 (+https://tool.example)", allowed, limits)


def get(url: str, http: OutgoingHTTP | None = None, redirects: int = 0) -> bytes:
    return (http or door()).send("GET", url, headers={}, redirects=redirects).body


def test_an_answer_comes_back_whole_and_header_names_in_lower_case() -> None:
    with server(writes(response(b"hello", "404 Not Found", b"X-Odd-Case: KeptAsSent"))) as url:
        answer = door().send("GET", url, headers={})
    assert (answer.status, answer.body, answer.headers["x-odd-case"]) == (404, b"hello", "KeptAsSent")


def test_every_request_says_who_asks_and_wants_no_compression() -> None:
    requests: list[bytes] = []
    with server(writes(response()), requests) as url:
        door().send("POST", url, headers={"Content-Type": "text/plain"}, body=b"score")
    assert b"User-Agent: SmartCityLernen/1 (+https://tool.example)\r\n" in requests[0]
    assert b"Accept-Encoding: identity\r\n" in requests[0]
    assert b"".join(requests).endswith(b"score")


def test_a_connection_is_used_again() -> None:
    peers: list[str] = []

    def answer(sock: socket.socket) -> None:
        peers.append(str(sock.getpeername()))
        sock.sendall(response())

    http = door()
    with server(answer) as url:
        get(url, http)
        get(url, http)
    assert len(peers) == 2
    assert len(set(peers)) == 1


def test_a63_a_server_that_says_nothing_is_left_in_time() -> None:
    with server(lambda _: None) as url:
        started = monotonic()
        with pytest.raises(TimedOut):
            get(url, door(HASTY))
    assert monotonic() - started < 4


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_server_that_drips_cannot_hold_a_worker(start: bytes) -> None:
    def drip(sock: socket.socket) -> None:
        sock.sendall(start)
        for _ in range(100):
            sleep(0.05)
            sock.sendall(b"x")

    with server(drip) as url:
        started = monotonic()
        with pytest.raises(TimedOut):
            get(url, door(HASTY))
    assert monotonic() - started < 4


@pytest.mark.parametrize("announced", [True, False])
def test_an_answer_beyond_the_size_limit_is_not_read(announced: bool) -> None:
    def flood(sock: socket.socket) -> None:
        length = b"Content-Length: 100000000\r\n" if announced else b"Connection: close\r\n"
        sock.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        while True:
            sock.sendall(b"x" * 4096)

    with server(flood) as url, pytest.raises(TooLarge):
        get(url)


@pytest.mark.parametrize("content", [b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
def test_broken_http_is_unreachable(content: bytes) -> None:
    def answer(sock: socket.socket) -> None:
        sock.sendall(content)
        sock.shutdown(socket.SHUT_RDWR)

    with server(answer) as url, pytest.raises(Unreachable):
        get(url)


def test_a_closed_port_is_unreachable() -> None:
    with server(lambda _: None) as url:
        pass
    with pytest.raises(Unreachable):
        get(url)


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unreachable):
        get("https://nobody.example/")


def test_g31_a_private_address_is_refused_before_anything_is_sent() -> None:
    requests: list[bytes] = []
    with server(writes(response()), requests) as url, pytest.raises(AddressForbidden):
        get(url.replace("http:", "https:"), door(allowed=frozenset()))
    assert requests == []


def test_g31_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(writes(response())) as url:
        port = int(url.rstrip("/").rpartition(":")[2])
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(AddressForbidden):
            get("https://lms.example/")


def test_g31_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public at the first look and private at the second gains nothing: there is no second look."""
    asked = []

    def rebinding(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    connected = []

    class Refusing(socket.socket):
        def connect(self, address: object) -> None:
            connected.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(Unreachable):
        get("https://lms.example/")
    assert (asked, connected) == (["lms.example"], [("8.8.8.8", 443)])


def test_one_registrations_private_host_is_not_anothers() -> None:
    """A connection opened with permission is not lent to a request without."""
    http = door(allowed=frozenset())
    with server(writes(response())) as url:
        assert http.send("GET", url, headers={}, private_hosts=LOCAL).status == 200
        with pytest.raises(AddressForbidden):
            http.send("GET", url, headers={})
        with pytest.raises(AddressForbidden):
            http.send("GET", url.replace("http:", "https:"), headers={})


def test_g20_a_redirect_is_not_followed_unless_asked() -> None:
    with server(writes(redirect_to("https://elsewhere.example/"))) as url:
        assert door().send("GET", url, headers={}).status == 302


def test_g20_a_token_or_a_body_follows_no_redirect_even_if_asked() -> None:
    with pytest.raises(ValueError, match="no redirect"):
        door().send("GET", "https://lms.example/", headers={"Authorization": "Bearer x"}, redirects=1)
    with pytest.raises(ValueError, match="no redirect"):
        door().send("POST", "https://lms.example/", headers={}, body=b"", redirects=1)


def test_a_key_set_may_move() -> None:
    with server(writes(response(b"moved"))) as new, server(writes(redirect_to(new))) as old:
        assert get(old, redirects=1) == b"moved"


def test_redirects_end() -> None:
    requests: list[bytes] = []
    with server(writes(redirect_to("/again")), requests) as url:
        assert door().send("GET", url, headers={}, redirects=3).status == 302
    assert len(requests) == 4


@pytest.mark.parametrize("target", ["https://127.0.0.1:1/", "http://lms.example/", "file:///etc/passwd", "https://["])
def test_a64_a_redirect_passes_the_guard_again(target: str) -> None:
    with server(writes(redirect_to(target))) as url, pytest.raises(AddressForbidden):
        door(allowed=frozenset({"localhost"})).send(
            "GET", url.replace("127.0.0.1", "localhost"), headers={}, redirects=3
        )


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with server(writes(response())) as url:
        assert get(url) == b"ok"


def test_failures_tell_no_address_and_no_token() -> None:
    with pytest.raises(OutgoingFailed) as failed:
        door(allowed=frozenset()).send("GET", "https://127.0.0.1/secret", headers={"Authorization": "Bearer abc"})
    assert "secret" not in str(failed.value)
    assert "abc" not in str(failed.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example/",
        "ftp://lms.example/",
        "file:///etc/passwd",
        "//lms.example/",
        "https://",
        "https://user@lms.example/",
        "https://:pass@lms.example/",
        "https://lms.example:99999/",
        "https://lms.example/a b",
        "https://lms.example/\r\nX: y",
        "https://[::1",
        "",
    ],
)
def test_urls_that_are_never_called(url: str) -> None:
    with pytest.raises(AddressForbidden):
        checked_url(url, frozenset({"localhost"}))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 -- an address to refuse
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
