"""The estimate of certificates: simple, in its bounds, and silent where it would be guessing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.forecast import Forecast, Pace, forecast

PACES = st.builds(Pace, st.integers(5, 60), st.integers(0, 200), st.integers(0, 200), st.just(value=True))
MISSING = st.dictionaries(st.integers(1, 12), st.integers(1, 50))


def test_whoever_needs_no_more_than_the_pace_is_done():
    """Ten people passed ten modules in the slower half, fifteen in the faster: two to three in ninety days."""
    pace = Pace(people=10, earlier=10, later=15, goes_back=True)
    assert forecast(pace, {1: 4, 2: 3, 3: 2, 4: 1}) == Forecast(fewest=7, most=9)


@pytest.mark.parametrize("pace", [Pace(4, 9, 9, goes_back=True), Pace(50, 90, 90, goes_back=False)])
def test_too_few_people_or_too_short_a_time_say_nothing(pace):
    assert forecast(pace, {1: 50}) is None
    assert forecast(replace(pace, people=5, goes_back=True), {1: 50}) is not None


@given(PACES, MISSING)
def test_it_stays_between_nobody_and_everybody_who_goes_on(pace, missing):
    estimate = forecast(pace, missing)
    assert 0 <= estimate.fewest <= estimate.most <= sum(missing.values())


@given(PACES, MISSING, st.integers(1, 50))
def test_more_modules_passed_never_mean_fewer_certificates(pace, missing, more):
    before = forecast(pace, missing)
    after = forecast(replace(pace, later=pace.later + more), missing)
    assert after.fewest >= before.fewest
    assert after.most >= before.most


@given(PACES, MISSING)
def test_whoever_comes_nearer_never_lowers_it(pace, missing):
    nearer = {}
    for steps, people in missing.items():
        nearer[max(1, steps - 1)] = nearer.get(max(1, steps - 1), 0) + people
    assert forecast(pace, nearer).fewest >= forecast(pace, missing).fewest
    assert forecast(pace, nearer).most >= forecast(pace, missing).most


@given(PACES, MISSING)
def test_it_does_not_matter_which_half_was_the_faster(pace, missing):
    assert forecast(pace, missing) == forecast(replace(pace, earlier=pace.later, later=pace.earlier), missing)
