"""What an id_token must say about itself: for whom it was made, and when (Security Framework 1.1, 5.1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti_tool.domain.errors import Code, Refusal

LEEWAY_SECONDS = 60
"""How far a platform's clock may be off."""
LONGEST_AGE_SECONDS = 600

_YEAR_10000 = 253_402_300_800


def check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """The token is for us and for nobody else (A27 to A32); we trust no other audience."""
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        raise Refusal(Code.LAUNCH_BAD_AUDIENCE)
    if any(entry != client_id for entry in listed):
        raise Refusal(Code.LAUNCH_UNTRUSTED_AUDIENCE)
    if "azp" in claims and claims["azp"] != client_id:
        raise Refusal(Code.LAUNCH_BAD_AZP)


def check_times(claims: Mapping[str, Any], now: datetime, longest_age: float = LONGEST_AGE_SECONDS) -> None:
    """The token is valid now, and not older than so many seconds (A33 to A41)."""
    present = now.timestamp()
    expires = _moment(claims, "exp", Code.LAUNCH_MISSING_EXP)
    issued = _moment(claims, "iat", Code.LAUNCH_MISSING_IAT)
    if expires + LEEWAY_SECONDS < present:
        raise Refusal(Code.LAUNCH_EXPIRED_TOKEN, f"{present - expires:.0f} s past")
    if issued - LEEWAY_SECONDS > present:
        raise Refusal(Code.LAUNCH_FUTURE_TOKEN, f"{issued - present:.0f} s ahead")
    if issued + longest_age < present:
        raise Refusal(Code.LAUNCH_OLD_TOKEN, f"{present - issued:.0f} s old")
    if "nbf" in claims and _moment(claims, "nbf", Code.LAUNCH_BAD_TIME) - LEEWAY_SECONDS > present:
        raise Refusal(Code.LAUNCH_NOT_YET_VALID)


def _moment(claims: Mapping[str, Any], name: str, missing: Code) -> float:
    """Return a NumericDate (RFC 7519, 2); a number that is no date at all counts as none (A40)."""
    if name not in claims:
        raise Refusal(missing)
    value = claims[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < _YEAR_10000:  # NaN and Infinity fail the comparison
        raise Refusal(Code.LAUNCH_BAD_TIME, name)
    return float(value)
