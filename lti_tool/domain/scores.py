"""Scores we send and results the platform holds (AGS 2.0, sections 3.4 and 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Delivery(StrEnum):
    """Where a person's grade is on its way into the LMS."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Submission:
    """When the attempt that counts was begun and handed in (AGS 2.0, 3.4)."""

    started_at: datetime
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """A final score: always `Completed` and `FullyGraded`, as anything else erases the grade in Moodle and ILIAS.

    Attributes:
        subject: the platform's id of the learner.
        given: points, 0 <= given <= maximum.
        timestamp: aware, whole seconds, strictly later than any earlier one of this learner and column.
        comment: plain text for the learner; Moodle replaces the earlier one, an empty one takes it away.
    """

    subject: str
    given: Decimal
    maximum: Decimal
    timestamp: datetime
    comment: str = ""
    submission: Submission | None = None

    def __post_init__(self) -> None:
        """Refuse what no platform must ever see (row G24)."""
        if not (self.given.is_finite() and self.maximum.is_finite() and 0 <= self.given <= self.maximum > 0):
            raise ValueError(f"not a score: {self.given} of {self.maximum}")
        if self.timestamp.tzinfo is None or self.timestamp.microsecond:
            raise ValueError("a score's timestamp has a time zone and whole seconds")


@dataclass(frozen=True, slots=True)
class Result:
    """What the platform's gradebook holds for one person and column."""

    given: Decimal | None
    maximum: Decimal | None

    def agrees_with(self, given: Decimal, maximum: Decimal) -> bool:
        """Same share of the maximum, as platforms rescale to their column (to a hundredth of a point in 100)."""
        if self.given is None or not self.maximum:
            return False
        return abs(self.given / self.maximum - given / maximum) < Decimal("0.0001")
