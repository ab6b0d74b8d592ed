"""Outgoing calls with a circuit breaker for each platform (by its host): who does not answer is left alone for a while.

Only silence counts: no connection, no complete answer in time. A platform that answers at all costs nobody time, and
whatever it says is judged by whoever asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog

from lti_tool.lti.errors import AddressForbidden, LeftAlone, TimedOut, Unreachable
from lti_tool.lti.ports import Answer, Outgoing
from lti_tool.restraint.circuits import Circuits, Patience

log = structlog.get_logger(__name__)

WITH_KEYS = Patience(failures=1, first=10.0, longest=60.0)
"""People wait in front of their browsers: try again soon."""
WITH_SERVICES = Patience(failures=2, first=15.0, longest=300.0)
"""Grades wait in the outbox."""


class CircuitBreaker:
    """Fits `Outgoing`; `purpose` keeps the circuits of one part of the tool apart from another's."""

    def __init__(self, http: Outgoing, circuits: Circuits, purpose: str, patience: Patience) -> None:
        self._http = http
        self._circuits = circuits
        self._purpose = purpose
        self._patience = patience

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, **more: Any
    ) -> Answer:
        """See `lti_tool.lti.ports.Outgoing`.

        Raises:
            LeftAlone: nothing was sent, as the platform did not answer lately.
        """
        name = f"{self._purpose} {_host(url)}"
        seconds = self._circuits.seconds_to_pause(name)
        if seconds:
            raise LeftAlone(seconds)
        try:
            answer = self._http.send(method, url, headers=headers, body=body, **more)
        except (TimedOut, Unreachable) as error:
            pause = self._circuits.failed(name, self._patience)
            if pause:
                log.warning("platform.left_alone", purpose=self._purpose, seconds=round(pause), error=str(error))
            raise
        self._circuits.answered(name)
        return answer


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        raise AddressForbidden("not a URL") from None
