from __future__ import annotations

from dataclasses import replace

import pytest

from lti_tool.domain.deep_linking import Choice, ContentKind, chosen, has_grade, whole_course
from lti_tool.domain.errors import Refusal
from tests.unit.domain.test_certification import CATALOGUE, RULE, module

COURSE = replace(RULE, required=("r2", "p1", "r1"), electives=("e1",))
OFFER = replace(
    CATALOGUE,
    modules={**CATALOGUE.modules, "reading": module("reading", 10, quiz=False)},
    certifications={"x": COURSE},
)


def named(*values: str) -> list[str]:
    return [str(choice) for choice in chosen(values, OFFER)]


def test_a_whole_course_brings_its_written_modules_in_its_order_and_the_tracker() -> None:
    assert [str(choice) for choice in whole_course("x", OFFER)] == ["module:r2", "module:r1", "module:e1", "tracker"]


def test_each_thing_comes_once_and_the_tracker_last() -> None:
    assert named("tracker", "module:e2", "course:x", "module:r1", "module:e2") == [
        "module:e2",
        "module:r2",
        "module:r1",
        "module:e1",
        "tracker",
    ]


def test_a_module_and_its_quiz_are_two_things() -> None:
    assert named("module:r1", "quiz:r1") == ["module:r1", "quiz:r1"]


@pytest.mark.parametrize(
    "value",
    ["", "module", "module:", "module:p1", "quiz:reading", "course:", "course:y", "tracker:", "MODULE:r1", ":r1"],
)
def test_what_is_not_offered_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        chosen([value], OFFER)


def test_grades_come_from_quizzes() -> None:
    assert has_grade(Choice(ContentKind.MODULE, "r1"), OFFER)
    assert not has_grade(Choice(ContentKind.MODULE, "reading"), OFFER)
    assert not has_grade(Choice(ContentKind.TRACKER), OFFER)


def test_live_dates_are_an_activity_of_their_own_without_a_grade() -> None:
    (dates,) = chosen(["dates"], CATALOGUE)
    assert dates.custom == {"content": "dates"}
    assert not has_grade(dates, CATALOGUE)
    assert not dates.kind.of_a_module
