from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeGuard

import requests
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lti_tool.sandbox.errors import TokenRefused

LEEWAY = 60  # seconds two clocks may differ
_LARGEST = 256 * 1024
_USER_AGENT = "Uebungs-LMS/1.0"


def fetch_json(url: str) -> object:
    """Read a small JSON document; redirects are not followed.

    Raises:
        requests.RequestException: the tool does not answer, or not with 200.
        ValueError: not JSON, or larger than 256 KiB.
    """
    with requests.get(
        url, timeout=(3, 5), allow_redirects=False, stream=True, headers={"User-Agent": _USER_AGENT}
    ) as answer:
        if answer.status_code != 200:
            raise requests.HTTPError(f"{url} answers {answer.status_code}", response=answer)
        body = answer.raw.read(_LARGEST + 1, decode_content=True)
    if len(body) > _LARGEST:
        raise ValueError(f"{url} answers with more than {_LARGEST} bytes")
    return json.loads(body)


def post_json(url: str, document: object) -> int:
    """Send a JSON document to a tool and return the status of its answer; redirects are not followed.

    Raises:
        requests.RequestException: the tool does not answer.
    """
    headers = {"User-Agent": _USER_AGENT}
    with requests.post(
        url, json=document, timeout=(3, 5), allow_redirects=False, stream=True, headers=headers
    ) as answer:
        return answer.status_code


class ToolKeys:
    """Verifies JWTs signed by tools. A key set is fetched again whenever a signature does not hold, as in Moodle."""

    def __init__(self, fetch: Callable[[str], object], now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._known: dict[str, dict[str, RSAKey]] = {}

    def claims(self, token: str, jwks_url: str) -> dict[str, Any]:
        """Return the claims of a token whose RS256 signature and times hold.

        Raises:
            TokenRefused: with the reason.
        """
        kid = _kid(token)
        try:
            claims = _verified(token, self._known.get(jwks_url, {}).get(kid))
        except TokenRefused:
            self._known[jwks_url] = self._fetched(jwks_url)
            claims = _verified(token, self._known[jwks_url].get(kid))
        check_times(claims, self._now())
        return claims

    def forget(self) -> None:
        self._known.clear()

    def _fetched(self, jwks_url: str) -> dict[str, RSAKey]:
        try:
            document = self._fetch(jwks_url)
        except (requests.RequestException, ValueError) as fault:
            raise TokenRefused(f"The tool's key set cannot be read: {type(fault).__name__}") from fault
        keys = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(keys, list):
            raise TokenRefused("The tool's key set holds no list of keys")
        return {str(key["kid"]): usable for key in keys if (usable := _usable(key)) is not None}


def check_times(claims: dict[str, Any], now: datetime) -> None:
    """Refuse a token that has expired or comes from the future, with a minute's leeway.

    Raises:
        TokenRefused: with the reason.
    """
    expires, issued = claims.get("exp"), claims.get("iat")
    if not _is_time(expires) or not _is_time(issued):
        raise TokenRefused("exp and iat must both be numbers")
    if expires <= now.timestamp() - LEEWAY:
        raise TokenRefused("Expired token")
    if issued > now.timestamp() + LEEWAY:
        raise TokenRefused("Cannot handle token with iat prior to now")


def _is_time(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _kid(token: str) -> str:
    try:
        kid = jws.extract_compact(token.encode()).protected.get("kid")
    except (JoseError, ValueError) as fault:
        raise TokenRefused("This is no signed JWT") from fault
    if not isinstance(kid, str):
        raise TokenRefused("The header names no kid")
    return kid


def _verified(token: str, key: RSAKey | None) -> dict[str, Any]:
    if key is None:
        raise TokenRefused("The kid is not in the tool's key set")
    try:
        claims = jwt.decode(token, key, algorithms=["RS256"]).claims
    except (JoseError, ValueError) as fault:
        raise TokenRefused(f"The signature does not hold: {type(fault).__name__}") from fault
    if not isinstance(claims, dict):
        raise TokenRefused("The payload is no JSON object")
    return claims


def _usable(key: object) -> RSAKey | None:
    if not isinstance(key, dict) or key.get("kty") != "RSA" or "d" in key or not isinstance(key.get("kid"), str):
        return None
    try:
        return RSAKey.import_key(key)
    except (JoseError, ValueError, TypeError):
        return None
