from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(seconds=3600)


@dataclass(frozen=True, slots=True)
class AccessToken:
    client_id: str
    scopes: frozenset[str]
    expires_at: datetime


class AccessTokens:
    """Opaque bearer tokens, valid for an hour. In memory only: after a restart tools ask for new ones."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        self._lock = threading.Lock()

    def issue(self, client_id: str, scopes: Iterable[str], now: datetime) -> str:
        secret = secrets.token_hex(16)
        with self._lock:
            self._tokens = {key: token for key, token in self._tokens.items() if token.expires_at > now}
            self._tokens[secret] = AccessToken(client_id, frozenset(scopes), now + LIFETIME)
        return secret

    def find(self, secret: str, now: datetime) -> AccessToken | None:
        with self._lock:
            token = self._tokens.get(secret)
        return token if token and token.expires_at > now else None

    def revoke_all(self) -> None:
        with self._lock:
            self._tokens.clear()
