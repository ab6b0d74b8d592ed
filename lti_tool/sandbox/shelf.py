from __future__ import annotations

import threading
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from lti_tool.sandbox.records import Records

T = TypeVar("T")


class Shelf(Generic[T]):
    """All things of one kind by key: read from memory, each change written through to the records."""

    def __init__(self, kind: str, shape: type[T], records: Records, lock: threading.RLock) -> None:
        self._kind = kind
        self._adapter: TypeAdapter[T] = TypeAdapter(shape)
        self._records = records
        self._lock = lock
        self._things = {key: self._adapter.validate_json(body) for key, body in records.load(kind)}

    def __len__(self) -> int:
        return len(self._things)

    def get(self, key: str | None) -> T | None:
        with self._lock:
            return self._things.get(key) if key is not None else None

    def all(self) -> list[T]:
        """Return a copy in the order of arrival, safe to walk while others write."""
        with self._lock:
            return list(self._things.values())

    def put(self, key: str, thing: T) -> None:
        with self._lock:
            self._records.put(self._kind, key, self._adapter.dump_json(thing).decode())
            self._things[key] = thing

    def drop(self, key: str) -> None:
        with self._lock:
            self._records.drop(self._kind, key)
            self._things.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            for key in list(self._things):
                self.drop(key)
