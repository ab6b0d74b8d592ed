"""Numbers about people that may be shown: none of fewer than five, and none exact.

Every number is rounded by itself to a multiple of five. So neither a sum nor the difference of two tables says how many
there are in a group too small to be shown, and one person more or less seldom changes anything.
"""

from __future__ import annotations

from lti_tool.domain.statistics import FEWEST_PEOPLE

STEP = 5


def published(people: int) -> int | None:
    """Return a number of people as it may be shown, None for nobody and for fewer than five."""
    return None if people < FEWEST_PEOPLE else (people + STEP // 2) // STEP * STEP
