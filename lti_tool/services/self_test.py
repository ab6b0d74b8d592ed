"""Runs the self-test of a connection: all calls side by side, over within seconds whoever answers.

It is the one place where a request waits for other servers (`docs/decisions/0015-the-self-test-waits.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol

from lti_tool.domain.registration import Registration
from lti_tool.domain.self_test import Check, Connection, Finding, Probed, findings

SECONDS = 5.0
_LATE = Probed("timeout")


class Probe(Protocol):
    """Makes the calls; none of them raises for what a server does wrong."""

    def platform_keys(self, registration: Registration) -> Probed:
        """Fetch the platform's key set afresh."""

    def own_keys(self, base_url: str) -> Probed:
        """Fetch the tool's own key set by its public address."""

    def access_token(self, registration: Registration) -> Probed:
        """Ask for a new access token for grades."""

    def results(self, registration: Registration, line_item_url: str, subject: str) -> Probed:
        """Read somebody's result from a grade column."""


class SelfTest:
    """Tries everything that can be tried for a connection."""

    def __init__(self, probe: Probe, seconds: float = SECONDS) -> None:
        self._probe = probe
        self._seconds = seconds

    def run(self, connection: Connection) -> list[Finding]:
        """Return what was found; a call that is not back in time counts as a timeout."""
        calls = self._calls(connection)
        pool = ThreadPoolExecutor(len(calls), thread_name_prefix="self-test")
        running = {check: pool.submit(call) for check, call in calls.items()}
        wait(running.values(), timeout=self._seconds)
        pool.shutdown(wait=False, cancel_futures=True)
        probed = {check: future.result() if future.done() else _LATE for check, future in running.items()}
        return findings(connection, probed)

    def _calls(self, connection: Connection) -> dict[Check, Callable[[], Probed]]:
        probe, registration, seen = self._probe, connection.registration, connection.sighting
        calls: dict[Check, Callable[[], Probed]] = {Check.PLATFORM_KEYS: lambda: probe.platform_keys(registration)}
        if not connection.on_this_machine:
            calls[Check.OWN_KEYS] = lambda: probe.own_keys(connection.base_url)
        if seen and seen.scopes:
            calls[Check.TOKEN] = lambda: probe.access_token(registration)
        if seen and connection.offers_results:
            url, subject = seen.line_item_url or "", connection.subject or ""
            calls[Check.RESULTS] = lambda: probe.results(registration, url, subject)
        return calls
