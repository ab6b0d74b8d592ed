"""The one door for outgoing HTTP calls: to platforms' key sets, token endpoints and services.

urllib3 directly, not `requests`: its pools are made for threads, it reads no proxy setting, netrc file or cookie
behind our back, and its connection classes let the guard decide on the very address that is connected to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urljoin

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TransportTimeout
from urllib3.response import BaseHTTPResponse

from lti_tool.lti.addresses import checked_url
from lti_tool.lti.connections import DEADLINE, PRIVATE_POOLS, PUBLIC_POOLS
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.ports import Answer

_CHUNK = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONNECTIONS_PER_HOST = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and bytes of an answer's body. `total` spans the exchange but not the operating system's DNS query."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 10.0
    size: int = 1_000_000


class OutgoingHTTP:
    """Sends requests with guard, deadline and size limit; safe to share between threads.

    Connections made for an allow-listed host are pooled apart from the others: a registration that may not reach a
    private host never inherits another's open connection to it.
    """

    def __init__(self, user_agent: str, allowed_hosts: frozenset[str], limits: Limits | None = None) -> None:
        self._user_agent = user_agent
        self._allowed_hosts = allowed_hosts
        self._limits = limits or Limits()
        self._public = PoolManager(maxsize=_CONNECTIONS_PER_HOST)
        self._public.pool_classes_by_scheme = PUBLIC_POOLS
        self._private = PoolManager(maxsize=_CONNECTIONS_PER_HOST)
        self._private.pool_classes_by_scheme = PRIVATE_POOLS

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
        """See `lti_tool.lti.ports.Outgoing`; each redirect passes the guard again, all within one deadline."""
        if redirects and (body is not None or "Authorization" in headers):
            raise ValueError("a request with a body or a token follows no redirect")
        DEADLINE.set(monotonic() + (within or self._limits.total))
        allowed = private_hosts | self._allowed_hosts
        answer = self._exchange(method, url, headers, body, allowed)
        while redirects and answer.status in _REDIRECTS and "location" in answer.headers:
            url = _target(url, answer.headers["location"])
            answer = self._exchange(method, url, headers, body, allowed)
            redirects -= 1
        return answer

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, allowed: frozenset[str]
    ) -> Answer:
        host = checked_url(url, allowed).hostname
        pools = self._private if host in allowed else self._public
        try:
            response = pools.request(
                method,
                url,
                body=body,
                headers={**headers, "User-Agent": self._user_agent, "Accept-Encoding": "identity"},
                timeout=Timeout(connect=self._limits.connect, read=self._limits.read),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return Answer(response.status, _lower_cased(response), self._body(response))
        except (HTTPError, OSError) as error:
            raise _failure(error) from error

    def _body(self, response: BaseHTTPResponse) -> bytes:
        """Read the body, but not a byte beyond the limit; a connection with a rest in it is not used again."""
        held = bytearray()
        try:
            for chunk in response.stream(_CHUNK, decode_content=False):
                held += chunk
                self._check_size(held)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return bytes(held)

    def _check_size(self, held: bytearray) -> None:
        if len(held) > self._limits.size:
            raise TooLarge(f"more than {self._limits.size} bytes")


def _failure(error: Exception) -> OutgoingFailed:
    """Return our word for a failure; urllib3 counts a refused connection among the timeouts."""
    timed_out = isinstance(error, TransportTimeout | TimeoutError) and not isinstance(error, NewConnectionError)
    return (TimedOut if timed_out else Unreachable)(type(error).__name__)


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise AddressForbidden("a redirect to no URL") from None


def _lower_cased(response: BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
