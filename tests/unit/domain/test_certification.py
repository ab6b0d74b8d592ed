from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.model import Catalogue, Certification, Module, Page, PlannedModule, Quiz
from lti_tool.domain.certification import Completion, Route, StationState, is_passed, route

DAY = date(2026, 1, 1)
PASSED, FAILED, READING = Completion(2, Fraction(3, 5)), Completion(2, Fraction(59, 100)), Completion(1)


def module(name: str, minutes: int, *, quiz: bool = True) -> Module:
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
    )


CATALOGUE = Catalogue(
    modules={
        name: module(name, minutes) for name, minutes in (("r1", 60), ("r2", 90), ("e1", 120), ("e2", 30), ("e3", 45))
    },
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
