"""A platform for measuring: signs launches, publishes its key, grants tokens, takes and counts scores."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from joserfc import jwt
from joserfc.jwk import RSAKey

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"


class Platform:
    """Serves on a loopback port in a thread of the driver's process."""

    client_id = "bench-client"

    def __init__(self, module_id: str) -> None:
        self._module_id = module_id
        self._key = RSAKey.generate_key(2048, {"kid": "bench"})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        _Handler.jwks = json.dumps(
            {"keys": [{**self._key.as_dict(private=False), "alg": "RS256", "use": "sig"}]},
        ).encode()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def id_token(self, nonce: str, target: str, subject: str, link: str = "7") -> str:
        """Return a signed launch of a learner, with the claims Moodle sends."""
        now = int(time.time())
        claims = {
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
        return jwt.encode({"alg": "RS256", "kid": "bench", "typ": "JWT"}, claims, self._key)

    @property
    def counts(self) -> dict[str, int]:
        return dict(_Handler.counts)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    jwks: ClassVar[bytes] = b""
    counts: ClassVar[dict[str, int]] = {"jwks": 0, "tokens": 0, "scores": 0}
    _lock = threading.Lock()

    def do_GET(self) -> None:
        self._count("jwks")
        self._answer(self.jwks)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "scores" in self.path:
            self._count("scores")
            return self._answer(b"")
        self._count("tokens")
        token: dict[str, Any] = {"access_token": "t" * 32, "expires_in": 3600, "token_type": "Bearer", "scope": ""}
        return self._answer(json.dumps(token).encode())

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
