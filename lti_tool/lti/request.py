"""PyLTI1p3's view of a request: one object per request, made of plain values. It sees no web framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pylti1p3.cookie import CookieService
from pylti1p3.request import Request
from pylti1p3.session import SessionService

Parameters = Mapping[str, Sequence[str]]
"""Every parameter with all values it was sent with."""


class PlainRequest(Request):
    """The parameters of one login or launch; those sent twice were refused before."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    @property
    def session(self) -> dict[str, Any]:
        """PyLTI1p3 looks here for stored launches; there are none (decision 0003)."""
        return {}

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        values = self._parameters.get(key)
        return values[0] if values else ""


class NoCookies(CookieService):
    """The binding cookie is the edge's; PyLTI1p3 sets and reads none."""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002 -- PyLTI1p3's signature
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Set nothing."""


class NothingStored(SessionService):
    """A login stores nothing; state and nonce prove themselves."""

    def save_nonce(self, nonce: str) -> None:
        """Store nothing: the nonce follows from the state."""
