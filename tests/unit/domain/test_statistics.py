"""Figures about questions: right, in their bounds, and silent about few."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.statistics import FEWEST_PEOPLE, Taken, question_figures

SHARES = st.fractions(0, 1, max_denominator=8)


def taken(*rows):
    """Each row: share of the question, share of another one."""
    return [Taken({"q": Fraction(one), "other": Fraction(other)}, {"q": ("a",) if one else ()}) for one, other in rows]


def test_below_five_people_nothing_is_said():
    assert FEWEST_PEOPLE == 5
    assert question_figures("q", taken(*[(1, 1)] * 4)) is None
    assert question_figures("q", taken(*[(1, 1)] * 5)) is not None


def test_people_who_were_not_asked_do_not_count():
    others = [Taken({"other": Fraction(1)})] * 20
    assert question_figures("q", [*taken(*[(1, 1)] * 4), *others]) is None


def test_difficulty_is_the_mean_share():
    figures = question_figures("q", taken((1, 0), (1, 0), (Fraction(1, 2), 0), (0, 0), (0, 0)))
    assert (figures.people, figures.difficulty) == (5, Fraction(1, 2))


def test_what_was_chosen_is_counted_and_what_was_not_answered():
    figures = question_figures("q", taken((1, 0), (1, 0), (1, 0), (0, 0), (0, 0)))
    assert (figures.chosen, figures.unanswered) == ({"a": 3}, 2)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 1), (1, 1), (1, 1), (0, 0), (0, 0)], 1),
        ([(0, 1), (0, 1), (0, 1), (1, 0), (1, 0)], -1),
        ([(1, 1), (1, 0), (0, 1), (0, 0), (1, 1), (0, 0), (1, 0), (0, 1)], 0),
    ],
)
def test_discrimination_says_whether_the_able_get_it_right(rows, expected):
    assert question_figures("q", taken(*rows)).discrimination == pytest.approx(expected)


@pytest.mark.parametrize("rows", [[(1, 1), (1, 0)] * 3, [(1, 1), (0, 1)] * 3])
def test_where_all_do_alike_there_is_no_discrimination(rows):
    assert question_figures("q", taken(*rows)).discrimination is None


def test_a_quiz_of_one_question_has_none_either():
    rows = [Taken({"q": Fraction(number % 2)}) for number in range(6)]
    assert question_figures("q", rows).discrimination is None


@given(st.lists(st.tuples(SHARES, SHARES), min_size=5, max_size=40))
def test_figures_stay_in_their_bounds_and_do_not_depend_on_the_order(rows):
    figures, reversed_ = question_figures("q", taken(*rows)), question_figures("q", taken(*rows[::-1]))
    assert 0 <= figures.difficulty <= 1
    assert figures.difficulty == reversed_.difficulty
    if figures.discrimination is not None:
        assert isfinite(figures.discrimination)
        assert -1 <= figures.discrimination <= 1
        assert figures.discrimination == pytest.approx(reversed_.discrimination)
