"""A launch about to be posted, which a test spoils in one way before it is signed."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from tests.factories.platform_key import PlatformKey

Signer = Callable[[bytes], bytes]


@dataclass
class Forgery:
    """The parts of a launch; good as they are made.

    Attributes:
        other_nonce: the nonce of another login of the same browser.
        form: overrides or, with None, removes fields of the posted form.
        token: replaces the token made from claims and header.
    """

    key: PlatformKey
    claims: dict[str, Any]
    state: str
    other_nonce: str = "another-nonce"
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "typ": "JWT"})
    form: dict[str, str | None] = field(default_factory=dict)
    token: str | None = None
    signer: Signer | None = None

    def set(self, name: str, value: Any) -> None:
        """Set a claim by its last word, or a plain one."""
        named = {claim.rpartition("/")[2]: claim for claim in self.claims}
        self.claims[named.get(name, name)] = value

    def remove(self, name: str) -> None:
        named = {claim.rpartition("/")[2]: claim for claim in self.claims}
        del self.claims[named[name]]

    def posted(self) -> dict[str, str]:
        fields: dict[str, str | None] = {"state": self.state, "id_token": self.token or self.signed(), **self.form}
        return {name: value for name, value in fields.items() if value is not None}

    def signed(self) -> str:
        header = {"kid": self.key.kid, **self.header}
        return compact(without_none(header), json.dumps(self.claims), self.signer or self.rs256)

    def rs256(self, content: bytes) -> bytes:
        return self.key.key.private_key.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def rs512(self, content: bytes) -> bytes:
        return self.key.key.private_key.sign(content, padding.PKCS1v15(), hashes.SHA512())

    def hs256_by_public_key(self, content: bytes) -> bytes:
        pem = self.key.key.public_key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hmac.digest(pem, content, "sha256")


def compact(header: Any, payload: str, signer: Signer) -> str:
    """Return a compact JWS whose header and payload are whatever a test wants them to be."""
    content = f"{_base64(json.dumps(header).encode())}.{_base64(payload.encode())}"
    return f"{content}.{_base64(signer(content.encode()))}"


def es256(content: bytes) -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).sign(content, ec.ECDSA(hashes.SHA256()))


def unsigned(_content: bytes) -> bytes:
    return b""


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
