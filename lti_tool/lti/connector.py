"""Access tokens for platforms' services (Security Framework 1.1, 4.1: client credentials with a signed assertion).

One token per registration, client and scopes, until a minute before it ends; senders that come at the same time wait
for one fetch. A token for grades asks for all that scores need; where the platform refuses the set, for the one scope
at hand (row G7). Columns and rosters have tokens of their own: a platform may grant one and not the other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.lti.key_set import ALGORITHM
from lti_tool.lti.ports import Answer, Clock, Outgoing, ToolKeys
from lti_tool.lti.scopes import RESULTS, SCORE
from lti_tool.lti.service_calls import FEW_TRIES, call, refuse_transient
from lti_tool.lti.token_answer import Token, read_token

if TYPE_CHECKING:
    from collections.abc import Iterator

GRADE_SCOPES = frozenset({RESULTS, SCORE})
"""Asked for together, as nearly every score needs both; any other scope gets a token of its own."""

SAFETY_MARGIN = timedelta(seconds=60)
ASSERTION_LIFETIME = timedelta(minutes=5)
ASSERTION_BACKDATED = timedelta(seconds=30)
"""Moodle refuses an assertion from the future without any leeway; our clock may be ahead."""
REFUSED_SET_KEPT = timedelta(hours=1)

_LONGEST_WAIT_SECONDS = 20.0
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_UNAUTHORIZED = 401
_Key = tuple[int, str, tuple[str, ...]]


@dataclass(slots=True)
class _Held:
    """One token; `lock` is held by whoever fetches it."""

    lock: Lock = field(default_factory=Lock)
    token: Token | None = None
    usable_until: datetime = _LONG_AGO
    refused_until: datetime = _LONG_AGO


class AccessTokens:
    """The tokens of one process, for all its threads."""

    def __init__(self, http: Outgoing, tool_keys: ToolKeys, clock: Clock) -> None:
        self._http = http
        self._tool_keys = tool_keys
        self._clock = clock
        self._held: dict[_Key, _Held] = {}
        self._signing_keys: dict[str, RSAKey] = {}

    def authorised(self, registration: Registration, scope: str, request: Callable[[str], Answer]) -> Answer:
        """Make a request with a token, and once more with a new one if the platform refuses the first (G11).

        `scope` is what the request needs; `request` takes the token and returns the platform's answer.

        Raises:
            DeliveryFailed: the platform gives no token, or refuses the new one too.
        """
        token = self._token(registration, scope)
        answer = request(token.value)
        if answer.status == _UNAUTHORIZED:
            self._drop(registration, token)
            answer = request(self._token(registration, scope).value)
        if answer.status == _UNAUTHORIZED:
            raise DeliveryFailed(FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED, most_tries=FEW_TRIES)
        return answer

    def _token(self, registration: Registration, scope: str) -> Token:
        try:
            token = self._for_scopes(registration, GRADE_SCOPES if scope in GRADE_SCOPES else frozenset({scope}))
        except DeliveryFailed as failure:
            if failure.reason != Reason.INVALID_SCOPE or scope not in GRADE_SCOPES:
                raise
            token = self._for_scopes(registration, frozenset({scope}))
        if not token.grants(scope):
            self._drop(registration, token)
            raise DeliveryFailed(FailureKind.PERMANENT, Reason.INVALID_SCOPE)
        return token

    def _for_scopes(self, registration: Registration, scopes: frozenset[str]) -> Token:
        key = (registration.id, registration.client_id, tuple(sorted(scopes)))
        held = self._held.get(key) or self._held.setdefault(key, _Held())
        with _held_alone(held.lock):
            now = self._clock()
            if held.token is not None and now < held.usable_until:
                return held.token
            if now < held.refused_until:
                raise DeliveryFailed(FailureKind.PERMANENT, Reason.INVALID_SCOPE)
            try:
                held.token = self._fetch(registration, scopes, now)
            except DeliveryFailed as failure:
                if failure.reason == Reason.INVALID_SCOPE and scopes == GRADE_SCOPES:
                    held.refused_until = now + REFUSED_SET_KEPT
                raise
            held.usable_until = now + held.token.lifetime - SAFETY_MARGIN
            return held.token

    def _drop(self, registration: Registration, token: Token) -> None:
        """Forget a token; one that another sender fetched meanwhile stays."""
        for (registration_id, client_id, _), held in list(self._held.items()):
            if (registration_id, client_id) == (registration.id, registration.client_id) and held.token is token:
                held.token = None

    def _fetch(self, registration: Registration, scopes: frozenset[str], now: datetime) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(registration, now),
            "scope": " ".join(sorted(scopes)),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode(form).encode()
        answer = call(self._http, registration, "POST", registration.auth_token_url, headers=headers, body=body)
        refuse_transient(answer)
        return read_token(answer)

    def _assertion(self, registration: Registration, now: datetime) -> str:
        """Sign with a key parsed once: parsing a PEM for each call costs a hundred times the signature."""
        signer = self._tool_keys.signing_key()
        if signer.kid not in self._signing_keys:
            self._signing_keys[signer.kid] = RSAKey.import_key(signer.private_key)
        issued = int((now - ASSERTION_BACKDATED).timestamp())
        claims = {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.auth_audience or registration.auth_token_url,
            "iat": issued,
            "exp": issued + int(ASSERTION_LIFETIME.total_seconds()),
            "jti": str(uuid4()),
        }
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": signer.kid}
        return jwt.encode(header, claims, self._signing_keys[signer.kid], algorithms=[ALGORITHM])


@contextmanager
def _held_alone(lock: Lock) -> Iterator[None]:
    """Wait for the one sender that fetches, but not for ever."""
    if not lock.acquire(timeout=_LONGEST_WAIT_SECONDS):
        raise DeliveryFailed(FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE)
    try:
        yield
    finally:
        lock.release()
