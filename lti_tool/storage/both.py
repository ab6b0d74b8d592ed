"""Two stores while files move from one to the other."""

from __future__ import annotations

from typing import Protocol


class Store(Protocol):
    """The same as `services.ports.FileStore`, which this room does not know."""

    def put(self, key: str, data: bytes) -> None: ...

    def get(self, key: str) -> bytes: ...

    def delete(self, key: str) -> None: ...


class BothStores:
    """Fits `services.ports.FileStore`: what is new goes into the first, what is asked for may lie in either."""

    def __init__(self, first: Store, second: Store) -> None:
        self._first = first
        self._second = second

    def put(self, key: str, data: bytes) -> None:
        """Store bytes in the first store."""
        self._first.put(key, data)

    def get(self, key: str) -> bytes:
        """Return the bytes from wherever they lie; a file on its way lies in both for a moment.

        Raises:
            OSError: neither has them, or the first is away.
        """
        try:
            return self._first.get(key)
        except FileNotFoundError:
            pass
        try:
            return self._second.get(key)
        except FileNotFoundError:
            return self._first.get(key)  # it moved between the two questions

    def delete(self, key: str) -> None:
        """Delete the bytes in both stores."""
        self._first.delete(key)
        self._second.delete(key)
