"""What a certificate asks for as bits of one number, so that a database can say of thousands how far they are.

The rule itself is `domain.certification.route`; a number says as much as its done stations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.domain.certification import Completion, own_dates

MOST_STEPS = 60
"""Databases count with 64 bits."""
QUARTERS = 4
"""Stage 4, all of the way, follows four quarters: 0 to 3."""


class Ahead(StrEnum):
    """What comes after the required modules."""

    ELECTIVE = "elective"
    CAPSTONE = "capstone"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of one certification.

    Attributes:
        modules: module id -> bit, in the order they are best learned; modules that are only announced have none.
        required, electives: the bits of those.
        capstone: the bit of the final work, 0 without one or while it is only announced.
        live: the bit of enough time in live dates, 0 where none is asked for.
        certificate: the bit of who holds the certificate; by whichever rule it was earned, it is.
        steps: what has to be passed in all.
    """

    certification: Certification
    modules: Mapping[str, int]
    required: int
    electives: int
    capstone: int
    live: int
    certificate: int
    steps: int

    @property
    def can_be_done(self) -> bool:
        """Whether everything it asks for has appeared."""
        return self.steps_done(self.certificate - 1) == self.steps

    def steps_done(self, marks: int) -> int:
        """Return how many steps count."""
        if marks & self.certificate:
            return self.steps
        electives = min((marks & self.electives).bit_count(), self.certification.electives_needed)
        return (marks & (self.required | self.capstone | self.live)).bit_count() + electives

    def stage(self, marks: int) -> int:
        """Return in which quarter of the way somebody is, 0 to 3; 4 for who has done it all."""
        return QUARTERS * self.steps_done(marks) // self.steps if self.steps else QUARTERS

    def ahead(self, marks: int) -> str | Ahead | None:
        """Return the module that comes next, or what comes next; None if nothing is left that can be learned today."""
        if marks & self.certificate:
            return None
        for module_id in self.certification.required:
            bit = self.modules.get(module_id, 0)
            if bit & ~marks:
                return module_id
        chosen = (marks & self.electives).bit_count()
        if chosen < self.certification.electives_needed and self.electives & ~marks:
            return Ahead.ELECTIVE
        if self.capstone & ~marks:
            return Ahead.CAPSTONE
        return Ahead.LIVE if self.live & ~marks else None

    def completions(self, marks: int) -> Mapping[str, Completion]:
        """Return what was reached, as `route` asks for it."""
        final = self.certification.capstone
        final_done = final is not None and bool(marks & self.capstone)
        done = {module_id: Completion(passed=True) for module_id, bit in self.modules.items() if marks & bit}
        if final and final_done:
            passed = done.get(final.module, Completion()).passed
            done[final.module] = Completion(passed=passed, assignment_share=Fraction(1))
        if marks & self.live:
            done[own_dates(self.certification.id)] = Completion(live_minutes=self.certification.live_minutes)
        return done


def checklist(certification: Certification, catalogue: Catalogue) -> Checklist:
    """Number the steps of a certification.

    Raises:
        ValueError: it has more than 60.
    """
    bits = _bits()
    modules = {module_id: next(bits) for module_id in certification.module_ids if module_id in catalogue.modules}
    final = catalogue.modules.get(certification.capstone.module) if certification.capstone else None
    if len(modules) > MOST_STEPS:
        raise ValueError(f"{certification.id} has more than {MOST_STEPS} modules")
    return Checklist(
        certification=certification,
        modules=modules,
        required=sum(modules.get(module_id, 0) for module_id in certification.required),
        electives=sum(modules.get(module_id, 0) for module_id in certification.electives),
        capstone=next(bits) if final and final.assignment else 0,
        live=next(bits) if certification.live_minutes else 0,
        certificate=next(bits),
        steps=len(certification.required)
        + certification.electives_needed
        + (certification.capstone is not None)
        + bool(certification.live_minutes),
    )


def _bits() -> Iterator[int]:
    bit = 1
    while True:
        yield bit
        bit <<= 1
