"""So many requests a minute and client address, and no more (row L16); each door counts for itself.

The rates are made for a whole town hall behind one address. What a platform signed is counted for its registration as
well. Launches that cannot be good have a tighter rate, which never stops somebody in the middle of a login: see
decision 0034.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, request

from lti_tool.domain.errors import Code, Refusal
from lti_tool.restraint.rates import Quota, Rates
from lti_tool.settings import Settings

_EXTENSION = "rates"
_TRANSCRIPT_RATE = "60/minute"
"""Each transcript that is presented costs as much as a password that is checked."""
_CALENDAR_RATE = "600/minute"
"""Calendar services ask for many people from one address."""
_ATTENDANCE_RATE = "10/minute"
"""Codes that one person may try: of 190 million, each good for ten minutes."""
_IDEA_RATE = "60/minute"
"""Files of all ideas, reports and pictures of one town hall."""
_NETWORK_OF_ONE_LINE = 64
"""A line is given so many bits of IPv6, and may send from any address below them."""


@dataclass(frozen=True, slots=True)
class _Doors:
    rates: Rates
    quotas: dict[str, Quota]


def install(app: Flask, rates: Rates, settings: Settings) -> None:
    """Set the rate of each door."""
    written = {
        "login": settings.login_rate,
        "launch": settings.login_rate,
        "bad-launch": settings.bad_launch_rate,
        "platform": settings.platform_rate,
        "platform-files": settings.platform_rate,
        "register": settings.register_rate,
        "upload": settings.upload_rate,
        "verification": settings.verification_rate,
        "transcripts": _TRANSCRIPT_RATE,
        "calendar": _CALENDAR_RATE,
        "attendance": _ATTENDANCE_RATE,
        "ideas": _IDEA_RATE,
    }
    app.extensions[_EXTENSION] = _Doors(rates, {door: Quota.parse(rate) for door, rate in written.items()})


def limit_rate(door: str, *, count: bool = True) -> None:
    """Count this request for its client address, or only see whether there is room for one more.

    Raises:
        Refusal: `rate_limited`, with the seconds to wait.
    """
    seconds = _seconds_to_wait(door, client_network(request.remote_addr or ""), count=count)
    if seconds:
        raise Refusal(Code.RATE_LIMITED, door, retry_after=math.ceil(seconds))


def limit_rate_of(door: str, registration_id: int) -> None:
    """Count this request for a registration, once it is proved to be that platform's.

    Raises:
        Refusal: `platform.rate_limited`, with the seconds to wait.
    """
    seconds = _seconds_to_wait(door, f"registration {registration_id}")
    if seconds:
        raise Refusal(Code.PLATFORM_RATE_LIMITED, door, registration_id=registration_id, retry_after=math.ceil(seconds))


def limit_rate_of_person(door: str, person: str) -> None:
    """Count this request for one person, wherever it comes from.

    Raises:
        Refusal: `rate_limited`, with the seconds to wait.
    """
    seconds = _seconds_to_wait(door, f"person {person}")
    if seconds:
        raise Refusal(Code.RATE_LIMITED, door, retry_after=math.ceil(seconds))


def note(door: str) -> None:
    """Count this request for its client address after it was served; never refuses."""
    _seconds_to_wait(door, client_network(request.remote_addr or ""))


@lru_cache(maxsize=4096)
def client_network(address: str) -> str:
    """Return what one line is known by: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_OF_ONE_LINE), strict=False))


def _seconds_to_wait(door: str, who: str, *, count: bool = True) -> float:
    doors: _Doors = current_app.extensions[_EXTENSION]
    return doors.rates.seconds_to_wait(f"{door} {who}", doors.quotas[door], count=count)
