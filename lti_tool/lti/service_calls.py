"""Calls to a platform's services, with failures in the words of a delivery (rows G8 to G20)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.lti.errors import AddressForbidden, LeftAlone, OutgoingFailed, TooLarge
from lti_tool.lti.ports import Answer, Outgoing

FEW_TRIES = 3
"""For what may pass by itself but most likely needs a person (G8, G9)."""

_LONGEST_WAIT_SECONDS = 86_400.0
_TRANSIENT = frozenset({408, 425, 429})
_SERVER_ERRORS = 500
_TOO_MANY_REQUESTS = 429


def call(
    http: Outgoing,
    registration: Registration,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
) -> Answer:
    """Send one request to a platform; redirects are not followed (G20).

    Raises:
        DeliveryFailed: no answer came.
    """
    try:
        return http.send(method, url, headers=headers, body=body, private_hosts=registration.private_hosts)
    except AddressForbidden as error:
        raise DeliveryFailed(FailureKind.PERMANENT, Reason.UNTRUSTED_ENDPOINT) from error
    except LeftAlone as error:
        reason = Reason.PLATFORM_UNAVAILABLE
        raise DeliveryFailed(FailureKind.TRY_AGAIN, reason, retry_after=error.seconds) from error
    except TooLarge as error:
        raise bad_answer() from error
    except OutgoingFailed as error:
        raise DeliveryFailed(FailureKind.TRY_AGAIN, Reason.PLATFORM_UNAVAILABLE) from error


def refuse_transient(answer: Answer) -> None:
    """Raise for a platform that is down or busy, with the time it asks to wait (G16, G17)."""
    if answer.status < _SERVER_ERRORS and answer.status not in _TRANSIENT:
        return
    busy = answer.status == _TOO_MANY_REQUESTS
    reason = Reason.RATE_LIMITED if busy else Reason.PLATFORM_UNAVAILABLE
    raise DeliveryFailed(FailureKind.TRY_AGAIN, reason, retry_after=_retry_after(answer))


def bad_answer() -> DeliveryFailed:
    """Return the failure for an answer that fits no standard (G9)."""
    return DeliveryFailed(FailureKind.TRY_AGAIN, Reason.BAD_ANSWER, most_tries=FEW_TRIES)


def succeeded(answer: Answer) -> bool:
    """Whether the status alone says so, whatever the body (G19)."""
    return answer.status // 100 == 2  # noqa: PLR2004 -- HTTP's own class of "done"


def _retry_after(answer: Answer) -> float | None:
    """Seconds to wait by the Retry-After header: a number, or a date by the platform's own clock (RFC 9110, 10.2.3)."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdecimal() and value.isascii():
        seconds = float(value[:9])
    else:
        try:
            sent = parsedate_to_datetime(answer.headers.get("date", ""))
            seconds = (parsedate_to_datetime(value) - sent).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)
