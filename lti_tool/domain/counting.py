"""Which of a person's attempts counts: the best, the last, or the average of all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from lti_tool.curriculum.questions import Counts
from lti_tool.domain.grading import round_points


class Graded(Protocol):
    """An attempt with its final points."""

    @property
    def points(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal: ...


_A = TypeVar("_A", bound=Graded)


def attempt_that_counts(attempts: Sequence[_A], counts: Counts) -> _A | None:
    """Return the attempt that stands for the result, of attempts that are finally graded, oldest first.

    Of equally good attempts the first counts; for an average the last one stands for all.
    """
    if not attempts:
        return None
    if counts is Counts.BEST:
        return max(attempts, key=share_of)
    return attempts[-1]


def points_that_count(attempts: Sequence[Graded], counts: Counts) -> Decimal | None:
    """Return the points that count, on the scale of the attempt that stands for them; None before the first one."""
    chosen = attempt_that_counts(attempts, counts)
    if chosen is None or counts is not Counts.AVERAGE:
        return chosen.points if chosen else None
    average = sum((share_of(attempt) for attempt in attempts), Fraction(0)) / len(attempts)
    return round_points(average * Fraction(chosen.maximum))


def share_of(attempt: Graded) -> Fraction:
    """Return points over maximum, exactly."""
    return Fraction(attempt.points) / Fraction(attempt.maximum)
