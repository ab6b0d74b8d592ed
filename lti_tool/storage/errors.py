"""What an object store can say instead of doing as told."""

from __future__ import annotations

import errno
from enum import StrEnum


class Fault(StrEnum):
    """Why it did not work, as far as it can be told."""

    AWAY = "away"
    """No answer, not in time, or "later"."""
    TLS = "tls"
    KEYS = "keys"
    RIGHTS = "rights"
    BUCKET = "bucket"
    CLOCK = "clock"
    REGION = "region"
    FULL = "full"
    DAMAGED = "damaged"
    """What arrived is not what was sent."""
    TOO_LARGE = "too_large"
    ODD = "odd"
    """An answer that no such store gives."""


PASSING = frozenset({Fault.AWAY, Fault.DAMAGED})
"""What another try may mend; every call may be repeated."""


class StoreFailed(OSError):  # noqa: N818 -- named like the other failures of what is called outside
    """The store did not do as told. That it has no such object is a FileNotFoundError, as with a folder."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(errno.ENOSPC if fault is Fault.FULL else errno.EIO, f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
