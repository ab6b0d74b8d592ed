"""Each rule of a certificate says what it still needs; together they say whether it is earned."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.curriculum.model import Certification
from lti_tool.domain.certification import Completion, own_dates, route
from lti_tool.domain.why_not_yet import Rule, RuleKind, explain
from tests.unit.domain.test_certification import ALL_MODULES, CATALOGUE, FAILED, PASSED, RULE, WITH_CAPSTONE, completed


def told(rule: Certification = RULE, **completions: Completion) -> dict[RuleKind, Rule]:
    return {one.kind: one for one in explain(route(rule, CATALOGUE, completions))}


def test_before_anything_is_done_each_rule_says_what_it_needs() -> None:
    rules = told(WITH_CAPSTONE)
    assert {kind: (rule.done, rule.needed, rule.met) for kind, rule in rules.items()} == {
        RuleKind.REQUIRED: (0, 2, False),
        RuleKind.ELECTIVES: (0, 2, False),
        RuleKind.CAPSTONE: (0, 1, False),
    }
    assert [station.module_id for station in rules[RuleKind.REQUIRED].open] == ["r1", "r2"]


def test_an_attempt_below_the_mark_is_named_with_its_share() -> None:
    missed = told(r1=FAILED, r2=PASSED)[RuleKind.BELOW_MARK]
    assert [(station.module_id, station.share) for station in missed.open] == [("r1", Fraction(59, 100))]


def test_an_elective_that_is_needed_no_more_keeps_nothing_open() -> None:
    rules = told(**ALL_MODULES, e1=FAILED)
    assert RuleKind.BELOW_MARK not in rules
    assert all(rule.met for rule in rules.values())


def test_a_module_that_is_only_announced_is_named() -> None:
    rules = told(replace(RULE, required=("r1", "p1")), **ALL_MODULES)
    assert [station.module_id for station in rules[RuleKind.ANNOUNCED].open] == ["p1"]


@pytest.mark.parametrize("module_id", ["r1", "r2"])
def test_what_was_passed_once_stays_passed_when_the_mark_rises(module_id: str) -> None:
    strict = replace(RULE, pass_share=Fraction(1))
    assert not route(strict, CATALOGUE, ALL_MODULES).earned
    kept = {name: replace(completion, passed=True) for name, completion in ALL_MODULES.items()}
    assert route(strict, CATALOGUE, kept).earned
    assert not route(strict, CATALOGUE, {**kept, module_id: PASSED}).earned


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([*CATALOGUE.modules]), completed),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([0, 60]),
    st.integers(50, 70),
)
def test_all_rules_are_met_exactly_when_it_is_earned(
    completions: dict[str, Completion], electives_needed: int, capstone: bool, live: int, attended: int
) -> None:
    rule = replace(WITH_CAPSTONE if capstone else RULE, electives_needed=electives_needed, live_minutes=live)
    completions = completions | {own_dates(rule.id): Completion(live_minutes=attended)}
    way = route(rule, CATALOGUE, completions)
    assert all(one.met for one in explain(way)) == way.earned
    assert 0 <= way.steps_done <= way.steps
