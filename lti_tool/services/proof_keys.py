"""The Ed25519 keys that sign proofs: encrypted at rest, and published for ever, as proofs are verified for years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import ProofKey
from lti_tool.db.upsert import insert_once
from lti_tool.services.ports import Clock
from lti_tool.services.tool_keys import UnreadableKey, cipher_of


@dataclass(frozen=True, slots=True)
class ProofSigningKey:
    """A key pair: `kid` is the RFC 7638 thumbprint, `pem` the private key as PKCS 8."""

    kid: str
    pem: bytes


class ProofKeys:
    """Finds and makes keys; the caller commits."""

    def __init__(self, session: Session, clock: Clock, secret_key: str) -> None:
        self._session = session
        self._clock = clock
        self._cipher = cipher_of(secret_key, b"proof keys at rest")

    def current(self) -> ProofSigningKey:
        """Return the newest key, making the first one when it is first needed."""
        row = self._session.scalars(
            select(ProofKey).order_by(ProofKey.created_at.desc(), ProofKey.kid).limit(1)
        ).first()
        return self._opened(row) if row else self.make()

    def by_id(self, kid: str) -> ProofSigningKey:
        """Return the key that signed an earlier proof, so that its documents can be made anew."""
        return self._opened(self._session.get_one(ProofKey, kid))

    def all(self) -> Sequence[ProofSigningKey]:
        """Return every key there ever was, newest first."""
        rows = self._session.scalars(select(ProofKey).order_by(ProofKey.created_at.desc(), ProofKey.kid))
        return [self._opened(row) for row in rows]

    def make(self) -> ProofSigningKey:
        """Make a key; it signs from now on."""
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key = ProofSigningKey(OKPKey.import_key(pem).thumbprint(), pem)
        values = {"kid": key.kid, "private_key": self._cipher.encrypt(pem), "created_at": self._clock()}
        insert_once(self._session, ProofKey, values)
        return key

    def _opened(self, row: ProofKey) -> ProofSigningKey:
        try:
            return ProofSigningKey(row.kid, self._cipher.decrypt(row.private_key))
        except InvalidToken as error:
            raise UnreadableKey(
                "Die Schlüssel der Nachweise passen nicht zu SMARTCITY_SECRET_KEY. "
                "Setzen Sie den Wert ein, mit dem sie angelegt wurden."
            ) from error
