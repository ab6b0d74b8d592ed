"""What the protocol adapter needs from outside. `app.py` joins the ports with services, by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from lti_tool.domain.registration import Registration


class Registrations(Protocol):
    """Finds platforms; answers from memory, so that it may be asked at every request."""

    def by_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return all registrations of an issuer, matched character by character (inactive ones too)."""

    def by_id(self, registration_id: int) -> Registration | None:
        """Return one registration."""

    def deployment_active(self, registration: Registration, deployment_id: str) -> bool | None:
        """Return whether a deployment is active; None if this registration has none of that id."""


class SigningKey(Protocol):
    """The tool's own RSA key pair in use."""

    @property
    def kid(self) -> str:
        """The id it is published under."""

    @property
    def private_key(self) -> RSAPrivateKey:
        """The parsed key."""


class ToolKeys(Protocol):
    """The tool's own keys."""

    def signing_key(self) -> SigningKey:
        """Return the key to sign with."""


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return the present moment, with time zone UTC."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        headers: names in lower case; values as sent.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outgoing(Protocol):
    """The one door for outgoing HTTP calls."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        private_hosts: frozenset[str] = frozenset(),
        redirects: int = 0,
        within: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer, whatever its status.

        `private_hosts` may lie in a private network or be spoken to by plain http. `redirects` says how many may be
        followed: none with a body or a bearer token. `within` is the seconds for the whole exchange.

        Raises:
            lti_tool.lti.errors.OutgoingFailed: no usable answer.
        """
