"""Platforms' public keys, parsed once and kept in memory.

Kept for an hour; longer if the platform cannot be reached (row A66). A key id we do not know is asked for once, at
most once a minute and platform, whoever sends how many tokens (rows A21, A67).

A platform that is down costs one waiting thread, not all: a failed fetch is not repeated for ten seconds, nobody
waits for another's fetch from a platform that failed lately, and few threads of a process fetch at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore, Lock

from joserfc.jwk import RSAKey

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.registration import Registration
from lti_tool.lti.errors import LeftAlone, OutgoingFailed, TimedOut
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.ports import Clock, Outgoing

FRESH = timedelta(hours=1)
USABLE_WHILE_UNREACHABLE = timedelta(hours=24)
BETWEEN_REFETCHES = timedelta(minutes=1)
BETWEEN_FAILURES = timedelta(seconds=10)
DEADLINE_SECONDS = 5.0
PATIENCE_WITH_ANOTHER_SECONDS = 1.0
"""So long a launch waits for the thread that fetches; a healthy platform answers sooner."""
MOST_FETCHES = 4
"""At a time and process; of them one from a platform whose last fetch failed."""
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
        self._fetching = BoundedSemaphore(MOST_FETCHES - 1)
        self._trying_again = BoundedSemaphore(1)

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
        if abs(now - held.failed_at) < BETWEEN_FAILURES:  # abs: the clock may have been set back
            return False
        if now - held.fetched_at >= FRESH:
            return True
        return kid not in held.keys and abs(now - held.searched_at) >= BETWEEN_REFETCHES

    def _refresh(self, held: _HeldKeys, registration: Registration, kid: str) -> None:
        """Fetch once for all waiting threads; a thread that holds a usable key does not wait."""
        held_meanwhile, failed_before = kid in held.keys, held.failure is not None
        patience = 0.0 if held_meanwhile or failed_before else PATIENCE_WITH_ANOTHER_SECONDS
        slots = self._trying_again if failed_before else self._fetching
        with _taken(held.lock, patience) as alone, _taken(slots, patience) as allowed:
            if alone and allowed:
                if self._needs_fetch(held, kid):
                    self._fetch(held, registration)
            elif not held_meanwhile:
                seconds = int(BETWEEN_FAILURES.total_seconds())
                raise Refusal(Code.PLATFORM_JWKS_TIMEOUT, registration_id=registration.id, retry_after=seconds)

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
            timed_out = isinstance(error, TimedOut | LeftAlone)
            held.failure = Code.PLATFORM_JWKS_TIMEOUT if timed_out else Code.PLATFORM_JWKS_INVALID
            held.failed_at = self._clock()
        else:
            held.keys, held.fetched_at, held.failure = keys, self._clock(), None


@contextmanager
def _taken(lock: Lock | BoundedSemaphore, patience: float) -> Iterator[bool]:
    """Say whether the lock could be had within so many seconds."""
    taken = lock.acquire(timeout=patience) if patience else lock.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            lock.release()
