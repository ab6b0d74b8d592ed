from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from lti_tool.sandbox.records import Records

_KIND = "signing_key"


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """The one RSA key of the platform; like Moodle's it is made once and stays."""

    key: RSAKey
    kid: str

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.kid}, claims, self.key, algorithms=["RS256"])

    @property
    def public_set(self) -> dict[str, Any]:
        public = self.key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}


def platform_key(records: Records, pem: str | None = None) -> PlatformKey:
    """Return the given key, else the stored one, else a new one, which is stored."""
    stored = dict(records.load(_KIND)).get("current")
    if pem is None and stored is not None:
        pem = stored
    key = RSAKey.import_key(pem) if pem else RSAKey.generate_key(2048)
    if stored is None:
        records.put(_KIND, "current", key.as_pem(private=True).decode())
    return PlatformKey(key, key.thumbprint())
