"""Launches that must be refused: rows of the table of bad launches, each with the code it is answered with."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import RSAKey
from platform_double import CLAIM, Platform

FOREIGN_KEY = RSAKey.generate_key(2048)
Claims = dict[str, Any]


@dataclass
class Attack:
    """A launch about to be posted, to be spoiled in one way.

    Attributes:
        cookie: whether the browser brings the cookie of its login: as it was, another value, or none.
        first: whether the same message is posted once before, as it should be.
    """

    platform: Platform
    claims: Claims
    form: dict[str, str]
    cookie: str = "good"
    first: bool = False
    login: dict[str, str] = field(default_factory=dict)

    def sign(self, **other: Any) -> None:
        self.form["id_token"] = self.platform.signed(self.claims, **other)


def claim(name: str, value: Any) -> Callable[[Attack], None]:
    """Spoil one claim and sign it well."""

    def spoil(attack: Attack) -> None:
        attack.claims[name] = value(attack.claims) if callable(value) else value
        attack.sign()

    return spoil


def _never_seen(claims: Claims) -> str:
    """A second launch from the same one would be told that it waits for its approval."""
    return f"unknown-{claims['nonce']}"[:255]


def without(name: str) -> Callable[[Attack], None]:
    def spoil(attack: Attack) -> None:
        del attack.claims[name]
        attack.sign()

    return spoil


def _replay(attack: Attack) -> None:
    attack.first = True


def _wrong_cookie(attack: Attack) -> None:
    attack.cookie = "wrong"


def _no_cookie(attack: Attack) -> None:
    attack.cookie = "none"


def _unsigned(attack: Attack) -> None:
    head, body = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in _parts(attack))
    attack.form["id_token"] = f"{head}.{body}."


def _parts(attack: Attack) -> tuple[Claims, Claims]:
    return {"alg": "none", "typ": "JWT"}, attack.claims


def _form(**fields: str | None) -> Callable[[Attack], None]:
    def spoil(attack: Attack) -> None:
        attack.form = {name: value for name, value in (attack.form | fields).items() if value is not None}

    return spoil


def _login(**fields: str) -> Callable[[Attack], None]:
    def spoil(attack: Attack) -> None:
        attack.login = fields

    return spoil


def _past(seconds: int) -> Callable[[Claims], int]:
    return lambda _claims: int(time.time()) - seconds


BAD: dict[str, tuple[str, Callable[[Attack], None]]] = {
    "replay": ("launch.replayed", _replay),
    "cookie of another login": ("launch.wrong_browser", _wrong_cookie),
    "no cookie": ("a page, no session", _no_cookie),
    "no token": ("launch.missing_token", _form(id_token=None)),
    "no state": ("launch.missing_state", _form(state=None)),
    "state never issued": ("launch.unknown_state", _form(state="never-issued")),
    "not a token": ("launch.malformed_token", _form(id_token="a.b")),
    "alg none": ("launch.bad_algorithm", _unsigned),
    "unknown key": ("launch.unknown_key", lambda attack: attack.sign(kid="nobody's")),
    "signature of another key": ("launch.bad_signature", lambda attack: attack.sign(key=FOREIGN_KEY)),
    "nonce never issued": ("launch.bad_nonce", claim("nonce", "never-issued")),
    "no nonce": ("launch.missing_nonce", without("nonce")),
    "other issuer": ("launch.issuer_mismatch", claim("iss", lambda claims: claims["iss"] + "/")),
    "other audience": ("launch.bad_audience", claim("aud", "somebody-else")),
    "one more audience": ("launch.untrusted_audience", claim("aud", lambda claims: [claims["aud"], "somebody-else"])),
    "other azp": ("launch.bad_azp", claim("azp", "somebody-else")),
    "expired": ("launch.expired_token", claim("exp", _past(120))),
    "no exp": ("launch.missing_exp", without("exp")),
    "old": ("launch.old_token", claim("iat", _past(1200))),
    "from the future": ("launch.future_token", claim("iat", _past(-600))),
    "unknown deployment": ("launch.deployment_pending", claim(CLAIM + "deployment_id", _never_seen)),
    "other target": ("launch.target_mismatch", claim(CLAIM + "target_link_uri", "https://tool.example/elsewhere")),
    "wrong version": ("launch.bad_version", claim(CLAIM + "version", "1.1")),
    "unknown message": ("launch.unsupported_message", claim(CLAIM + "message_type", "Other")),
    "empty sub": ("launch.bad_sub", claim("sub", "")),
    "link without id": ("launch.bad_resource_link", claim(CLAIM + "resource_link", {"title": "x"})),
    "login of an unknown issuer": ("login.unknown_issuer", _login(iss="https://nobody.example")),
    "login to a foreign target": ("login.foreign_target", _login(target_link_uri="https://evil.example/lti/launch")),
    "login without hint": ("login.missing_login_hint", _login(login_hint="")),
}
