"""How far many people are on one way: in numbers, never one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lti_tool.domain.checklist import QUARTERS, Ahead, Checklist
from lti_tool.domain.forecast import Pace

_STAGES = QUARTERS + 1


@dataclass(frozen=True, slots=True)
class Alike:
    """People who have passed the same, and of whom all or none went on lately.

    Attributes:
        marks: what they have passed, as the bits of a `Checklist`.
        earlier, later: modules they passed in the two halves of the last 90 days.
        before: modules they passed before that.
    """

    marks: int
    people: int
    earlier: int = 0
    later: int = 0
    before: int = 0

    @property
    def went_on(self) -> bool:
        return self.earlier + self.later > 0


@dataclass(frozen=True, slots=True)
class WayFigures:
    """Exact numbers; what of them may be shown, `domain.disclosure` says.

    Attributes:
        stages: people in each quarter of the way, and last those who have done it all.
        certificates: how many hold the certificate.
        ahead: what is next for how many, most people first; in the order of the way where it is equally many.
        missing: number of missing steps -> people who went on within the last 90 days and need so many.
    """

    people: int
    stages: Sequence[int]
    certificates: int
    ahead: Sequence[tuple[str | Ahead, int]]
    pace: Pace
    missing: dict[int, int]


def way_figures(checklist: Checklist, everybody: Iterable[Alike]) -> WayFigures:
    """Count people by what they have passed."""
    stages, ahead, missing = [0] * _STAGES, Counter[str | Ahead](), Counter[int]()
    certificates = went_on = earlier = later = before = people = 0
    for alike in everybody:
        people += alike.people
        stages[checklist.stage(alike.marks)] += alike.people
        certificates += alike.people if alike.marks & checklist.certificate else 0
        before += alike.before
        earlier += alike.earlier
        later += alike.later
        if step := checklist.ahead(alike.marks):
            ahead[step] += alike.people
        if alike.went_on:
            went_on += alike.people
            missing[checklist.steps - checklist.steps_done(alike.marks)] += alike.people
    order = [*checklist.certification.required, Ahead.ELECTIVE, Ahead.CAPSTONE, Ahead.LIVE]
    return WayFigures(
        people=people,
        stages=tuple(stages),
        certificates=certificates,
        ahead=sorted(ahead.items(), key=lambda one: (-one[1], order.index(one[0]))),
        pace=Pace(went_on, earlier, later, goes_back=before > 0),
        missing={steps: number for steps, number in missing.items() if steps},
    )
