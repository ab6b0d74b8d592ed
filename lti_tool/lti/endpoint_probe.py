"""Tries a platform's addresses before they are stored: is there a key set, is there a token endpoint?"""

from __future__ import annotations

import re
from enum import StrEnum

from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.ports import Outgoing

_OK = 200
_FIRST_ERROR = 400
_NOTHING_THERE = frozenset({404, 405, 410})
_REDIRECTS = 3
_SECONDS = 5.0
_ERROR = re.compile(rb"error", re.IGNORECASE)


class Finding(StrEnum):
    """What a try found out."""

    FINE = "fine"
    FORBIDDEN = "forbidden"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    NOTHING_THERE = "nothing_there"
    NO_KEY_SET = "no_key_set"
    NO_USABLE_KEY = "no_usable_key"
    NO_TOKEN_ENDPOINT = "no_token_endpoint"  # noqa: S105 -- a word for people, not a password


class EndpointProbe:
    """Calls addresses that a person typed; safe to share between threads."""

    def __init__(self, http: Outgoing) -> None:
        self._http = http

    def key_set(self, url: str, private_hosts: frozenset[str]) -> Finding:
        """Look for a key set with at least one key that could sign a launch."""
        headers = {"Accept": "application/json"}
        try:
            answer = self._http.send(
                "GET", url, headers=headers, private_hosts=private_hosts, redirects=_REDIRECTS, within=_SECONDS
            )
        except OutgoingFailed as error:
            return _failure(error)
        if answer.status in _NOTHING_THERE:
            return Finding.NOTHING_THERE
        if answer.status != _OK:
            return Finding.NO_KEY_SET
        try:
            return Finding.FINE if usable_keys(answer.body) else Finding.NO_USABLE_KEY
        except ValueError:
            return Finding.NO_KEY_SET

    def token_endpoint(self, url: str, private_hosts: frozenset[str]) -> Finding:
        """Ask for a token without naming ourselves: a token endpoint answers with an error (RFC 6749, 5.2).

        ILIAS answers with status 500 and an error's name, so the word counts, not the status.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = b"grant_type=client_credentials"
        try:
            answer = self._http.send(
                "POST", url, headers=headers, body=body, private_hosts=private_hosts, within=_SECONDS
            )
        except OutgoingFailed as error:
            return _failure(error)
        if answer.status in _NOTHING_THERE:
            return Finding.NOTHING_THERE
        speaks = answer.status >= _FIRST_ERROR and _ERROR.search(answer.body) and b"<html" not in answer.body.lower()
        return Finding.FINE if speaks else Finding.NO_TOKEN_ENDPOINT


def _failure(error: OutgoingFailed) -> Finding:
    if isinstance(error, AddressForbidden):
        return Finding.FORBIDDEN
    return Finding.TIMED_OUT if isinstance(error, TimedOut) else Finding.UNREACHABLE
