"""Numbers about people: none of few, none exact, and no difference that gives few away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.disclosure import published, published_sum

PEOPLE = st.integers(0, 10_000)


@pytest.mark.parametrize(("people", "shown"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_four_people_are_hidden_and_five_are_shown_as_five(people, shown):
    assert published(people) == shown


@given(PEOPLE, PEOPLE)
def test_what_is_shown_is_near_in_steps_of_five_and_keeps_the_order(one, other):
    for people in (one, other):
        shown = published(people)
        assert shown is None or (shown % 5 == 0 and shown >= 5 and abs(shown - people) <= 2)
    if one <= other:
        assert (published(one) or 0) <= (published(other) or 0)


def hidden_and_certain(tables):
    """What somebody knows who sees `shown`: the numbers of hidden groups that only one table can have."""
    possible = {}
    for shown, groups in tables:
        for place, people in enumerate(groups):
            if people < 5:
                possible.setdefault((shown, place), set()).add(people)
    return {next(iter(numbers)) for numbers in possible.values() if len(numbers) == 1}


TABLES = list(product(range(13), repeat=3))


def test_a_table_with_its_sum_tells_nothing_of_a_hidden_group():
    tables = [((*map(published, groups), published_sum(groups)), groups) for groups in TABLES]
    assert hidden_and_certain(tables) == set()


def test_not_even_the_exact_sum_tells_that_a_group_is_one_to_three_people():
    tables = [((*map(published, groups), sum(groups)), groups) for groups in TABLES]
    assert hidden_and_certain(tables) & {1, 2, 3} == set()


def test_two_tables_of_the_same_people_do_not_either():
    tables = [
        ((*map(published, (one, two, three)), published(one + two - three)), (one, two, three))
        for one, two, three in TABLES
        if one + two >= three
    ]
    assert hidden_and_certain(tables) & {1, 2, 3} == set()


@given(st.integers(5, 10_000))
def test_the_difference_of_two_groups_that_differ_by_one_person_is_hidden_or_five(people):
    """Knowing all but one of a group tells of the last one, at most, that the group is not small."""
    assert published(people + 1) - published(people) in {0, 5}
