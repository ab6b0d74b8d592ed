"""Numbers about people that may be shown: none of fewer than five, and none exact.

Every number is rounded by itself to a multiple of five, and a sum is only the sum of what is shown. So no subtraction,
not even from a number known from elsewhere, tells that a hidden group is one, two or three people; one person more or
less seldom changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from lti_tool.domain.statistics import FEWEST_PEOPLE

STEP = 5


def published(people: int) -> int | None:
    """Return a number of people as it may be shown, None for nobody and for fewer than five."""
    return None if people < FEWEST_PEOPLE else (people + STEP // 2) // STEP * STEP


def published_sum(groups: Iterable[int]) -> int:
    """Return how many people are in groups together, without those in hidden ones; 0 if all are hidden."""
    return sum(published(people) or 0 for people in groups)
