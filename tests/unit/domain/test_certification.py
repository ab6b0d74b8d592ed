from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.curriculum.model import Capstone, Catalogue, Certification, Module, Page, PlannedModule, Quiz
from lti_tool.domain.certification import (
    Completion,
    LiveTime,
    Route,
    StationState,
    is_passed,
    own_dates,
    route,
)
from lti_tool.domain.proofs import participation_offer

DAY = date(2026, 1, 1)
PASSED, FAILED, READING = Completion(2, Fraction(3, 5)), Completion(2, Fraction(59, 100)), Completion(1)


WORK = Quiz(questions=(), title="Abschlussarbeit", minutes=240)


def module(name: str, minutes: int, *, quiz: bool = True, assignment: Quiz | None = None) -> Module:
    pages = [Page(slug=slug, title=slug, minutes=1, html="", stand=DAY, required=slug != "c") for slug in "abc"]
    return Module(
        id=name,
        title=name.upper(),
        summary="",
        summary_easy="",
        minutes=minutes,
        objectives=(),
        competences={},
        provider="",
        authors=(),
        licence="",
        stand=DAY,
        review_due=DAY,
        pages=tuple(pages),
        version="v",
        quiz=Quiz(questions=()) if quiz else None,
        assignment=assignment,
    )


CATALOGUE = Catalogue(
    modules={
        name: module(name, minutes) for name, minutes in (("r1", 60), ("r2", 90), ("e1", 120), ("e2", 30), ("e3", 45))
    }
    | {"c1": module("c1", 15, assignment=WORK)},
    planned={"p1": PlannedModule(id="p1", title="P1", minutes=100)},
    certifications={},
)
RULE = Certification(
    id="x",
    title="X",
    summary="",
    issuer="",
    rule="",
    required=("r1", "r2"),
    electives=("e1", "e2", "e3"),
    electives_needed=2,
)


def laid_out(certification: Certification = RULE, **completions: Completion) -> Route:
    return route(certification, CATALOGUE, completions)


def test_the_stations_come_in_the_rules_order_with_their_state() -> None:
    laid = laid_out(r1=PASSED, r2=FAILED, e1=READING)
    assert [(s.module_id, s.title, s.minutes, s.state, s.elective) for s in laid.stations] == [
        ("r1", "R1", 60, StationState.DONE, False),
        ("r2", "R2", 90, StationState.BEGUN, False),
        ("e1", "E1", 120, StationState.BEGUN, True),
        ("e2", "E2", 30, StationState.OPEN, True),
        ("e3", "E3", 45, StationState.OPEN, True),
    ]


def test_the_way_counts_what_is_done_and_what_is_missing() -> None:
    laid = laid_out(r1=PASSED, e1=PASSED)
    assert (laid.done, laid.needed, laid.earned) == (2, 4, False)
    assert laid.minutes_missing == 90 + 30


def test_for_missing_electives_the_shortest_count() -> None:
    assert laid_out().minutes_missing == 60 + 90 + 30 + 45


def test_more_electives_than_needed_do_not_stand_in_for_a_required_module() -> None:
    laid = laid_out(r1=PASSED, e1=PASSED, e2=PASSED, e3=PASSED)
    assert (laid.done, laid.needed, laid.earned, laid.minutes_missing) == (3, 4, False, 90)


def test_the_certificate_is_earned_when_the_rule_is_met() -> None:
    laid = laid_out(r1=PASSED, r2=PASSED, e2=PASSED, e3=PASSED)
    assert laid.earned
    assert (laid.minutes_missing, laid.next) == (0, None)


@pytest.mark.parametrize(
    ("completions", "expected"),
    [
        ({}, "r1"),
        ({"r2": READING}, "r2"),
        ({"r1": PASSED}, "r2"),
        ({"e3": READING}, "e3"),
        ({"r1": PASSED, "r2": PASSED}, "e1"),
        ({"r1": PASSED, "e1": PASSED, "e2": PASSED, "e3": READING}, "r2"),
    ],
)
def test_what_is_begun_comes_next_then_the_first_that_is_missing(
    completions: dict[str, Completion], expected: str
) -> None:
    following = laid_out(**completions).next
    assert following is not None
    assert following.module_id == expected


def test_a_module_in_preparation_counts_as_missing_and_is_never_next() -> None:
    laid = laid_out(replace(RULE, required=("p1",), electives=(), electives_needed=0))
    assert [station.state for station in laid.stations] == [StationState.PLANNED]
    assert (laid.done, laid.needed, laid.minutes_missing, laid.next, laid.earned) == (0, 1, 100, None, False)


def test_the_certifications_own_pass_mark_decides() -> None:
    strict = replace(RULE, pass_share=Fraction(7, 10))
    assert laid_out(strict, r1=PASSED).done == 0
    assert laid_out(strict, r1=Completion(0, Fraction(7, 10))).done == 1


def test_a_module_without_a_quiz_is_passed_by_reading_all_required_pages() -> None:
    reading = module("m", 1, quiz=False)
    assert not is_passed(reading, Completion(1), Fraction(3, 5))
    assert is_passed(reading, Completion(2), Fraction(3, 5))


WITH_CAPSTONE = replace(RULE, capstone=Capstone(module="c1"))
ALL_MODULES = {"r1": PASSED, "r2": PASSED, "e2": PASSED, "e3": PASSED}


@pytest.mark.parametrize(
    ("share", "state", "earned"),
    [
        (None, StationState.OPEN, False),
        (Fraction(59, 100), StationState.BEGUN, False),
        (Fraction(3, 5), StationState.DONE, True),
    ],
)
def test_the_capstone_must_be_passed_besides_the_modules(
    share: Fraction | None, state: StationState, earned: bool
) -> None:
    laid = laid_out(WITH_CAPSTONE, **ALL_MODULES, c1=Completion(assignment_share=share))
    assert laid.capstone is not None
    assert (laid.capstone.title, laid.capstone.state, laid.capstone.capstone) == ("Abschlussarbeit", state, True)
    assert (laid.done, laid.needed, laid.earned) == (4, 4, earned)
    assert laid.minutes_missing == (0 if earned else 240)


def test_the_capstone_comes_last() -> None:
    assert laid_out(WITH_CAPSTONE).next == laid_out().next
    assert laid_out(WITH_CAPSTONE, **ALL_MODULES).next == laid_out(WITH_CAPSTONE).capstone


def test_the_capstone_alone_earns_nothing() -> None:
    laid = laid_out(WITH_CAPSTONE, c1=Completion(assignment_share=Fraction(1)))
    assert (laid.done, laid.earned) == (0, False)


@pytest.mark.parametrize("where", ["p1", "r1"])
def test_a_capstone_that_is_not_written_yet_is_in_preparation(where: str) -> None:
    laid = laid_out(replace(RULE, capstone=Capstone(module=where)), **ALL_MODULES)
    assert laid.capstone is not None
    assert (laid.capstone.state, laid.next, laid.earned) == (StationState.PLANNED, None, False)


@pytest.mark.parametrize(("pages", "missing"), [(0, 1), (1, 0), (2, 0)])
def test_participation_is_proved_by_half_of_the_required_pages_where_no_certification_asks(
    pages: int, missing: int
) -> None:
    assert participation_offer(module("m", 1), CATALOGUE, Completion(pages)).missing == missing


def test_participation_is_proved_by_the_least_share_that_a_certification_with_the_module_asks_for() -> None:
    strict, stricter = (
        replace(RULE, id=name, participation_share=share) for name, share in (("a", Fraction(3, 4)), ("b", Fraction(1)))
    )
    other = replace(RULE, id="c", required=("r2",), electives=(), participation_share=Fraction(0))
    catalogue = replace(CATALOGUE, certifications={one.id: one for one in (strict, stricter, other)})
    offer = participation_offer(catalogue.modules["r1"], catalogue, Completion(1))
    assert (offer.missing, "75" in offer.facts.criteria) == (1, True)


def test_dates_of_the_certification_and_of_its_modules_count_together_to_the_minute() -> None:
    live = replace(WITH_CAPSTONE, live_minutes=180)
    reached = {"r1": Completion(live_minutes=90), "c1": Completion(live_minutes=45), "c2": Completion(live_minutes=600)}
    almost = route(live, CATALOGUE, {**reached, own_dates("x"): Completion(live_minutes=44)})
    assert almost.live == LiveTime(attended=179, needed=180)
    assert (almost.steps, almost.steps_done) == (6, 0)
    enough = route(live, CATALOGUE, {**reached, own_dates("x"): Completion(live_minutes=45)})
    assert (enough.steps_done, almost.minutes_missing - enough.minutes_missing) == (1, 1)


def test_without_its_live_time_a_certificate_is_not_earned() -> None:
    live = replace(RULE, live_minutes=60)
    missing = laid_out(live, **ALL_MODULES)
    assert (missing.earned, missing.minutes_missing, missing.percent) == (False, 60, 80)
    assert laid_out(live, **ALL_MODULES | {"r1": replace(PASSED, live_minutes=60)}).earned


shares = st.none() | st.fractions(0, 1, max_denominator=20)
completed = st.builds(Completion, st.integers(0, 3), shares, shares)


def at_least(before: Completion, more: Completion) -> Completion:
    """What a person has reached who has reached both."""

    def better(one: Fraction | None, other: Fraction | None) -> Fraction | None:
        return max((share for share in (one, other) if share is not None), default=None)

    return Completion(
        max(before.pages_read, more.pages_read),
        better(before.best_share, more.best_share),
        better(before.assignment_share, more.assignment_share),
    )


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([*CATALOGUE.modules]), completed),
    st.sampled_from([*CATALOGUE.modules]),
    completed,
    st.integers(0, 3),
)
def test_more_done_never_means_less_earned(
    completions: dict[str, Completion], module_id: str, more: Completion, electives_needed: int
) -> None:
    rule = replace(WITH_CAPSTONE, electives_needed=electives_needed)
    grown = completions | {module_id: at_least(completions.get(module_id, Completion()), more)}
    before, after = route(rule, CATALOGUE, completions), route(rule, CATALOGUE, grown)
    assert before.done <= after.done <= after.needed
    assert after.minutes_missing <= before.minutes_missing
    assert after.earned or not before.earned
    assert after.earned == (after.minutes_missing == 0)
    learned = CATALOGUE.modules[module_id]
    reached = completions.get(module_id, Completion())
    offered = [participation_offer(learned, CATALOGUE, one).missing for one in (reached, grown[module_id])]
    assert offered[1] <= offered[0]
    for share in (Fraction(1, 2), Fraction(1)):
        assert is_passed(learned, grown[module_id], share) or not is_passed(learned, reached, share)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["r1", "r2", "e1", "e2", "e3"]), st.sampled_from([PASSED, FAILED, READING])),
    st.sampled_from(["r1", "r2", "e1", "e2", "e3"]),
    st.integers(0, 3),
)
def test_one_more_module_passed_never_takes_anything_away(
    completions: dict[str, Completion], passed: str, electives_needed: int
) -> None:
    rule = replace(RULE, electives_needed=electives_needed)
    before, after = route(rule, CATALOGUE, completions), route(rule, CATALOGUE, completions | {passed: PASSED})
    assert before.done <= after.done <= after.needed
    assert after.minutes_missing <= before.minutes_missing
    assert after.earned or not before.earned
    assert after.earned == (after.minutes_missing == 0)
