"""Child processes that live and end together. Nothing is restarted silently: if one ends, all end and it is said."""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType, TracebackType
from typing import Self
from urllib.parse import urlsplit

from lti_tool.cli.german import CommandFailed

STARTED_WITHIN_SECONDS = 60.0
ENDED_WITHIN_SECONDS = 25.0
_POLL_SECONDS = 0.05
_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ToldToStop(Exception):  # noqa: N818 -- not an error: somebody wants to stop
    """A signal asked this process to end."""


class Children:
    """Starts child processes, waits for them, ends them. Use as a context: leaving it ends all children.

    Each child has its own process group, so that Ctrl-C reaches only this process, which then ends them in order.
    Signals arrive through a pipe: there is no moment in which one could be lost or hang on a lock.
    """

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._told_to_stop = False

    def __enter__(self) -> Self:
        self._signals, write_end = os.pipe()
        os.set_blocking(self._signals, False)
        os.set_blocking(write_end, False)
        self._write_end = write_end
        self._previous_fd = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        self._previous = {number: signal.signal(number, self._note) for number in (*_END, signal.SIGCHLD)}
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> bool:
        self._stop_all()
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._previous_fd)
        os.close(self._signals)
        os.close(self._write_end)
        return kind is ToldToStop

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        listener: socket.socket | None = None,
    ) -> None:
        """Start a child; a listening socket is handed over under its own descriptor and closed here."""
        self._check()
        self._running[name] = subprocess.Popen(  # noqa: S603 -- our own programs, no shell
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            pass_fds=[listener.fileno()] if listener else [],
            process_group=0,
        )
        if listener:
            listener.close()

    def wait_for(self, *urls: str) -> None:
        """Return once every URL answers with success.

        Raises:
            CommandFailed: a child ended, or a URL does not answer in time.
        """
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        for url in urls:
            while not _answers(url):
                if time.monotonic() > deadline:
                    raise CommandFailed(f"{url} antwortet nicht. Die Meldungen oben sagen, woran es liegt.")
                self._pause(_POLL_SECONDS)

    def watch(self) -> None:
        """Block until told to stop.

        Raises:
            CommandFailed: a child ended.
        """
        while True:
            self._pause(None)

    def _pause(self, seconds: float | None) -> None:
        """Wait for a signal, at most so long; then look whether somebody wants to stop or a child is gone."""
        ready, _, _ = select.select([self._signals], [], [], seconds)
        if ready:
            os.read(self._signals, 512)
        self._check()

    def _check(self) -> None:
        if self._told_to_stop:
            raise ToldToStop
        for name, process in self._running.items():
            if process.poll() is not None:
                raise CommandFailed(f"Beendet, denn {name} läuft nicht mehr (Code {process.returncode}).")

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = self._told_to_stop or number in _END

    def _stop_all(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + ENDED_WITHIN_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
