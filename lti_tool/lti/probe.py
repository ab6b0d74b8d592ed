"""The calls of a self-test: each made afresh, past every cache, with its failure as a code instead of an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lti_tool.domain.delivery import DeliveryFailed
from lti_tool.domain.registration import Registration
from lti_tool.domain.self_test import Probed
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer, Clock, Outgoing, ToolKeys
from lti_tool.lti.scopes import RESULTS

WITHIN_SECONDS = 5.0
_OK = 200


class _Quickly:
    """The outgoing door, with less patience."""

    def __init__(self, http: Outgoing) -> None:
        self._http = http

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
        seconds = min(within or WITHIN_SECONDS, WITHIN_SECONDS)
        return self._http.send(
            method,
            url,
            headers=headers,
            body=body,
            private_hosts=private_hosts,
            redirects=redirects,
            within=seconds,
        )


class ConnectionProbe:
    """Fits `services.self_test.Probe`."""

    def __init__(self, http: Outgoing, tool_keys: ToolKeys, clock: Clock) -> None:
        self._http = _Quickly(http)
        self._tool_keys = tool_keys
        self._clock = clock

    def platform_keys(self, registration: Registration) -> Probed:
        """Fetch the platform's key set."""
        return self._key_set(registration.jwks_url, registration.private_hosts)

    def own_keys(self, base_url: str) -> Probed:
        """Fetch the tool's own key set the way a platform does."""
        return self._key_set(f"{base_url}/lti/jwks", frozenset())

    def access_token(self, registration: Registration) -> Probed:
        """Ask for an access token."""
        tokens = AccessTokens(self._http, self._tool_keys, self._clock)
        return _outcome(lambda: tokens.authorised(registration, RESULTS, lambda _: Answer(_OK, {}, b"")))

    def results(self, registration: Registration, line_item_url: str, subject: str) -> Probed:
        """Read one result; that there is none is fine."""
        service = PlatformService(self._http, AccessTokens(self._http, self._tool_keys, self._clock))
        return _outcome(lambda: AgsScorePublisher(service).read_back(registration, line_item_url, subject))

    def _key_set(self, url: str, private_hosts: frozenset[str]) -> Probed:
        try:
            answer = self._http.send(
                "GET", url, headers={"Accept": "application/json"}, private_hosts=private_hosts, redirects=2
            )
        except OutgoingFailed as error:
            return Probed(_code(error))
        seen_at, framing = _date(answer), answer.headers.get("x-frame-options")
        if answer.status != _OK:
            return Probed("bad_status", answered_at=seen_at, framing=framing)
        try:
            keys = frozenset(usable_keys(answer.body))
        except ValueError:
            return Probed("bad_answer", answered_at=seen_at, framing=framing)
        return Probed(keys=keys, answered_at=seen_at, framing=framing)


def _outcome(call: Callable[[], object]) -> Probed:
    try:
        call()
    except DeliveryFailed as failure:
        return Probed(failure.reason)
    return Probed()


def _code(error: OutgoingFailed) -> str:
    kinds = ((AddressForbidden, "address_forbidden"), (TimedOut, "timeout"), (TooLarge, "bad_answer"))
    return next((code for kind, code in kinds if isinstance(error, kind)), "unreachable")


def _date(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None
