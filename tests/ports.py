"""Ports for servers that tests start: below those that the system lends to others, and for each process of a run its own.

A port that is asked of the system and given back is lent to somebody else soon, as a connection or to the next who asks.
"""

from __future__ import annotations

import os
import socket
from itertools import count

_FIRST, _OF_ONE_PROCESS, _PROCESSES = 10_000, 2_000, 11
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _PROCESSES
_tried = count(os.getpid() % _OF_ONE_PROCESS)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses and nobody else is given."""
    for number in _tried:
        port = _FIRST + _WORKER * _OF_ONE_PROCESS + number % _OF_ONE_PROCESS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError
