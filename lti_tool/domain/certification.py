"""How far a person is on the way to a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

from lti_tool.curriculum.model import Capstone, Catalogue, Certification, Module, PlannedModule

FULL_WAY = Decimal(100)
"""A way's grade is its percentage."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Why a module that was passed elsewhere counts here.

    Attributes:
        reason: what an instructor wrote.
        origin: the town it was passed in, for one that counts because of a transcript; then there is no reason.
    """

    since: datetime
    reason: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One submitted attempt at a module's quiz, with its share of the points; `passed` by the quiz's own mark."""

    at: datetime
    share: Fraction
    passed: bool


@dataclass(frozen=True, slots=True)
class Completion:
    """What one person has reached in one module.

    Attributes:
        pages_read: how many of the module's required pages were opened.
        best_share: share of the points in the best submitted attempt, 0 to 1; None before the first one.
        assignment_share: share of the points of the module's assignment, likewise; None until it is marked.
        live_minutes: time attended in live dates about it.
        passed: the module was passed by the rules of its day, which no later rule takes back.
        credit: why it counts although it was passed elsewhere; None for one that was not.
        tries: every submitted attempt at the quiz, in any order.
    """

    pages_read: int = 0
    best_share: Fraction | None = None
    assignment_share: Fraction | None = None
    passed: bool = False
    credit: Credit | None = None
    tries: tuple[Try, ...] = ()
    live_minutes: int = 0


class StationState(StrEnum):
    """Where a person stands with one module."""

    DONE = "done"
    BEGUN = "begun"
    OPEN = "open"
    PLANNED = "planned"
    """The module is announced but not written yet."""


@dataclass(frozen=True, slots=True)
class Station:
    """One module on the way; or, with `capstone`, the final piece of work, which is that module's assignment.

    Attributes:
        share: share of the points in the best attempt; None before the first one.
        credit: why it counts although it was passed elsewhere; None for a module that was passed here.
        language: of the title.
    """

    module_id: str
    title: str
    minutes: int
    state: StationState
    elective: bool = False
    capstone: bool = False
    share: Fraction | None = None
    credit: Credit | None = None
    language: str = "de"


@dataclass(frozen=True, slots=True)
class LiveTime:
    """Minutes attended in live dates of a certification and of its modules, and minutes that it asks for."""

    attended: int
    needed: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.attended)

    @property
    def percent(self) -> Decimal:
        """The share in hundredths, rounded down: 100 means that enough was attended."""
        exact = FULL_WAY * min(self.attended, self.needed) / self.needed
        return exact.quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one certificate.

    Attributes:
        capstone: the final piece of work, if the certificate asks for one.
        done: passed modules that count: all required ones, electives up to the number needed.
        needed: modules that must be passed in all.
        live: the time in live dates, if the certificate asks for any.
        minutes_missing: learning time of what is missing; for open electives, of the shortest ones.
        next: what to learn next: something begun first; None if nothing is left that can be learned today.
    """

    certification: Certification
    stations: tuple[Station, ...]
    done: int
    needed: int
    minutes_missing: int
    next: Station | None
    capstone: Station | None = None
    live: LiveTime | None = None

    @property
    def earned(self) -> bool:
        """Whether every module that is needed is passed, and the final piece of work, and enough dates attended."""
        return self.steps_done == self.steps

    @property
    def steps(self) -> int:
        """What has to be done in all: modules, the final piece of work, and all of the live time as one step."""
        return self.needed + (self.capstone is not None) + (self.live is not None)

    @property
    def share(self) -> Fraction:
        """How much of the way is done, 0 to 1; it never falls as somebody goes on."""
        return Fraction(self.steps_done, self.steps) if self.steps else Fraction(1)

    @property
    def percent(self) -> Decimal:
        """The share in hundredths, rounded down: 100 means earned."""
        exact = FULL_WAY * self.share.numerator / self.share.denominator
        return exact.quantize(Decimal("0.01"), rounding=ROUND_FLOOR)

    @property
    def steps_done(self) -> int:
        final = self.capstone is not None and self.capstone.state is StationState.DONE
        return self.done + final + (self.live is not None and not self.live.missing)


def own_dates(certification_id: str) -> str:
    """Return under what a person's time in dates of the certification itself stands among the completions.

    Ids hold no colon, so no module is called like that.
    """
    return f"certification:{certification_id}"


def route(certification: Certification, catalogue: Catalogue, completions: Mapping[str, Completion]) -> Route:
    """Lay out the way to a certificate for one person.

    Args:
        certification: the rule; the checker has made sure that the catalogue knows its modules.
        catalogue: the modules, written and planned.
        completions: module id, or `own_dates` -> what was reached; modules left out were never opened.
    """
    stations = tuple(
        _station(catalogue, module_id, certification, completions.get(module_id, Completion()))
        for module_id in certification.module_ids
    )
    capstone = _capstone(catalogue, certification.capstone, completions) if certification.capstone else None
    live = live_time(certification, {subject: one.live_minutes for subject, one in completions.items()})
    last = [capstone] if capstone and capstone.state is not StationState.DONE else []
    missing = [station for station in stations if not station.elective and station.state is not StationState.DONE]
    electives = [station for station in stations if station.elective]
    electives_open = [station for station in electives if station.state is not StationState.DONE]
    electives_missing = max(0, certification.electives_needed - (len(electives) - len(electives_open)))
    shortest = sorted(station.minutes for station in electives_open)[:electives_missing]
    needed = len(certification.required) + certification.electives_needed
    return Route(
        certification=certification,
        stations=stations,
        done=needed - len(missing) - electives_missing,
        needed=needed,
        minutes_missing=sum(station.minutes for station in missing + last)
        + sum(shortest)
        + (live.missing if live else 0),
        next=_next(missing + (electives_open if electives_missing else [])) or _next(last),
        capstone=capstone,
        live=live,
    )


def live_time(certification: Certification, attended: Mapping[str, int]) -> LiveTime | None:
    """Return the time in dates that counts, of minutes by module id or `own_dates`; None where none is asked for.

    Dates count whichever of the certification's modules they were about, the final work's included.
    """
    if not certification.live_minutes:
        return None
    subjects = {*certification.module_ids, own_dates(certification.id)}
    if certification.capstone:
        subjects.add(certification.capstone.module)
    return LiveTime(sum(attended.get(subject, 0) for subject in subjects), certification.live_minutes)


def is_passed(module: Module, completion: Completion, pass_share: Fraction) -> bool:
    """Tell whether a module counts as passed: by its quiz, or by reading all of it where it has none."""
    if completion.passed:
        return True
    if module.quiz is None:
        return completion.pages_read >= len(module.required_pages)
    return completion.best_share is not None and completion.best_share >= pass_share


def _station(catalogue: Catalogue, module_id: str, certification: Certification, completion: Completion) -> Station:
    module = catalogue.modules.get(module_id) or catalogue.planned[module_id]
    return Station(
        module_id=module_id,
        title=module.title,
        minutes=module.minutes,
        state=_state(module, completion, certification.pass_share),
        elective=module_id in certification.electives,
        share=completion.best_share,
        credit=completion.credit,
        language=module.language,
    )


def _state(module: Module | PlannedModule, completion: Completion, pass_share: Fraction) -> StationState:
    if isinstance(module, PlannedModule):
        return StationState.PLANNED
    if is_passed(module, completion, pass_share):
        return StationState.DONE
    begun = completion.pages_read > 0 or completion.best_share is not None
    return StationState.BEGUN if begun else StationState.OPEN


def _capstone(catalogue: Catalogue, capstone: Capstone, completions: Mapping[str, Completion]) -> Station:
    module = catalogue.modules.get(capstone.module)
    if module is None or module.assignment is None:
        planned = module or catalogue.planned[capstone.module]
        return Station(planned.id, planned.title, 0, StationState.PLANNED, capstone=True, language=planned.language)
    share = completions.get(module.id, Completion()).assignment_share
    state = StationState.OPEN if share is None else StationState.BEGUN
    if share is not None and share >= capstone.pass_share:
        state = StationState.DONE
    work = module.assignment
    return Station(
        module.id, work.title, work.minutes or 0, state, capstone=True, share=share, language=module.language
    )


def _next(missing: list[Station]) -> Station | None:
    for state in (StationState.BEGUN, StationState.OPEN):
        for station in missing:
            if station.state is state:
                return station
    return None
