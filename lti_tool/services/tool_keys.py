"""The tool's own signing keys: encrypted at rest, published before they sign and until what they signed is over.

The rules of their life are in `domain.key_life`.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import RSAKey
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.models import ToolKey
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.key_life import PUBLISHED_BEFORE, KeyDates, KeyLife, KeyState, lives
from lti_tool.services.ports import Clock

KEY_BITS = 3072
"""BSI TR-02102-1: RSA keys have at least 3000 bits."""
FRESH_SECONDS = 30.0
"""How long a process may not know yet what another one did to the keys."""
AT_ONCE = timedelta(seconds=2 * FRESH_SECONDS)
"""Even "now" leaves every process the time to publish the key before one of them signs with it."""

_PURPOSE = b"tool keys at rest"

_log = structlog.get_logger(__name__)


class UnreadableKey(Exception):  # noqa: N818 -- said to the operator at start-up as it stands
    """A stored key cannot be decrypted: the secret key is not the one it was stored with."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A parsed key pair."""

    kid: str
    private_key: RSAPrivateKey


@dataclass(frozen=True, slots=True)
class _Held:
    key: SigningKey
    public: dict[str, Any]
    dates: KeyDates


class ToolKeys:
    """The keys of a running process, read afresh every half minute; safe to share between threads.

    Each key is decrypted and parsed once. A database that is away, or a key that cannot be read, leaves the keys that
    are already held in use.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        clock: Clock,
        secret_key: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load the keys, making the first one at the first start.

        Raises:
            UnreadableKey: the secret key has changed (row K3).
        """
        self._sessions = sessions
        self._clock = clock
        self._cipher = cipher_of(secret_key, _PURPOSE)
        self._monotonic = monotonic
        with sessions.begin() as session:
            KeyRing(session, clock, secret_key).make_first()
        self._keys: Sequence[_Held] = self._read(())
        self._read_at = monotonic()

    def signing_key(self) -> SigningKey:
        """Return the active key."""
        return next(held.key for held, life in self._living() if life.state is KeyState.ACTIVE)

    def public_jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Return the public keys as a JWK Set (RFC 7517): kty, n, e, kid, alg and use, nothing else (row K2)."""
        return {"keys": [held.public for held, life in self._living() if life.state is not KeyState.GONE]}

    def forget(self) -> None:
        """Read afresh at the next question."""
        self._read_at = float("-inf")

    def _living(self) -> Iterable[tuple[_Held, KeyLife]]:
        keys = self._current()
        return zip(keys, lives([held.dates for held in keys], self._clock()), strict=True)

    def _current(self) -> Sequence[_Held]:
        now = self._monotonic()
        if now - self._read_at > FRESH_SECONDS:
            self._read_at = now  # one thread reads, the others go on with what is held
            try:
                self._keys = self._read(self._keys)
            except (SQLAlchemyError, UnreadableKey) as error:
                _log.warning("tool keys not read", error=type(error).__name__)
        return self._keys

    def _read(self, held: Sequence[_Held]) -> Sequence[_Held]:
        known = {entry.key.kid: entry for entry in held}
        with self._sessions() as session:
            session.connection(execution_options={"read_only": True})
            rows = session.scalars(_BY_AGE).all()
        return [self._hold(row, known.get(row.kid)) for row in rows] or held

    def _hold(self, row: ToolKey, known: _Held | None) -> _Held:
        key = known.key if known else decrypted(row, self._cipher)
        return _Held(
            key, known.public if known else _public_jwk(key), KeyDates(row.kid, row.created_at, row.signs_from)
        )


class KeyRing:
    """Makes, replaces and deletes keys; the caller commits."""

    def __init__(self, session: Session, clock: Clock, secret_key: str) -> None:
        self._session = session
        self._clock = clock
        self._cipher = cipher_of(secret_key, _PURPOSE)

    def make_first(self) -> None:
        """Make a key that signs at once if there is none yet."""
        if self._session.scalar(select(ToolKey.kid).limit(1)) is None:
            self._make(self._clock())

    def rotate(self, *, now: bool = False) -> KeyLife:
        """Publish a next key that signs from one day later; with `now` from a minute later.

        `now` brings a next key forward that is published already.

        Raises:
            Refusal: `keys.next_waiting` if a next key is published already.
            UnreadableKey: the stored keys were made with another secret key.
        """
        self.prove_readable()  # a key made with a wrong secret would be of no use to anybody
        rows = self._session.scalars(_BY_AGE).all()
        at = self._clock()
        signs_from = at + (AT_ONCE if now else PUBLISHED_BEFORE)
        waiting = next((row for row in rows if row.signs_from > at), None)
        if waiting is None:
            return self._life(self._make(signs_from))
        if not now:
            raise Refusal(Code.KEYS_NEXT_WAITING)
        waiting.signs_from = min(waiting.signs_from, signs_from)
        self._session.flush()  # the dates below are read from the table
        return self._life(waiting.kid)

    def prove_readable(self) -> None:
        """Decrypt every stored key.

        Raises:
            UnreadableKey: the stored keys were made with another secret key.
        """
        for row in self._session.scalars(_BY_AGE):
            decrypted(row, self._cipher)

    def lives(self) -> list[KeyLife]:
        """Return every key's dates, oldest first."""
        return lives(_dates(self._session), self._clock())

    def _life(self, kid: str) -> KeyLife:
        return next(life for life in self.lives() if life.kid == kid)

    def _make(self, signs_from: datetime) -> str:
        private_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        pem = _pem(private_key)
        row = ToolKey(
            kid=RSAKey.import_key(pem).thumbprint(),
            private_key=self._cipher.encrypt(pem),
            created_at=self._clock(),
            signs_from=signs_from,
        )
        self._session.add(row)
        self._session.flush()  # its dates are read from the table
        return row.kid


def delete_gone_keys(session: Session, now: datetime) -> None:
    """Delete keys that are no longer published."""
    gone = [life.kid for life in lives(_dates(session), now) if life.state is KeyState.GONE]
    if gone:
        session.execute(delete(ToolKey).where(ToolKey.kid.in_(gone)))


def _dates(session: Session) -> list[KeyDates]:
    query = select(ToolKey.kid, ToolKey.created_at, ToolKey.signs_from).order_by(*_AGE)
    return [KeyDates(*row) for row in session.execute(query)]


_AGE = (ToolKey.signs_from, ToolKey.created_at)
_BY_AGE = select(ToolKey).order_by(*_AGE)


def decrypted(row: ToolKey, cipher: Fernet) -> SigningKey:
    """Return a stored key, parsed.

    Raises:
        UnreadableKey: it was stored with another secret key, or is not a key of ours.
    """
    try:
        pem = cipher.decrypt(row.private_key)
    except InvalidToken as error:
        raise UnreadableKey(
            "Die gespeicherten Schlüssel passen nicht zu SMARTCITY_SECRET_KEY. "
            "Setzen Sie den Wert ein, mit dem sie angelegt wurden.",
        ) from error
    # Decryption has proved that we wrote this key; proving again that its primes are primes would take 80 ms.
    private_key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(private_key, RSAPrivateKey):
        raise UnreadableKey(f"Schlüssel {row.kid} ist kein RSA-Schlüssel.")
    return SigningKey(row.kid, private_key)


def cipher_of(secret_key: str, purpose: bytes) -> Fernet:
    """Return what encrypts and decrypts stored keys; each purpose has a key of its own."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_jwk(key: SigningKey) -> dict[str, Any]:
    public = RSAKey.import_key(
        key.private_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    ).as_dict(private=False)
    return {"kty": "RSA", "n": public["n"], "e": public["e"], "kid": key.kid, "alg": "RS256", "use": "sig"}
