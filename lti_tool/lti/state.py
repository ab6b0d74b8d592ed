"""The `state` of a login: a signed, short-lived value, so that a login stores nothing (decision 0003).

It says which registration the login was for, which browser started it and where it was to lead; also in which of the
platform's frames the login left a secret, if it had to (decision 0018). The nonce is derived from its id under our key,
so that a state alone does not tell it.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from secrets import token_urlsafe

from itsdangerous import BadSignature, Signer

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.ports import Clock

STATE_LIFETIME = timedelta(minutes=10)
"""A person may have to sign in at the platform, or to open a new window, between login and launch."""

_ID_BYTES = 16
_DIGEST_BYTES = 16
_FRESHLY_READ = 64
"""States whose signature was just checked: a launch asks twice, first whether its login was begun here."""


@dataclass(frozen=True, slots=True)
class LeftSecret:
    """A secret that the login left in the platform's storage.

    Attributes:
        frame: the frame that keeps it (`lti_storage_target`).
        proof: SHA-256 of the secret in hexadecimal digits.
    """

    frame: str
    proof: str


@dataclass(frozen=True, slots=True)
class LoginState:
    """What a login was for. Values chosen by others are kept as digests only, but for the name of a frame."""

    id: str
    registration_id: int
    target: str
    deployment: str
    browser: str
    issued_at: datetime
    left: LeftSecret | None = None

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + STATE_LIFETIME

    def led_to(self, target_link_uri: str) -> bool:
        return hmac.compare_digest(self.target, _digest(target_link_uri))

    def admits_deployment(self, deployment_id: str) -> bool:
        """Whether the login named this deployment, or none (`lti_deployment_id` is optional there)."""
        return not self.deployment or hmac.compare_digest(self.deployment, _digest(deployment_id))

    def began_in(self, browser_secret: str) -> bool:
        return hmac.compare_digest(self.browser, _digest(browser_secret))


@dataclass(frozen=True, slots=True)
class IssuedState:
    """A new state: its id, the signed value that travels, and the nonce that belongs to it."""

    id: str
    value: str
    nonce: str


class StateSigner:
    """Issues and reads states. Each purpose signs under a key of its own, derived from the secret key."""

    def __init__(self, secret_key: str, clock: Clock) -> None:
        self._clock = clock
        key = Signer(secret_key, salt="lti.state", key_derivation="hmac", digest_method=sha256).derive_key()
        self._signer = Signer(key, key_derivation="none", digest_method=sha256)  # derived once, not for each state
        self._fields_of = lru_cache(maxsize=_FRESHLY_READ)(self._read)
        self._nonce_key = hmac.digest(secret_key.encode(), b"lti.nonce", sha256)

    def issue(
        self,
        *,
        registration_id: int,
        target_link_uri: str,
        deployment_id: str,
        browser_secret: str,
        left: LeftSecret | None = None,
    ) -> IssuedState:
        """Return a new state and the nonce that belongs to it."""
        state_id = token_urlsafe(_ID_BYTES)
        fields: list[str | int] = [
            state_id,
            registration_id,
            _digest(target_link_uri),
            _digest(deployment_id) if deployment_id else "",
            _digest(browser_secret),
            int(self._clock().timestamp()),
        ]
        if left:
            fields += [left.frame, left.proof]
        signed = self._signer.sign(_base64(json.dumps(fields).encode()))
        return IssuedState(state_id, signed.decode(), self.nonce(state_id))

    def nonce(self, state_id: str) -> str:
        return _base64(hmac.digest(self._nonce_key, state_id.encode(), sha256))

    def read(self, value: str) -> LoginState:
        """Return what a state says.

        Raises:
            Refusal: A7 not issued by this tool; A8 older than ten minutes.
        """
        try:
            state = self._fields_of(value)
        except BadSignature:
            raise Refusal(Code.LAUNCH_UNKNOWN_STATE) from None
        if self._clock() > state.expires_at:
            raise Refusal(Code.LAUNCH_EXPIRED_STATE, registration_id=state.registration_id)
        return state

    def _read(self, value: str) -> LoginState:
        state_id, registration_id, target, deployment, browser, issued_at, *left = json.loads(
            _bytes(self._signer.unsign(value))
        )
        issued = datetime.fromtimestamp(issued_at, UTC)
        secret = LeftSecret(*left) if left else None
        return LoginState(state_id, registration_id, target, deployment, browser, issued, secret)


def _digest(text: str) -> str:
    return _base64(sha256(text.encode("utf-8", "surrogatepass")).digest()[:_DIGEST_BYTES])


def _bytes(base64: bytes) -> bytes:
    return urlsafe_b64decode(base64 + b"=" * (-len(base64) % 4))


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
