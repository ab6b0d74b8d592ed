"""What a token endpoint answers (RFC 6749, 5), read tolerantly.

Moodle sends JSON as text/html, and for an unknown key an error whose quotes are not escaped, so that it is no JSON at
all. Neither Content-Type nor `token_type` is looked at (ILIAS once wrote "baerer"). The raw body is shown to nobody.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.lti.ports import Answer
from lti_tool.lti.service_calls import FEW_TRIES, bad_answer, succeeded

KEY_TRIES = 7
"""Some five minutes: a platform that could not read our keys, as we were being restarted, says the same (G6)."""
DEFAULT_LIFETIME = timedelta(minutes=5)
_LONGEST_LIFETIME_SECONDS = 86_400.0
_FITS_A_HEADER = re.compile(r"[\x21-\x7e]{1,8192}")
_ERROR = re.compile(rb'"error"\s*:\s*"([\x20-\x21\x23-\x5b\x5d-\x7e]*)')
_ABOUT_THE_KEY = re.compile(rb"\bkid\b|signature", re.IGNORECASE)
_KEY_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """An access token.

    Attributes:
        granted: the scopes the platform says it grants; empty if it does not say.
    """

    value: str
    lifetime: timedelta
    granted: frozenset[str]

    def grants(self, scope: str) -> bool:
        """Whether the token serves for a scope, as far as the platform says."""
        return not self.granted or scope in self.granted


def read_token(answer: Answer) -> Token:
    """Return the token of an answer.

    Raises:
        DeliveryFailed: rows G6 to G9.
    """
    if not succeeded(answer):
        raise _refused(answer)
    document = _json_object(answer.body)
    value = document.get("access_token")
    if not isinstance(value, str) or not _FITS_A_HEADER.fullmatch(value):
        raise bad_answer()
    scope = document.get("scope")
    granted = frozenset(scope.split()) if isinstance(scope, str) else frozenset[str]()
    return Token(value, _lifetime(document.get("expires_in")), granted)


def _refused(answer: Answer) -> DeliveryFailed:
    found = _ERROR.search(answer.body)
    error = found[1].decode() if found else ""
    if error in _KEY_ERRORS:
        return DeliveryFailed(FailureKind.TRY_AGAIN, Reason.UNKNOWN_KEY, most_tries=KEY_TRIES)
    if error == "invalid_scope":
        return DeliveryFailed(FailureKind.PERMANENT, Reason.INVALID_SCOPE)
    if _ABOUT_THE_KEY.search(answer.body):
        return DeliveryFailed(FailureKind.TRY_AGAIN, Reason.UNKNOWN_KEY, most_tries=KEY_TRIES)
    return DeliveryFailed(FailureKind.TRY_AGAIN, Reason.TOKEN_REFUSED, most_tries=FEW_TRIES)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_answer() from None
    if not isinstance(document, dict):
        raise bad_answer()
    return document


def _lifetime(expires_in: Any) -> timedelta:
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return DEFAULT_LIFETIME
    if not 0 < seconds < float("inf"):
        return DEFAULT_LIFETIME
    return timedelta(seconds=min(seconds, _LONGEST_LIFETIME_SECONDS))
