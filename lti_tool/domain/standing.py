"""How far a person is in a course, in the only words that others may read: finished, begun, open."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from uuid import UUID

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that are not mistaken for one another."""
_LENGTH = 6


class Standing(StrEnum):
    """A person's standing in one module, or in all modules of a course together."""

    FINISHED = "finished"
    BEGUN = "begun"
    OPEN = "open"


def standing_in_course(*, begun: int, passed: int, gradable: int) -> Standing:
    """Return the standing over all modules of a course.

    Args:
        begun: modules with any trace.
        passed: modules passed.
        gradable: modules that can be passed at all; without one nobody is ever finished.
    """
    if gradable and passed >= gradable:
        return Standing.FINISHED
    return Standing.BEGUN if begun else Standing.OPEN


def pseudonym(context_id: UUID, subject: str) -> str:
    """Return a name such as "7K4-MQ2": always the same for one person in one course, and of no meaning elsewhere."""
    number = int.from_bytes(hashlib.sha256(context_id.bytes + subject.encode()).digest()[:4])
    signs = "".join(_LETTERS[number >> 5 * place & 31] for place in range(_LENGTH))
    return f"{signs[:3]}-{signs[3:]}"
