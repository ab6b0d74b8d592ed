"""A platform's endpoints change while it stays the same, as with an upgrade of ILIAS from 9 to 10."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.db.models import Registration

CHANGEABLE = frozenset({"auth_login_url", "auth_token_url", "jwks_url"})
"""Issuer and client id are who it is; whatever else comes with them belongs to another registration."""


class ChangeAddresses:
    """Changes endpoints one by one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def change(self, registration_id: int, addresses: Mapping[str, str]) -> bool:
        """Store the addresses given, by the names in `CHANGEABLE`; return whether there is such a platform."""
        unknown = addresses.keys() - CHANGEABLE
        if unknown or not addresses:
            raise ValueError(f"not an address of a platform: {sorted(unknown)}")
        changed = self._session.execute(
            update(Registration)
            .where(Registration.id == registration_id)
            .values(dict(addresses))
            .returning(Registration.id),
        )
        return changed.first() is not None
