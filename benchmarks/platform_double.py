"""A platform for measuring: signs launches, publishes its key, grants tokens, takes, counts and keeps scores.

It can be made to fail while it runs: say nothing, answer late, answer with errors.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
WELL, SILENT, SLOW, BROKEN = "well", "silent", "slow", "broken"
SLOW_SECONDS = 2.0


class Platform:
    """Serves on a loopback port in a thread of the driver's process."""

    client_id = "bench-client"

    def __init__(self, module_id: str, host: str = "127.0.0.1") -> None:
        self.host = host
        self._module_id = module_id
        self._key = RSAKey.generate_key(2048, {"kid": "bench"})
        self._lock = threading.Lock()
        self._counts = {"jwks": 0, "tokens": 0, "scores": 0}
        self.state = WELL
        self.scores: list[dict[str, Any]] = []
        """Every score that was taken, in order."""
        self.last: dict[str, dict[str, Any]] = {}
        self.jwks = json.dumps({"keys": [{**self._key.as_dict(private=False), "alg": "RS256", "use": "sig"}]}).encode()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.platform = self
        self.url = f"http://{host}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def id_token(self, nonce: str, target: str, subject: str, link: str = "7") -> str:
        """Return a signed launch of a learner, with the claims Moodle sends."""
        return self.signed(self.claims(nonce, target, subject, link))

    def claims(self, nonce: str, target: str, subject: str, link: str = "7") -> dict[str, Any]:
        """Return what such a launch says."""
        now = int(time.time())
        return {
            "iss": self.url,
            "aud": self.client_id,
            "sub": subject,
            "nonce": nonce,
            "iat": now,
            "exp": now + 60,
            "name": "Lea Lernfeld",
            CLAIM + "version": "1.3.0",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "deployment_id": "1",
            CLAIM + "target_link_uri": target,
            CLAIM + "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            CLAIM + "context": {"id": "2", "label": "SC1", "title": "Lehrgang", "type": ["CourseSection"]},
            CLAIM + "resource_link": {"id": link, "title": "Datenrecht"},
            CLAIM + "launch_presentation": {"locale": "de", "document_target": "iframe", "return_url": self.url},
            CLAIM + "tool_platform": {"product_family_code": "moodle", "guid": "bench"},
            CLAIM + "custom": {"module": self._module_id},
            AGS + "claim/endpoint": {
                "scope": [AGS + "scope/score", AGS + "scope/result.readonly"],
                "lineitems": f"{self.url}/lineitems?type_id=1",
                "lineitem": f"{self.url}/lineitems/{link}/lineitem?type_id=1",
            },
        }

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None, kid: str = "bench") -> str:
        """Return a token, by another key if one is given."""
        return jwt.encode({"alg": "RS256", "kid": kid, "typ": "JWT"}, claims, key or self._key)

    @property
    def counts(self) -> dict[str, int]:
        return dict(self._counts)

    def count(self, what: str, score: dict[str, Any] | None = None) -> None:
        with self._lock:
            self._counts[what] += 1
            if score is not None:
                self.scores.append(score)
                self.last[score["userId"]] = score


class _Server(ThreadingHTTPServer):
    platform: Platform
    request_queue_size = 128
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        if self.path.startswith("/auth"):
            return self._answer(b"")  # the driver reads state and nonce from the address, and signs
        if "/results" in self.path:
            return self._answer_as(self.server.platform.state, self._results)
        self.server.platform.count("jwks")
        return self._answer(self.server.platform.jwks)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        taken = self._score if "scores" in self.path else self._token
        return self._answer_as(self.server.platform.state, lambda: taken(body))

    def _answer_as(self, state: str, answer: Callable[[], bytes]) -> None:
        if state == SILENT:
            time.sleep(60)
            self.close_connection = True
            return None
        if state == BROKEN:
            return self._answer(b"<h1>Internal Server Error</h1>", 500)
        if state == SLOW:
            time.sleep(SLOW_SECONDS)
        return self._answer(answer())

    def _score(self, body: bytes) -> bytes:
        self.server.platform.count("scores", json.loads(body))
        return b""

    def _token(self, _body: bytes) -> bytes:
        self.server.platform.count("tokens")
        token = {"access_token": "t" * 32, "expires_in": 3600, "token_type": "Bearer", "scope": ""}
        return json.dumps(token).encode()

    def _results(self) -> bytes:
        """What the gradebook holds of one person."""
        person = parse_qs(urlsplit(self.path).query).get("user_id", [""])[0]
        score = self.server.platform.last.get(person)
        held = {"id": f"{self.path}#{person}", "userId": person, "scoreOf": self.path.partition("/results")[0]}
        if score is None:
            return b"[]"
        return json.dumps(
            [held | {"resultScore": score["scoreGiven"], "resultMaximum": score["scoreMaximum"]}],
        ).encode()

    def _answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
