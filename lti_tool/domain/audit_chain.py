"""The chain over the audit log: changing or deleting an entry breaks every digest after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""Stands before the first link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEntry:
    """What a digest covers of an entry: all of it."""

    id: int
    at: datetime
    actor: str
    action: str
    registration_id: int | None
    subject: str
    detail: Mapping[str, Any]

    def canonical(self) -> str:
        """Return the one way in which this entry is written."""
        fields = [
            *(self.id, self.at.astimezone(UTC).isoformat(timespec="microseconds"), self.actor, self.action),
            *(self.registration_id, self.subject, self.detail),
        ]
        return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def link_digest(previous: str, entry: ChainedEntry) -> str:
    """Return the SHA-256 of the digest before and the entry."""
    return hashlib.sha256(f"{previous}\n{entry.canonical()}".encode()).hexdigest()
