"""What a self-assessment finds, and what it recommends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.curriculum.self_assessment import RoleProfile, SelfAssessment, Situation
from lti_tool.domain.self_assessment import RECOMMENDED, is_complete, recommend, standings

TAGS = ("SC-01", "SC-02", "SC-03")
NAMES = dict(zip(TAGS, ("Leitbild", "Strategie", "Prozesse"), strict=True))
QUESTIONS = SelfAssessment(
    ("nie", "kennen", "anwenden", "gestalten", "verantworten"),
    (RoleProfile("fachamt", "Fachamt", "", {"SC-01": 3, "SC-02": 2, "SC-03": 0}),),
    tuple(Situation(tag.lower(), tag, "Ich kann das.") for tag in TAGS),
)
ROLE = QUESTIONS.roles[0]


def module(name: str, minutes: int = 60, prerequisites: tuple[str, ...] = (), **competences: int) -> Module:
    return Module(
        id=name,
        title=name,
        summary="",
        summary_easy="",
        minutes=minutes,
        objectives=(),
        competences={tag.replace("_", "-"): level for tag, level in competences.items()},
        provider="",
        authors=(),
        licence="",
        stand=date(2026, 1, 1),
        review_due=date(2027, 1, 1),
        pages=(),
        version="v",
        prerequisites=prerequisites,
    )


def catalogue(*modules: Module) -> Catalogue:
    return Catalogue(
        modules={one.id: one for one in modules}, certifications={}, competences=NAMES, self_assessment=QUESTIONS
    )


def answered(*levels: int) -> dict[str, int]:
    return {situation.id: level for situation, level in zip(QUESTIONS.situations, levels, strict=True)}


def named(levels: tuple[int, ...], *modules: Module, passed: tuple[str, ...] = ()) -> list[str]:
    there = catalogue(*modules)
    return [one.module.id for one in recommend(standings(answered(*levels), ROLE, there), there, passed)]


def test_each_competence_has_what_was_said_beside_what_the_role_asks_for() -> None:
    picture = standings(answered(1, 4, 2), ROLE, catalogue())
    assert [(one.name, one.actual, one.target, one.gap) for one in picture] == [
        ("Leitbild", 1, 3, 2),
        ("Strategie", 4, 2, 0),
        ("Prozesse", 2, 0, 0),
    ]


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        (answered(0, 4, 2), True),
        (answered(0, 5, 2), False),
        (answered(0, -1, 2), False),
        ({"sc-01": 0, "sc-02": 1}, False),
        (answered(0, 4, 2) | {"sc-99": 1}, False),
    ],
)
def test_only_a_level_for_each_situation_is_complete(answers: dict[str, int], complete: bool) -> None:
    assert is_complete(answers, QUESTIONS) is complete


def test_the_largest_gap_comes_first_and_the_reason_names_it() -> None:
    there = catalogue(module("klein", SC_02=2), module("gross", SC_01=3, SC_02=1))
    first, second = recommend(standings(answered(0, 1, 0), ROLE, there), there)
    assert (first.module.id, first.closes.name, first.closes.actual, first.reached) == ("gross", "Leitbild", 0, 3)
    assert (second.module.id, second.closes.name, second.closes.actual, second.reached) == ("klein", "Strategie", 1, 2)


def test_a_reason_never_promises_more_than_the_module_teaches_or_the_role_asks_for() -> None:
    there = catalogue(module("wenig", SC_01=2), module("viel", SC_01=4))
    reached = {one.module.id: one.reached for one in recommend(standings(answered(0, 2, 0), ROLE, there), there)}
    assert reached == {"wenig": 2, "viel": 3}


def test_a_module_that_leads_no_further_is_not_recommended() -> None:
    assert named((2, 2, 0), module("bekannt", SC_01=2), module("weiter", SC_01=3)) == ["weiter"]


def test_of_equal_modules_the_one_others_build_on_comes_first_and_then_the_shorter_one() -> None:
    base = module("basis", 90, SC_01=3)
    assert named((0, 2, 0), module("aufbau", 30, ("basis",), SC_01=3), base) == ["basis", "aufbau"]
    assert named((0, 2, 0), module("lang", 90, SC_01=3), module("kurz", 30, SC_01=3)) == ["kurz", "lang"]


def test_what_was_passed_already_is_not_recommended() -> None:
    assert named((0, 0, 0), module("a", SC_01=3), module("b", SC_02=2), passed=("a",)) == ["b"]


levels = st.integers(0, 4)
MODULES = st.lists(
    st.builds(
        lambda minutes, competences: (minutes, competences),
        st.integers(1, 300),
        st.dictionaries(st.sampled_from(TAGS), st.integers(1, 4), min_size=1),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(st.tuples(levels, levels, levels), st.tuples(levels, levels, levels), MODULES)
def test_every_recommendation_closes_a_gap_and_knowing_more_never_makes_a_gap_larger(
    said: tuple[int, ...], asked: tuple[int, ...], described: list[tuple[int, dict[str, int]]]
) -> None:
    there = catalogue(*(replace(module(f"m{n}", m), competences=c) for n, (m, c) in enumerate(described)))
    role = replace(ROLE, targets=dict(zip(TAGS, asked, strict=True)))
    picture = standings(answered(*said), role, there)
    found = recommend(picture, there)
    assert len(found) <= RECOMMENDED
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.closes.actual < one.reached <= one.closes.target
        assert one.reached <= one.module.competences[one.closes.tag]
    if not any(one.gap for one in picture):
        assert found == ()
    more = standings(answered(*(min(4, level + 1) for level in said)), role, there)
    assert all(after.gap <= before.gap for before, after in zip(picture, more, strict=True))
