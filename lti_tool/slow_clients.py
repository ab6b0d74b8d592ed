"""Gunicorn's threaded worker, with patience for slow clients that costs the others nothing.

A thread is given to a connection only once a whole request lies in the kernel's buffer: its head, and its body if that
is short. Until then the connection waits beside the others without a thread, for some seconds at most. What is longer
is read by a thread, but not more slowly than a slow line would deliver it.

Waking a process costs more than most of what a request does. So a thread that has answered puts the connection back
among those that wait by itself, and the loop is not woken for it.

A reverse proxy that buffers requests does the same and more; this holds where there is none, or one that does not.
"""

from __future__ import annotations

import errno
import re
import selectors
import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

WHOLE_WITHIN_SECONDS = 10.0
"""For a head and a short body to arrive."""
PAUSE_SECONDS = 10.0
"""Longest silence of a client whose request is being read, or who reads our answer."""
BYTES_A_SECOND = 8_000
"""Slower than this a long body may not come, after ten seconds."""
LONGEST_HEAD = 16 * 1024
LONGEST_SHORT_BODY = 32 * 1024
SIGN_OF_LIFE_SECONDS = 1.0
"""How often the master is told that we live; it waits half a minute before it worries."""

_END_OF_HEAD = b"\r\n\r\n"
_ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


class NoAccessLog(Logger):
    """Fits gunicorn's `logger_class`. Nobody may write down who came from which address, so no line is made."""

    def access(self, *_: Any) -> None:
        """Write nothing."""


class PatientSocket(socket.socket):
    """Ends a connection whose client is slower than any line is. To the rest of us the client has gone away."""

    wakes_at = 1
    """So many bytes must lie there before the kernel calls it readable."""

    def begin_request(self) -> None:
        """Start to count time and bytes anew."""
        self._began = time.monotonic()
        self._received = 0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """See `socket.socket`."""
        allowed = WHOLE_WITHIN_SECONDS + self._received / BYTES_A_SECOND
        left = self._began + allowed - time.monotonic()
        if left <= 0:
            raise _too_slow()
        self.settimeout(min(left, PAUSE_SECONDS))
        try:
            data = super().recv(size, flags)
        except TimeoutError:
            raise _too_slow() from None
        self._received += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything as long as the client goes on reading."""
        self.settimeout(PAUSE_SECONDS)
        left = memoryview(data).cast("B")
        try:
            while left:
                left = left[self.send(left, flags) :]
        except TimeoutError:
            raise _too_slow() from None


class PatientWorker(ThreadWorker):
    """Fits gunicorn's `worker_class`."""

    poller: Any
    tpool: Any
    _told = 0.0

    def notify(self) -> None:
        """Tell the master that we live, though not after each request."""
        if time.monotonic() - self._told >= SIGN_OF_LIFE_SECONDS:
            self._told = time.monotonic()
            super().notify()

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection to a thread."""
        self.tpool.submit(self._serve, conn)

    def _serve(self, conn: TConn) -> None:
        """Answer in this thread; what cannot simply wait for its next request is the loop's to finish."""
        done: Future[Any] = Future()
        try:
            done.set_result(self.handle(conn))
        except BaseException as error:  # noqa: BLE001 -- the loop closes the connection
            done.set_exception(error)
        if done.exception() or done.result() is not True or not self._await_next(conn):
            self.method_queue.defer(self.finish_request, conn, done)

    def _await_next(self, conn: TConn) -> bool:
        """Let a connection wait for its next request; False if that one has begun, or the process is to end."""
        parser: Any = conn.parser
        if not self.alive or not isinstance(conn.sock, PatientSocket) or parser.unreader.buf.getvalue():
            return False
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        if not self.alive:  # the signal came just now: its cap may have missed this one
            conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))
        return True

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in tuple(self.keepalived_conns):  # threads may add more meanwhile
            conn.timeout = min(conn.timeout, deadline)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its request without a thread."""
        if listener.family not in {socket.AF_INET, socket.AF_INET6}:
            super().accept(listener)  # a proxy on this machine, which buffers; Unix sockets cannot wait for a length
            return
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}:
                raise
            return
        self.nr_conns += 1
        sock = PatientSocket(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self._await_request(TConn(self.cfg, sock, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Wait for the next request of a connection that was kept open."""
        if not isinstance(conn.sock, PatientSocket):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await_request(conn)

    def _await_request(self, conn: TConn) -> None:
        conn.data_ready = True
        missing = _bytes_needed(conn.sock, seen=-1)
        if missing is None:
            self._begin(conn)
            return
        conn.timeout = time.monotonic() + WHOLE_WITHIN_SECONDS
        self.pending_conns.append(conn)
        _wake_at(conn.sock, missing)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_more, conn, missing))

    def _on_more(self, conn: TConn, expected: int, _client: socket.socket) -> None:
        """Look whether the request is whole by now."""
        missing = _bytes_needed(conn.sock, seen=expected - 1)
        self.poller.unregister(conn.sock)
        if missing is None:
            self.pending_conns.remove(conn)
            self._begin(conn)
            return
        _wake_at(conn.sock, missing)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_more, conn, missing))

    def _begin(self, conn: TConn) -> None:
        _wake_at(conn.sock, 1)
        conn.sock.begin_request()
        self.enqueue_req(conn)


def _bytes_needed(sock: socket.socket, seen: int) -> int | None:
    """Return how many bytes must be there before looking again makes sense; None if a thread can begin.

    `seen` were there before; a socket that is readable with no more than these has been closed by its client.
    """
    try:
        there = sock.recv_into(buffer := bytearray(LONGEST_HEAD + LONGEST_SHORT_BODY), 0, socket.MSG_PEEK)
    except BlockingIOError:
        return 1
    except OSError:
        return None
    if there <= seen or there == 0:
        return None
    head, end, _ = bytes(buffer[:there]).partition(_END_OF_HEAD)
    if end and _ASKS_FIRST.search(head + b"\r\n"):
        return None
    if not end:
        return None if there >= LONGEST_HEAD else there + 1
    length = _LENGTH.search(head + b"\r\n")
    whole = len(head) + len(end) + (int(length[1]) if length else 0)
    return None if there >= whole or whole > len(buffer) else whole


def _wake_at(sock: PatientSocket, number: int) -> None:
    """Let a socket count as readable once so many bytes lie there."""
    if sock.wakes_at == number:
        return
    sock.wakes_at = number
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, number)


def _too_slow() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client was too slow")
