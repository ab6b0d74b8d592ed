from __future__ import annotations

import threading
from datetime import datetime


class Once:
    """Remembers values that may be used a single time, until they expire anyway."""

    def __init__(self) -> None:
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def burn(self, value: str, *, until: datetime, now: datetime) -> bool:
        """Return True the first time a value is seen, False each time after."""
        with self._lock:
            self._used = {seen: end for seen, end in self._used.items() if end > now}
            if value in self._used:
                return False
            self._used[value] = until
            return True
