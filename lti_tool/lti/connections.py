"""Connections that know the guard and the deadline.

The guard is asked about the address that is then connected to, so a name that resolves differently a moment later
(DNS rebinding) gains nothing. The deadline covers the whole exchange: a server that drips one byte a second meets a
socket timeout that shrinks with each read.
"""

from __future__ import annotations

import io
import socket
from contextvars import ContextVar
from http.client import HTTPResponse
from time import monotonic
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from lti_tool.lti.addresses import is_public
from lti_tool.lti.errors import AddressForbidden

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DEADLINE: ContextVar[float] = ContextVar("deadline")
"""When the exchange running in this thread must be over, on the monotonic clock."""


def _time_left(at_most: float) -> float:
    left = DEADLINE.get() - monotonic()
    if left <= 0:
        raise TimeoutError("the exchange took too long")
    return min(left, at_most)


class _DeadlineReader(io.RawIOBase):
    """Reads a socket, never longer than the exchange may still last."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._longest_pause = sock.gettimeout() or 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._sock.settimeout(_time_left(self._longest_pause))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineSocket:
    """All that `http.client` asks of the socket it reads an answer from."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self._sock))


class _DeadlineResponse(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_DeadlineSocket(sock), *args, **kwargs)  # type: ignore[arg-type]  # makefile() is all it calls


def _connect(connection: HTTPConnection, *, private_allowed: bool) -> socket.socket:
    """Connect to the first address that the guard lets pass and that answers."""
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(connection.host, connection, socket.gaierror(str(error))) from error
    addresses = [(entry[0], entry[4]) for entry in found if private_allowed or is_public(str(entry[4][0]))]
    if not addresses:
        raise AddressForbidden("the host lies in a private network")
    failure: OSError | None = None
    for family, address in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(_time_left(float(connection.timeout or 0.0)))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "connecting took too long") from failure
    raise NewConnectionError(connection, f"no connection: {failure}") from failure


class _PublicHTTPS(HTTPSConnection):
    response_class = _DeadlineResponse

    def _new_conn(self) -> socket.socket:
        return _connect(self, private_allowed=False)


class _PrivateHTTPS(HTTPSConnection):
    response_class = _DeadlineResponse

    def _new_conn(self) -> socket.socket:
        return _connect(self, private_allowed=True)


class _PrivateHTTP(HTTPConnection):
    response_class = _DeadlineResponse

    def _new_conn(self) -> socket.socket:
        return _connect(self, private_allowed=True)


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _PrivateHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PrivateHTTPS


class _PrivateHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PrivateHTTP


PUBLIC_POOLS: dict[str, type] = {"https": _PublicHTTPSPool}
PRIVATE_POOLS: dict[str, type] = {"https": _PrivateHTTPSPool, "http": _PrivateHTTPPool}
