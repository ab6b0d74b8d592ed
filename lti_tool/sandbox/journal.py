from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One message exchanged with the tool; tokens and signatures are never part of it."""

    at: datetime
    direction: str
    title: str
    body: Mapping[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False, indent=2)


class Journal:
    """The last messages, for people who integrate; in memory only."""

    def __init__(self, size: int = 200) -> None:
        self._messages: deque[Message] = deque(maxlen=size)
        self._lock = threading.Lock()

    def sent(self, at: datetime, title: str, body: Mapping[str, Any]) -> None:
        self._note(Message(at, "LMS → Werkzeug", title, body))

    def received(self, at: datetime, title: str, body: Mapping[str, Any]) -> None:
        self._note(Message(at, "Werkzeug → LMS", title, body))

    def newest_first(self) -> list[Message]:
        with self._lock:
            return list(reversed(self._messages))

    def clear(self) -> None:
        with self._lock:
            self._messages.clear()

    def _note(self, message: Message) -> None:
        with self._lock:
            self._messages.append(message)
