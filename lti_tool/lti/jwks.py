"""Platforms' public keys, parsed once and kept in memory.

Kept for an hour; longer if the platform cannot be reached (row A66). A key id we do not know is asked for once, at
most once a minute and platform, whoever sends how many tokens (rows A21, A67). A failed fetch is not repeated for
ten seconds, so that a platform that is down costs one waiting thread and not all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from joserfc.jwk import RSAKey

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.registration import Registration
from lti_tool.lti.errors import OutgoingFailed, TimedOut
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.ports import Clock, Outgoing

FRESH = timedelta(hours=1)
USABLE_WHILE_UNREACHABLE = timedelta(hours=24)
BETWEEN_REFETCHES = timedelta(minutes=1)
BETWEEN_FAILURES = timedelta(seconds=10)
DEADLINE_SECONDS = 5.0
_REDIRECTS = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _HeldKeys:
    """What is known of one key set; `lock` is held by the one thread that fetches it."""

    lock: Lock = field(default_factory=Lock)
    keys: dict[str, RSAKey] = field(default_factory=dict)
    fetched_at: datetime = _LONG_AGO
    searched_at: datetime = _LONG_AGO
    failed_at: datetime = _LONG_AGO
    failure: Code | None = None


class PlatformKeys:
    """The keys by which platforms sign, for all threads of a process."""

    def __init__(self, http: Outgoing, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._held: dict[str, _HeldKeys] = {}

    def key(self, registration: Registration, kid: str) -> RSAKey:
        """Return the key a platform names `kid`.

        Raises:
            Refusal: A20/A21 the platform has no such key; A63/A64 its key set cannot be had.
        """
        held = self._held.get(registration.jwks_url) or self._held.setdefault(registration.jwks_url, _HeldKeys())
        if self._needs_fetch(held, kid):
            self._refresh(held, registration, kid)
        key = held.keys.get(kid)
        if key is not None and self._clock() - held.fetched_at < USABLE_WHILE_UNREACHABLE:
            return key
        if held.failure is not None:
            seconds = int(BETWEEN_FAILURES.total_seconds())
            raise Refusal(held.failure, registration_id=registration.id, retry_after=seconds)
        raise Refusal(Code.LAUNCH_UNKNOWN_KEY, registration_id=registration.id)

    def _needs_fetch(self, held: _HeldKeys, kid: str) -> bool:
        now = self._clock()
        if now - held.failed_at < BETWEEN_FAILURES:
            return False
        if now - held.fetched_at >= FRESH:
            return True
        return kid not in held.keys and now - held.searched_at >= BETWEEN_REFETCHES

    def _refresh(self, held: _HeldKeys, registration: Registration, kid: str) -> None:
        """Fetch once for all waiting threads; a thread that holds a usable key does not wait."""
        held_meanwhile = kid in held.keys
        if not held.lock.acquire(timeout=0 if held_meanwhile else DEADLINE_SECONDS):
            if held_meanwhile:
                return
            raise Refusal(Code.PLATFORM_JWKS_TIMEOUT, registration_id=registration.id)
        try:
            if self._needs_fetch(held, kid):
                self._fetch(held, registration)
        finally:
            held.lock.release()

    def _fetch(self, held: _HeldKeys, registration: Registration) -> None:
        now = self._clock()
        if now - held.fetched_at < FRESH:
            held.searched_at = now
        try:
            answer = self._http.send(
                "GET",
                registration.jwks_url,
                headers={"Accept": "application/json, application/jwk-set+json"},
                private_hosts=registration.private_hosts,
                redirects=_REDIRECTS,
                within=DEADLINE_SECONDS,
            )
            keys = usable_keys(answer.body if answer.status == 200 else b"")  # noqa: PLR2004 -- HTTP's own "OK"
        except (OutgoingFailed, ValueError) as error:
            timed_out = isinstance(error, TimedOut)
            held.failure = Code.PLATFORM_JWKS_TIMEOUT if timed_out else Code.PLATFORM_JWKS_INVALID
            held.failed_at = self._clock()
        else:
            held.keys, held.fetched_at, held.failure = keys, self._clock(), None
