"""Counting people by what they have passed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.checklist import Ahead, checklist
from lti_tool.domain.forecast import Pace
from lti_tool.domain.way_figures import Alike, way_figures
from tests.unit.domain.test_certification import CATALOGUE, RULE

WAY = checklist(RULE, CATALOGUE)
R1, R2, E1, E2 = (WAY.modules[name] for name in ("r1", "r2", "e1", "e2"))
ALIKE = st.builds(Alike, st.integers(0, 2 * WAY.certificate - 1), st.integers(1, 50), st.integers(0, 9))


def test_people_are_counted_by_quarter_next_step_and_what_is_missing():
    figures = way_figures(
        WAY,
        [
            Alike(0, 9),
            Alike(R1, 4, before=4),
            Alike(R1, 3, earlier=1, later=2, before=1),
            Alike(R1 | R2, 6, later=7),
            Alike(R1 | R2 | E1 | E2, 2, later=2),
            Alike(R1 | WAY.certificate, 1),
        ],
    )
    assert (figures.people, figures.stages, figures.certificates) == (25, (9, 7, 6, 0, 3), 1)
    assert figures.ahead == [("r1", 9), ("r2", 7), (Ahead.ELECTIVE, 6)]
    assert figures.pace == Pace(people=11, earlier=1, later=11, goes_back=True)
    assert figures.missing == {3: 3, 2: 6}


@given(st.lists(ALIKE))
def test_nobody_is_lost_or_counted_twice(everybody):
    figures = way_figures(WAY, everybody)
    assert sum(figures.stages) == figures.people == sum(one.people for one in everybody)
    assert sum(people for _, people in figures.ahead) + figures.stages[4] == figures.people
    assert sum(figures.missing.values()) <= figures.pace.people <= figures.people
