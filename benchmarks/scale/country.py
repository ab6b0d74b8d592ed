"""Who lives in the country: towns by Zipf's law, courses of forty, five modules and twelve attempts a head."""

from __future__ import annotations

from dataclasses import dataclass

TOWNS, LEARNERS = 10_800, 1_600_000
COURSE = 40
MODULES_EACH = 5
"""Modules a learner takes; 2.5 attempts at each in the mean make 20 million attempts."""
FIRST_TOWN = 1000
"""Numbers of registrations begin here; lower ones are left to what the tool makes itself."""


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality.

    Attributes:
        first: number of its first learner in the country.
        first_course: number of its first course in the country.
    """

    number: int
    learners: int
    first: int
    first_course: int

    @property
    def courses(self) -> int:
        return -(-self.learners // COURSE)


def towns(share: float) -> list[Town]:
    """Return the towns of a country of this share of Germany: the k-th largest has 1/k of the largest's learners."""
    count, learners = max(1, round(TOWNS * share)), max(1, round(LEARNERS * share))
    scale = learners / sum(1 / rank for rank in range(1, count + 1))
    found: list[Town] = []
    first = course = 0
    for rank in range(1, count + 1):
        size = max(1, round(scale / rank))
        found.append(Town(FIRST_TOWN + rank - 1, size, first, course))
        first, course = first + size, course + found[-1].courses
    return found


def uuid(kind: int, number: int, milliseconds: int = 0x19A_0000_0000) -> str:
    """Return a UUIDv7 as text: the time, a digit that keeps kinds apart, a number."""
    return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7000-8{kind:03x}-{number:012x}"


USER, CONTEXT, LINK, COLUMN, ATTEMPT, SESSION = range(1, 7)
