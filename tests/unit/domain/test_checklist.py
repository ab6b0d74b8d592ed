"""A way as bits says the same as the way itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.model import Capstone
from lti_tool.domain.certification import Completion, own_dates, route
from lti_tool.domain.checklist import Ahead, checklist
from tests.unit.domain.test_certification import CATALOGUE, RULE

FINAL = Capstone(module="c1", pass_share=Fraction(1, 2))
MODULES = tuple(CATALOGUE.modules)
CERTIFICATIONS = st.builds(
    lambda required, electives, needed, final, live: replace(
        RULE,
        required=required,
        electives=tuple(one for one in electives if one not in required),
        electives_needed=min(needed, len(set(electives) - set(required))),
        capstone=final,
        live_minutes=live,
    ),
    st.lists(st.sampled_from([*MODULES, "p1"]), unique=True, min_size=1).map(tuple),
    st.lists(st.sampled_from(MODULES), unique=True).map(tuple),
    st.integers(0, 3),
    st.sampled_from([None, FINAL, replace(FINAL, module="p1"), replace(FINAL, module="e1")]),
    st.sampled_from([0, 90]),
)


def marks_of(way, passed, final_done, attended=False):
    done = sum(way.modules.get(name, 0) for name in passed)
    return done | (way.capstone if final_done else 0) | (way.live if attended else 0)


@given(CERTIFICATIONS, st.sets(st.sampled_from(MODULES)), st.booleans(), st.booleans())
def test_bits_count_like_the_rule(certification, passed, final_done, attended):
    way = checklist(certification, CATALOGUE)
    completions = {name: Completion(passed=True) for name in passed}
    if final_done and certification.capstone:
        name = certification.capstone.module
        completions[name] = Completion(passed=name in passed, assignment_share=Fraction(1))
    if attended and certification.live_minutes:
        completions[own_dates(certification.id)] = Completion(live_minutes=90)
    laid = route(certification, CATALOGUE, completions)
    marks = marks_of(way, passed, final_done, attended)
    assert (way.steps_done(marks), way.steps) == (laid.steps_done, laid.steps)
    assert (way.stage(marks) == 4) == laid.earned
    assert route(certification, CATALOGUE, way.completions(marks)) == laid
    assert (way.ahead(marks) in {None, Ahead.LIVE}) == (laid.next is None)
    if laid.next and not laid.next.elective and not laid.next.capstone:
        assert way.ahead(marks) == laid.next.module_id


@given(CERTIFICATIONS, st.sets(st.sampled_from(MODULES)), st.sampled_from(MODULES))
def test_more_passed_never_means_less_of_the_way(certification, passed, more):
    way = checklist(certification, CATALOGUE)
    before, after = marks_of(way, passed, final_done=False), marks_of(way, passed | {more}, final_done=False)
    assert way.steps_done(before) <= way.steps_done(after) <= way.steps
    assert way.stage(before) <= way.stage(after)


def test_whoever_holds_the_certificate_is_done_whatever_the_rule_says_today():
    way = checklist(RULE, CATALOGUE)
    assert (way.steps_done(way.certificate), way.stage(way.certificate), way.ahead(way.certificate)) == (4, 4, None)


def test_after_the_required_modules_come_electives_then_the_final_work():
    way = checklist(replace(RULE, capstone=FINAL), CATALOGUE)
    assert way.ahead(0) == "r1"
    assert way.ahead(way.modules["r1"]) == "r2"
    assert way.ahead(way.required) is Ahead.ELECTIVE
    assert way.ahead(way.required | way.electives) is Ahead.CAPSTONE


def test_quarters_are_cut_like_percentages():
    way = checklist(RULE, CATALOGUE)
    chosen = [way.modules[name] for name in ("r1", "r2", "e1", "e2")]
    assert [way.stage(sum(chosen[:number])) for number in range(5)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("required", "can"), [(("r1",), True), (("r1", "p1"), False)])
def test_a_way_with_announced_modules_cannot_be_done_yet(required, can):
    assert checklist(replace(RULE, required=required), CATALOGUE).can_be_done is can
