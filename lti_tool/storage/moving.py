"""One file on its way from a store to another: nothing is deleted before the copy was read and is right."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256

from lti_tool.storage.both import Store
from lti_tool.storage.errors import Fault, StoreFailed


class Outcome(StrEnum):
    """What came of it."""

    MOVED = "moved"
    THERE_ALREADY = "there_already"
    GONE = "gone"
    """Replaced or erased meanwhile."""
    LOST = "lost"
    """Neither store has it whole."""


class FileMove:
    """Moves files while they are handed in, replaced and erased; each may be repeated.

    `still_known` says whether the database knows a key at this moment. Whoever erases a file takes its row first and
    deletes it in both stores afterwards, so a copy that is made before that question is either wanted or taken along.
    """

    def __init__(self, source: Store, target: Store, still_known: Callable[[str], bool]) -> None:
        self._source = source
        self._target = target
        self._still_known = still_known

    def __call__(self, key: str, digest: str) -> Outcome:
        """Move a file whose SHA-256 is known.

        Raises:
            OSError: a store is away, refuses or is full; the file stays where it is.
        """
        data = _whole(self._source, key, digest)
        if data is None:
            if _whole(self._target, key, digest) is not None:
                return Outcome.THERE_ALREADY
            return Outcome.LOST if self._still_known(key) else Outcome.GONE
        self._target.put(key, data)
        if _whole(self._target, key, digest) is None:
            raise StoreFailed(Fault.DAMAGED, "the copy is not what was sent")
        if not self._still_known(key):
            self._target.delete(key)
            return Outcome.GONE
        self._source.delete(key)
        return Outcome.MOVED


def _whole(store: Store, key: str, digest: str) -> bytes | None:
    try:
        data = store.get(key)
    except FileNotFoundError:
        return None
    return data if sha256(data).hexdigest() == digest else None
