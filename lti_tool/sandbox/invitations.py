from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=1)


class Invitations:
    """Registration tokens: each lets one tool register once, within an hour (LTI Dynamic Registration 1.0, 3.3)."""

    def __init__(self) -> None:
        self._open: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def issue(self, now: datetime) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._open[token] = now + LIFETIME
        return token

    def holds(self, token: str, now: datetime) -> bool:
        with self._lock:
            end = self._open.get(token)
        return end is not None and end > now

    def redeem(self, token: str) -> bool:
        """Return True to exactly one caller."""
        with self._lock:
            return self._open.pop(token, None) is not None
