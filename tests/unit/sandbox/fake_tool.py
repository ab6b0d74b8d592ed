"""A tool seen from the platform's side: a key, and messages signed with it. Shares nothing with the code under test."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

LMS = "http://localhost:8010"
TOOL = "http://127.0.0.1:8000"
CLIENT = "uebungswerkzeug"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
ALL = f"{AGS}lineitem {AGS}lineitem.readonly {AGS}result.readonly {AGS}score {NRPS}"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
KEYS = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
_numbers = itertools.count(1)


class SettableClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and "data-submit-at-once" in values:
            self.action = values["action"]
        if tag == "input" and values.get("type") == "hidden" and self.action:
            self.fields[values["name"]] = values["value"]


def form_of(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Return address and fields of a form that sends itself."""
    form = _Form()
    form.feed(answer.text)
    assert form.action, answer.text
    return form.action, form.fields


@dataclass
class FakeTool:
    """Speaks to the platform the way the specification asks; every field can be made wrong."""

    client: FlaskClient
    clock: SettableClock
    key: rsa.RSAPrivateKey = field(default_factory=lambda: KEYS[0])
    kid: str = "eins"
    fetches: int = 0
    jwks: Any = None

    def fetch_keys(self, url: str) -> Any:
        assert url == f"{TOOL}/lti/jwks"
        self.fetches += 1
        return self.public_set() if self.jwks is None else self.jwks

    def public_set(self) -> dict[str, Any]:
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        return jwt.encode(dict(claims), self.key, "RS256", headers={"kid": self.kid, **header})

    def assertion(self, **changes: Any) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": CLIENT,
            "sub": CLIENT,
            "aud": f"{LMS}/platform/token",
            "iat": now,
            "exp": now + 60,
            "jti": f"jti-{next(_numbers)}",
            **changes,
        }
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def ask_token(self, assertion: str | None = None, **changes: str) -> TestResponse:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion() if assertion is None else assertion,
            "scope": ALL,
            **changes,
        }
        return self.client.post("/platform/token", data=form)

    def call(self, method: str, url: str, *, scope: str = ALL, **options: Any) -> TestResponse:
        """Call a service with a fresh token."""
        token = self.ask_token(scope=scope).get_json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        parts = urlsplit(url)
        return self.client.open(f"{parts.path}?{parts.query}", method=method, headers=headers, **options)

    def score(self, column: str, user: str = "lea", **changes: Any) -> TestResponse:
        body = {
            "userId": user,
            "timestamp": self.clock().isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": 8,
            "scoreMaximum": 10,
            **changes,
        }
        return self.call(
            "POST",
            column.replace("/lineitem?", "/lineitem/scores?"),
            json={name: value for name, value in body.items() if value is not None},
            headers={"Content-Type": "application/vnd.ims.lis.v1.score+json"},
        )

    def ask_login(self, login: Mapping[str, str], **changes: str) -> TestResponse:
        """Send the authentication request that answers a login initiation."""
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": login["client_id"],
            "redirect_uri": f"{TOOL}/lti/launch",
            "login_hint": login["login_hint"],
            "lti_message_hint": login["lti_message_hint"],
            "state": "zustand",
            "nonce": f"nonce-{next(_numbers)}",
            **changes,
        }
        return self.client.get("/platform/auth", query_string=asked)

    def launch(self, path: str = "/course/rl-smart-city/launch", **query: str) -> dict[str, Any]:
        """Go the whole way and return the verified claims."""
        _, login = form_of(self.client.get(path, query_string=query))
        action, fields = form_of(self.ask_login(login))
        assert action == f"{TOOL}/lti/launch"
        assert fields["state"] == "zustand"
        return self.verified(fields["id_token"])

    def verified(self, id_token: str) -> dict[str, Any]:
        """Verify with another library than the platform signs with."""
        keys = jwt.PyJWKSet.from_dict(self.client.get("/platform/jwks").get_json())
        kid = jwt.get_unverified_header(id_token)["kid"]
        return jwt.decode(
            id_token,
            keys[kid].key,
            ["RS256"],
            audience=CLIENT,
            issuer=LMS,
            options={"verify_exp": False, "verify_iat": False},
        )

    def selection(self, settings: Mapping[str, Any], items: list[Any], **changes: Any) -> dict[str, Any]:
        """Return the claims of a deep-linking response."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": CLIENT,
            "aud": LMS,
            "iat": now,
            "exp": now + 60,
            "nonce": f"nonce-{next(_numbers)}",
            LTI + "message_type": "LtiDeepLinkingResponse",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": "1",
            DL + "data": settings["data"],
            DL + "content_items": items,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}
