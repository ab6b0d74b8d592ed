"""A small server beside the worker that shows what it counted, on an address the operator chose."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from lti_tool import metrics
from lti_tool.cli.german import CommandFailed
from lti_tool.settings import Settings


def show_metrics(settings: Settings) -> None:
    """Answer `GET /metrics` in a thread that ends with the process; nothing if no address is set.

    Raises:
        CommandFailed: the address is none, or not free.
    """
    if not settings.worker_metrics_bind:
        return
    host, _, port = settings.worker_metrics_bind.rpartition(":")
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    try:
        server = ThreadingHTTPServer((host, int(port)), _answering(f"Bearer {token}" if token else ""))
    except (OSError, OverflowError, ValueError) as error:
        raise CommandFailed(
            f"SMARTCITY_WORKER_METRICS_BIND: unter {settings.worker_metrics_bind} lässt sich nichts anbieten "
            f"({error}). Nennen Sie Adresse und freien Port, zum Beispiel 127.0.0.1:9464; "
            "jede Zustellung braucht einen eigenen.",
        ) from None
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def _answering(expected: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            given = self.headers.get("Authorization", "")
            allowed = not expected or hmac.compare_digest(given.encode(), expected.encode())
            if self.path != "/metrics" or not allowed:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = metrics.exposed()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", metrics.CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the tool's log has its own form."""

    return Handler
