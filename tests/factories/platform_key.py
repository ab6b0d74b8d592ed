"""A platform's signing key, and what it can be made to sign."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey


class PlatformKey:
    """An RSA key under the `kid` that a platform publishes it by."""

    def __init__(self, kid: str = "platform-key-1", bits: int = 2048) -> None:
        self.kid = kid
        self.key = _rsa(kid, bits)

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**self.key.as_dict(private=False), "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        """Return a compact JWS; header members given replace alg, kid and typ (None leaves one out)."""
        merged = {"alg": "RS256", "kid": self.kid, "typ": "JWT", **header}
        return jwt.encode({k: v for k, v in merged.items() if v is not None}, dict(claims), self.key)


@lru_cache(maxsize=8)
def _rsa(_kid: str, bits: int) -> RSAKey:
    """Keys are slow to make and nobody changes them: once per test run."""
    return RSAKey.generate_key(bits)
