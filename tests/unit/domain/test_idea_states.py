"""An idea goes from the course to the town to all towns, and what is readable stays readable meanwhile."""

from __future__ import annotations

import pytest

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_states import Reach, Stand, State

DRAFT = Stand()
IN_COURSE = DRAFT.asking(Reach.COURSE).released(Reach.COURSE)
IN_TOWN = IN_COURSE.asking(Reach.TOWN).released(Reach.TOWN)
EVERYWHERE = IN_TOWN.asking(Reach.ALL).released(Reach.ALL)


def refused(step, *arguments):
    with pytest.raises(Refusal) as caught:
        step(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("stand", "state", "reach", "further"),
    [
        (DRAFT, State.DRAFT, None, Reach.COURSE),
        (DRAFT.asking(Reach.COURSE), State.ASKED, None, None),
        (IN_COURSE, State.RELEASED, Reach.COURSE, Reach.TOWN),
        (IN_TOWN, State.RELEASED, Reach.TOWN, Reach.ALL),
        (EVERYWHERE, State.RELEASED, Reach.ALL, None),
        (IN_COURSE.asking(Reach.TOWN), State.ASKED, Reach.COURSE, None),
        (IN_COURSE.asking(Reach.TOWN).turned_down(Reach.TOWN), State.REJECTED, Reach.COURSE, Reach.TOWN),
        (DRAFT.asking(Reach.COURSE).turned_down(Reach.COURSE), State.REJECTED, None, Reach.COURSE),
        (EVERYWHERE.saved(), State.DRAFT, Reach.ALL, Reach.ALL),
        (EVERYWHERE.saved().asking(Reach.ALL), State.ASKED, Reach.ALL, None),
        (IN_TOWN.taken_back(), State.WITHDRAWN, None, None),
        (IN_TOWN.taken_back().saved(), State.DRAFT, None, Reach.COURSE),
        (IN_TOWN.concealed(), State.HIDDEN, Reach.TOWN, None),
        (IN_TOWN.concealed().shown_again(), State.RELEASED, Reach.TOWN, Reach.ALL),
    ],
)
def test_where_an_idea_stands(stand, state, reach, further):
    assert (stand.state, stand.reach, stand.next_reach) == (state, reach, further)


def test_what_is_readable_stays_so_while_a_newer_version_is_asked_for_or_turned_down():
    newer = EVERYWHERE.saved()
    for stand in (newer, newer.asking(Reach.ALL), newer.asking(Reach.ALL).turned_down(Reach.ALL)):
        assert stand.readable
    for stand in (DRAFT, DRAFT.asking(Reach.COURSE), EVERYWHERE.taken_back(), EVERYWHERE.concealed()):
        assert not stand.readable


def test_writing_takes_the_request_back():
    written = DRAFT.asking(Reach.COURSE).saved()
    assert refused(written.released, Reach.COURSE) is Code.IDEA_OTHER_STATE
    assert written.next_reach is Reach.COURSE


@pytest.mark.parametrize(
    ("stand", "reach"),
    [
        (DRAFT, Reach.TOWN),
        (DRAFT, Reach.ALL),
        (IN_COURSE, Reach.ALL),
        (IN_COURSE, Reach.COURSE),
        (EVERYWHERE, Reach.ALL),
    ],
)
def test_no_step_is_left_out_or_taken_twice(stand, reach):
    assert refused(stand.asking, reach) is Code.IDEA_OTHER_STATE


@pytest.mark.parametrize(
    "stand", [DRAFT, IN_COURSE, IN_COURSE.asking(Reach.TOWN).taken_back(), IN_COURSE.asking(Reach.TOWN).concealed()]
)
def test_nothing_is_released_or_turned_down_that_is_not_asked_for(stand):
    for reach in Reach:
        assert refused(stand.released, reach) is Code.IDEA_OTHER_STATE
        assert refused(stand.turned_down, reach) is Code.IDEA_OTHER_STATE


def test_only_what_is_readable_can_be_hidden():
    assert refused(DRAFT.concealed) is Code.IDEA_OTHER_STATE
    assert refused(IN_TOWN.concealed().concealed) is Code.IDEA_OTHER_STATE
