"""Runs a worker as a process: the signals that end it, nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from lti_tool.worker.loop import Worker

_END = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


def run_until_told_to_stop(make_worker: Callable[[Event], Worker]) -> None:
    """Work until SIGTERM, SIGINT or SIGHUP; the score being sent is finished and settled, the others are given back.

    The loop runs beside the main thread, which only waits for signals: a Python signal handler that sets the event
    could interrupt that same event's `wait` while it holds the lock, and hang for ever.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _END)
    stop = Event()
    worker = make_worker(stop)
    with ThreadPoolExecutor(1, thread_name_prefix="worker") as pool:
        running = pool.submit(worker.run)
        running.add_done_callback(lambda _: os.kill(os.getpid(), signal.SIGTERM))
        signal.sigwait(_END)
        stop.set()
        running.result()
