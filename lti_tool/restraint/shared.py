"""Rates and circuits that all processes on all hosts share, in Redis or Valkey.

What is shared is a comfort, never a condition: when the server is away, each process goes on with what it has in
memory, says so once, and looks again after some seconds. Times are the server's own; an entry that lies further in the
future than it can, because that clock was set back, counts as the furthest possible. Names are stored as keyed digests,
so that no address of a person lies there.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from lti_tool.restraint.circuits import PROBE_SECONDS, Circuits, Patience
from lti_tool.restraint.rates import Quota, Rates

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)

ANSWERS_WITHIN_SECONDS = 0.25
AWAY_SECONDS = 5.0
"""After a failure the server is not asked for so long, so that its silence costs few requests the wait above."""

_NOW = "local t = redis.call('TIME') local now = t[1] + t[2] / 1000000 "
_TAKE = f"""{_NOW}
local most, step = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.min(tonumber(redis.call('GET', KEYS[1]) or now), now + most)
full = math.max(full, now) + step
local wait = full - now - most
if wait > 0.00001 then return tostring(wait) end
if ARGV[3] == '1' then
  redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
end
return '0'"""
_ASK = f"""{_NOW}
local till = tonumber(redis.call('HGET', KEYS[1], 'open_until') or 0)
if till == 0 then return '0' end
till = math.min(till, now + tonumber(redis.call('HGET', KEYS[1], 'pause')))
if now < till then return tostring(till - now) end
redis.call('HSET', KEYS[1], 'open_until', string.format('%.6f', now + ARGV[1]), 'pause', ARGV[1])
return '0'"""
_FAIL = f"""{_NOW}
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local pause = 0
if failures >= tonumber(ARGV[1]) then
  pause = math.min(ARGV[2] * 2 ^ math.min(failures - ARGV[1], 32), tonumber(ARGV[3]))
  redis.call('HSET', KEYS[1], 'open_until', string.format('%.6f', now + pause), 'pause', pause)
end
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[3] * 4000))
return tostring(pause)"""
_ANSWER = "return tostring(redis.call('DEL', KEYS[1]))"


class SharedMemory:
    """One server, asked by short scripts. The client library is loaded by the first question."""

    def __init__(self, url: str, secret: str, now: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._secret = secret.encode()
        self._now = now
        self._lock = Lock()
        self._client: Redis | None = None
        self._away_until: float | None = None

    def ask(self, script: str, name: str, *arguments: float) -> float | None:
        """Return the script's answer, None while the server is away."""
        if self._away_until is not None and self._now() < self._away_until:
            return None
        from redis import RedisError  # noqa: PLC0415 -- loaded only where a server is configured

        try:
            answer = self._connected().eval(script, 1, self._key(name), *map(str, arguments))
        except (RedisError, OSError) as error:
            self._note_away(error)
            return None
        if self._away_until is not None:
            self._away_until = None
            log.info("restraint.shared_again")
        return float(str(answer))

    def _note_away(self, error: Exception) -> None:
        known, self._away_until = self._away_until is not None, self._now() + AWAY_SECONDS
        if not known:
            log.warning("restraint.shared_away", error=type(error).__name__, consequence="each process for itself")

    def _key(self, name: str) -> str:
        return f"smartcity:{hmac.digest(self._secret, name.encode(), 'sha256').hex()[:32]}"

    def _connected(self) -> Redis:
        with self._lock:
            if self._client is None:
                from redis import Redis  # noqa: PLC0415 -- loaded only where a server is configured

                self._client = Redis.from_url(
                    self._url,
                    socket_timeout=ANSWERS_WITHIN_SECONDS,
                    socket_connect_timeout=ANSWERS_WITHIN_SECONDS,
                    retry=None,
                    decode_responses=True,
                )
            return self._client


class SharedRates:
    """Fits `Rates`; falls back on others."""

    def __init__(self, shared: SharedMemory, fallback: Rates) -> None:
        self._shared = shared
        self._fallback = fallback

    def seconds_to_wait(self, name: str, quota: Quota, *, count: bool = True) -> float:
        """See `Rates`."""
        answer = self._shared.ask(_TAKE, f"rate {name}", quota.seconds, quota.seconds / quota.amount, int(count))
        return self._fallback.seconds_to_wait(name, quota, count=count) if answer is None else answer


class SharedCircuits:
    """Fits `Circuits`; what happens is told to the fallback as well, so that nothing starts anew when it takes over."""

    def __init__(self, shared: SharedMemory, fallback: Circuits) -> None:
        self._shared = shared
        self._fallback = fallback

    def seconds_to_pause(self, name: str) -> float:
        """See `Circuits`."""
        answer = self._shared.ask(_ASK, f"circuit {name}", PROBE_SECONDS)
        return self._fallback.seconds_to_pause(name) if answer is None else answer

    def failed(self, name: str, patience: Patience) -> float:
        """See `Circuits`."""
        remembered = self._fallback.failed(name, patience)
        answer = self._shared.ask(_FAIL, f"circuit {name}", patience.failures, patience.first, patience.longest)
        return remembered if answer is None else answer

    def answered(self, name: str) -> None:
        """See `Circuits`."""
        self._fallback.answered(name)
        self._shared.ask(_ANSWER, f"circuit {name}")
