"""A worker for gunicorn whose threads wait for requests together, patient with slow clients at nobody else's cost.

All threads of a process wait at one `epoll` of the kernel, which wakes one of them for each connection that has
something to say. That thread reads what is there, answers if the request is whole, and otherwise lets the
connection wait again. So no request is handed from thread to thread, and no thread waits for a single client: a head
and a short body have some seconds to arrive. What is longer is read by a thread, but not more slowly than a slow line
would deliver it; and whoever does not take our answer, or does not hang up after it, is left behind as well.

A reverse proxy that buffers requests does the same and more; this holds where there is none, or one that does not.
Parsing and answering are gunicorn's (`gthread`).
"""

from __future__ import annotations

import errno
import os
import re
import select
import selectors
import socket
import time
from contextlib import suppress
from threading import Lock
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

WHOLE_WITHIN_SECONDS = 10.0
"""For a head and a short body to arrive."""
PAUSE_SECONDS = 10.0
"""Longest silence of a client whose request is being read, or who reads our answer."""
HANG_UP_SECONDS = 2.0
"""For a client to close a connection that we have ended; only then do we know that it has read the answer."""
BYTES_A_SECOND = 8_000
"""Slower than this a long body may not come, after ten seconds."""
LONGEST_HEAD = 16 * 1024
LONGEST_SHORT_BODY = 32 * 1024
TICK_SECONDS = 1.0
"""How often the process looks for connections that are too late, and tells the master that it lives."""

_END_OF_HEAD = b"\r\n\r\n"
_ASKS_FIRST = re.compile(rb"\r\nexpect:", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_ONCE = select.EPOLLIN | select.EPOLLONESHOT
_ONE_PROCESS = select.EPOLLIN | select.EPOLLEXCLUSIVE
_OUT_OF_FILES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class NoAccessLog(Logger):
    """Fits gunicorn's `logger_class`. Nobody may write down who came from which address, so no line is made."""

    def access(self, *_: Any) -> None:
        """Write nothing."""


class PatientSocket(socket.socket):
    """Ends a connection whose client is slower than any line is. To the rest of us the client has gone away.

    For the kernel it never blocks: time-outs are kept here, so that data which is there costs one call. The head of an
    answer waits for the first piece of its body, and both leave together.
    """

    def __init__(self, accepted: socket.socket) -> None:
        """Take over a connection; the other object has nothing to do with it any more."""
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        super().setblocking(False)
        self._pause: float | None = None
        self._head = b""
        self.begin_request()

    def begin_request(self) -> None:
        """Start to count time and bytes anew."""
        self._began = time.monotonic()
        self._received = 0

    def setblocking(self, flag: bool, /) -> None:
        """Change nothing: whether to wait is decided by what is called."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait no longer than this for the client's next bytes; None for the usual patience."""
        self._pause = value

    def gettimeout(self) -> float | None:
        """See `socket.socket`; what `sendfile` waits for."""
        return PAUSE_SECONDS if self._pause is None else self._pause

    def recv_now(self, size: int) -> bytes:
        """Return what is there, b"" if the client has closed.

        Raises:
            BlockingIOError: nothing is there yet.
        """
        return super().recv(size)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """See `socket.socket`."""
        allowed = WHOLE_WITHIN_SECONDS + self._received / BYTES_A_SECOND
        left = self._began + allowed - time.monotonic()
        if left <= 0:
            raise _too_slow()
        try:
            data = super().recv(size, flags)
        except BlockingIOError:
            self._wait(select.POLLIN, left)
            return self.recv(size, flags)
        self._received += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything as long as the client goes on reading; a head leaves with what follows it."""
        if not self._head and data.endswith(_END_OF_HEAD) and data.startswith(b"HTTP/1."):
            self._head = bytes(data)
            return
        head, self._head = self._head, b""
        left = memoryview(head + data if head else data).cast("B")
        while left:
            try:
                left = left[self.send(left, flags) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, PAUSE_SECONDS)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """See `socket.socket`."""
        self.flush()
        return super().sendfile(file, offset, count)

    def flush(self) -> None:
        """Send a head that nothing follows."""
        if self._head:
            self.sendall(b"")

    def _wait(self, event: int, seconds: float) -> None:
        poll = select.poll()
        poll.register(self, event)
        if not poll.poll(1000 * (seconds if self._pause is None else min(seconds, self._pause))):
            raise _too_slow()


class Connection(TConn):
    """A client's connection, and what has come of its next request.

    Attributes:
        timeout: when waiting ends, in seconds of the monotonic clock.
        came: the beginning of the next request.
        leaving: we have said all that we will.
    """

    sock: PatientSocket
    timeout: float
    parser: Any

    def __init__(self, cfg: Any, sock: PatientSocket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.data_ready = True
        self.came = b""
        self.leaving = False
        self.number = sock.fileno()

    def is_whole(self) -> bool:
        """Read what is there; False while more is to come before a thread can answer.

        Raises:
            EOFError: the client has closed.
            OSError: likewise.
        """
        try:
            data = self.sock.recv_now(LONGEST_HEAD + LONGEST_SHORT_BODY)
        except BlockingIOError:
            return False
        if not data:
            raise EOFError
        if not self.came:
            self.timeout = time.monotonic() + WHOLE_WITHIN_SECONDS
        self.came += data
        return _is_whole(self.came)

    def begin(self) -> None:
        """Hand over what has come to the parser."""
        self.init()
        self.parser.unreader.unread(self.came)
        self.came = b""
        self.sock.begin_request()

    def has_next(self) -> bool:
        """Take back what the parser has read of the next request; whether that one can be answered."""
        self.came = self.parser.unreader.take_buffered()
        return bool(self.came) and _is_whole(self.came)

    def is_gone(self) -> bool:
        """Drop what still comes; whether the client has closed.

        Raises:
            OSError: it has.
        """
        with suppress(BlockingIOError):
            return not self.sock.recv_now(LONGEST_HEAD + LONGEST_SHORT_BODY)
        return False


class PatientWorker(ThreadWorker):
    """Fits gunicorn's `worker_class`.

    Whoever takes a connection out of those that wait owns it until it puts it back: a thread that
    was woken for it, or the main thread when it is too late. Taking is one step, so there is never a second owner.
    """

    poller: Any
    tpool: Any
    keepalived_conns: Any

    def init_process(self) -> None:
        """See `gunicorn.workers.base.Worker`; runs in the new process."""
        self._waiting: dict[int, Connection] = {}  # by file number
        self.keepalived_conns = self._waiting  # gunicorn looks at its length
        self._open: set[Connection] = set()
        self._epoll = select.epoll()
        self._listeners = {listener.fileno(): listener for listener in self.sockets}
        self._end = os.eventfd(0, os.EFD_CLOEXEC)
        self._switching = Lock()
        super().init_process()

    def run(self) -> None:
        """Keep time until the process is to end; the threads do the rest."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        self._epoll.register(self._end, select.EPOLLIN)
        for listener in self.sockets:
            listener.setblocking(False)
        for _ in range(self.cfg.threads):
            self.tpool.submit(self._serve)
        while self.alive and self.is_parent_alive():
            self.set_accept_enabled(len(self._open) < self.worker_connections)
            self._tick(TICK_SECONDS)
        self.alive = False
        self._let_go()

    def _tick(self, seconds: float) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(seconds)  # a signal ends it
        now = time.monotonic()
        for conn in tuple(self._waiting.values()):
            if conn.timeout <= now:
                self._end_waiting(conn)

    def _end_waiting(self, conn: Connection) -> None:
        taken = self._waiting.pop(conn.number, None)
        if taken is conn:
            self._close(conn)
        elif taken:  # closed meanwhile, and its number given to another
            self._await_more(taken)

    def _let_go(self) -> None:
        """Finish what has begun, give those who wait a moment more, and end the threads."""
        self.set_accept_enabled(False)
        now = time.monotonic()
        latest, last_request = now + self.cfg.graceful_timeout, now + STOP_KEEPALIVE_LINGER
        while self._open and time.monotonic() < latest:
            for conn in tuple(self._waiting.values()):
                conn.timeout = min(conn.timeout, last_request)
            self._tick(TICK_SECONDS / 10)
        self._wake_all()
        self.tpool.shutdown(wait=False)

    def handle_quit(self, sig: Any, frame: Any) -> None:
        """SIGQUIT, SIGINT: end at once."""
        self._wake_all()
        super().handle_quit(sig, frame)

    def _wake_all(self) -> None:
        os.eventfd_write(self._end, 1)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take new connections or leave them to others."""
        with self._switching:
            if enabled == self._accepting:
                return
            for number in self._listeners:
                if enabled:
                    self._epoll.register(number, _ONE_PROCESS)
                else:
                    self._epoll.unregister(number)
            self._accepting = enabled

    def _serve(self) -> None:
        """What each thread does."""
        while True:
            for number, _ in self._epoll.poll(None, 1):
                if number == self._end:
                    return
                listener = self._listeners.get(number)
                conn = self._accepted(listener) if listener else self._waiting.pop(number, None)
                if conn is not None:
                    self._go_on(conn)

    def _accepted(self, listener: socket.socket) -> Connection | None:
        """Take a connection; None if another was faster, or there is no room for more."""
        if len(self._open) >= self.worker_connections:
            self.set_accept_enabled(False)  # until the next tick finds room
            return None
        try:
            sock, address = listener.accept()
            conn = Connection(self.cfg, PatientSocket(sock), address, listener.getsockname())
            self._epoll.register(conn.number, select.EPOLLONESHOT)  # nothing yet: it is ours
        except OSError as error:
            if error.errno in _OUT_OF_FILES:
                self.log.error("no more connections: %s", error)  # noqa: TRY400 -- where it happened says nothing
                self.set_accept_enabled(False)
            return None
        conn.timeout = time.monotonic() + WHOLE_WITHIN_SECONDS
        self._open.add(conn)
        return conn

    def _go_on(self, conn: Connection) -> None:
        """Do what can be done for a connection without waiting for its client."""
        try:
            if not conn.leaving and conn.is_whole():
                self._answer(conn)
            if conn.leaving and conn.is_gone():
                self._close(conn)
            else:
                self._await_more(conn)
        except (EOFError, OSError):
            self._close(conn)
        except BaseException:  # a thread goes on whatever happens
            self.log.exception("connection given up")
            self._close(conn)

    def _answer(self, conn: Connection) -> None:
        """Answer a request, and those that came along with it."""
        while True:
            conn.begin()
            kept = self.handle(conn)
            conn.sock.flush()
            if kept is not True:
                conn.sock.shutdown(socket.SHUT_WR)
                conn.leaving, conn.timeout = True, time.monotonic() + HANG_UP_SECONDS
                return
            conn.set_timeout()
            if not conn.has_next():
                return

    def _await_more(self, conn: Connection) -> None:
        """Let a connection wait; from here on it may be another thread's."""
        self._waiting[conn.number] = conn
        self._epoll.modify(conn.number, _ONCE)

    def _close(self, conn: Connection) -> None:
        self._open.discard(conn)
        conn.close()


def _is_whole(came: bytes) -> bool:
    """Whether a thread can begin: all is there, or it is long enough to be read by and by."""
    head, end, body = came.partition(_END_OF_HEAD)
    if not end:
        return len(came) >= LONGEST_HEAD
    head += b"\r\n"
    length = _LENGTH.search(head)
    if not length:
        return True
    return len(body) >= int(length[1]) or int(length[1]) > LONGEST_SHORT_BODY or bool(_ASKS_FIRST.search(head))


def _too_slow() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client was too slow")
