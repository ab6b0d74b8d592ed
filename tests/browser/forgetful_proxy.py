"""A proxy that makes frames lose cookies, as browsers do that know no partitioned ones; a tab of its own keeps them."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_OF_ONE_CONNECTION = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length"}


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._forward()

    def do_POST(self) -> None:
        self._forward()

    def _forward(self) -> None:
        url = urlsplit(self.path)
        lost = frozenset() if self.headers.get("Sec-Fetch-Dest") == "document" else self.server.lost
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_ONE_CONNECTION}
        headers["Cookie"] = "; ".join(
            cookie for cookie in headers.get("Cookie", "").split("; ") if cookie.partition("=")[0] not in lost
        )
        connection = http.client.HTTPConnection(url.netloc, timeout=60)
        connection.request(self.command, url._replace(scheme="", netloc="").geturl(), body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            forgotten = name.lower() == "set-cookie" and value.partition("=")[0] in lost
            if name.lower() not in _OF_ONE_CONNECTION and not forgotten:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        connection.close()
        with suppress(ConnectionError):  # a frame that is torn down does not wait for its answer
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    """Attributes: lost: names of the cookies that get lost."""

    lost: frozenset[str]


@contextmanager
def forgetting(*lost: str) -> Iterator[str]:
    """Run a proxy that loses these cookies in frames; yield its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.lost = frozenset(lost)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
