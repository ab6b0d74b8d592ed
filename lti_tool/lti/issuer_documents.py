"""What other tools publish about the transcripts they signed: keys (did:web) and lists of revocations.

The addresses come from files that strangers bring, so each call passes the guard of `lti.http`: no private network,
five seconds, a megabyte. A host's keys are kept for a few minutes.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from lti_tool.domain.transcripts import Fault, IssuerAway, TranscriptRefused
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed
from lti_tool.lti.ports import Clock, Outgoing

FRESH = timedelta(minutes=10)
_DEADLINE_SECONDS = 5.0
_REDIRECTS = 2
_MOST_HOSTS = 200
_OK = 200


class IssuerDocuments:
    """Fetches; used by the worker alone, as nobody shall wait for another's server in a request."""

    def __init__(self, http: Outgoing, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._held: OrderedDict[str, tuple[dict[str, Any], datetime]] = OrderedDict()

    def key_document(self, host: str, *, fresh: bool = False) -> dict[str, Any]:
        """See `lti_tool.services.ports.IssuerDocuments`."""
        held = self._held.get(host)
        if held and not fresh and self._clock() - held[1] < FRESH:
            return held[0]
        try:
            document = json.loads(self._get(f"https://{host}/.well-known/did.json", "application/did+json"))
        except (ValueError, RecursionError):
            raise IssuerAway("no key document") from None
        if not isinstance(document, dict):
            raise IssuerAway("no key document")
        self._held[host] = (document, self._clock())
        while len(self._held) > _MOST_HOSTS:
            self._held.popitem(last=False)
        return document

    def status_list(self, url: str) -> bytes:
        """See `lti_tool.services.ports.IssuerDocuments`."""
        return self._get(url, "application/vc+jwt")

    def _get(self, url: str, media_type: str) -> bytes:
        try:
            answer = self._http.send(
                "GET",
                url,
                headers={"Accept": f"{media_type}, */*;q=0.1"},
                redirects=_REDIRECTS,
                within=_DEADLINE_SECONDS,
            )
        except AddressForbidden:
            raise TranscriptRefused(Fault.UNKNOWN_ISSUER) from None
        except OutgoingFailed as failed:
            raise IssuerAway(type(failed).__name__) from failed
        if answer.status != _OK:
            raise IssuerAway(f"status {answer.status}")
        return answer.body
