"""What a reverse proxy may tell the tool: the client's address, from as many hops as the operator trusts.

Scheme and host are never read from a request: whoever asks, the tool's address is `SMARTCITY_BASE_URL`. A proxy that
passes on a client's `X-Forwarded-Host` or `-Proto` unchanged therefore moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool.settings import Settings

_NOT_THE_CLIENTS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX")


class OwnAddress:
    """Middleware that gives every request the tool's own scheme and host."""

    def __init__(self, app: WSGIApplication, base_url: str) -> None:
        self._app = app
        parts = urlsplit(base_url)
        self._scheme, self._host = parts.scheme, parts.netloc

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in _NOT_THE_CLIENTS:
            environ.pop(name, None)
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = self._scheme, self._host
        return self._app(environ, start_response)


def install(app: Flask, settings: Settings) -> None:
    """Put the trust in proxies in front of the app."""
    inner = OwnAddress(app.wsgi_app, settings.base_url)
    hops = settings.trusted_proxies
    outer = ProxyFix(inner, x_for=hops, x_proto=0, x_host=0) if hops else inner
    app.wsgi_app = outer  # type: ignore[method-assign]  # Flask's documented way to add middleware
