"""How many certificates the next 90 days may bring: an estimate that anybody can follow with pencil and paper.

Whoever passed a module within the last 90 days is taken to go on as all of them did on average. Whoever needs no more
steps than that is done in another 90 days. The two halves of the time give two paces, the slower one and the faster
one; rounded down and up they give the range. Nothing is known or asked about any single person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, floor

from lti_tool.domain.statistics import FEWEST_PEOPLE

WINDOW = timedelta(days=90)
"""How far it looks back, and how far ahead."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What happened on one way within the last 90 days.

    Attributes:
        people: how many passed at least one of its modules.
        earlier, later: modules passed in the first and in the second half of the time.
        goes_back: whether modules were passed here before that time, too.
    """

    people: int
    earlier: int
    later: int
    goes_back: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """So many certificates, at least and at most."""

    fewest: int
    most: int


def forecast(pace: Pace, missing: Mapping[int, int]) -> Forecast | None:
    """Estimate the certificates of the next 90 days; None where too few have gone on, or too short a time.

    Args:
        pace: what happened.
        missing: number of missing steps -> how many of the people who went on need so many; who is done is left out.
    """
    if pace.people < FEWEST_PEOPLE or not pace.goes_back:
        return None
    slower, faster = sorted((pace.earlier, pace.later))
    few, many = floor(2 * slower / pace.people), ceil(2 * faster / pace.people)
    return Forecast(
        fewest=sum(people for steps, people in missing.items() if 0 < steps <= few),
        most=sum(people for steps, people in missing.items() if 0 < steps <= many),
    )
