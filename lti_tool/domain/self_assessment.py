"""From what somebody says of themselves to the gaps of their role, and to the modules that close most of them.

Nothing here knows a person: answers go in, a picture of them comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.curriculum.self_assessment import HIGHEST, LOWEST, RoleProfile, SelfAssessment

RECOMMENDED = 3
"""How many modules are recommended at most."""

Answers = Mapping[str, int]
"""Situation id -> level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One competence: the level somebody sees themselves at, and the one their role asks for."""

    tag: str
    name: str
    actual: int
    target: int

    @property
    def gap(self) -> int:
        return max(0, self.target - self.actual)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A module, and the largest gap it closes: from `actual` to `reached`."""

    module: Module
    closes: Standing
    reached: int
    score: int


def is_complete(answers: Answers, assessment: SelfAssessment) -> bool:
    """Tell whether each situation has a level, and nothing else has one."""
    return answers.keys() == {situation.id for situation in assessment.situations} and all(
        LOWEST <= level <= HIGHEST for level in answers.values()
    )


def standings(answers: Answers, role: RoleProfile, catalogue: Catalogue, language: str = "de") -> tuple[Standing, ...]:
    """Return every competence that is asked for, in the order of the questions, named in a language if it can be."""
    assessment, names = catalogue.self_assessment, catalogue.competence_names(language).of
    return tuple(
        Standing(
            situation.competence,
            names.get(situation.competence, situation.competence),
            answers[situation.id],
            role.targets.get(situation.competence, LOWEST),
        )
        for situation in (assessment.situations if assessment else ())
    )


def recommend(
    picture: Collection[Standing], catalogue: Catalogue, passed: Collection[str] = ()
) -> tuple[Recommendation, ...]:
    """Return the modules that close most, best first.

    A module scores, for each gap that it leads beyond, the gap times the level it leads to. Of modules with the same
    score, those come first on which others build, then the shorter ones.

    Args:
        picture: a person's standings.
        catalogue: the modules.
        passed: ids of modules that need no recommending any more.
    """
    found = [
        recommendation
        for module in catalogue.modules.values()
        if module.id not in passed and (recommendation := _recommendation(module, picture))
    ]
    found.sort(key=lambda one: (-one.score, _depth(one.module.id, catalogue), one.module.minutes, one.module.id))
    return tuple(found[:RECOMMENDED])


def _recommendation(module: Module, picture: Collection[Standing]) -> Recommendation | None:
    levels = module.competences
    closed = [standing for standing in picture if standing.gap and levels.get(standing.tag, LOWEST) > standing.actual]
    if not closed:
        return None
    largest = max(closed, key=lambda standing: standing.gap * levels[standing.tag])
    score = sum(standing.gap * levels[standing.tag] for standing in closed)
    return Recommendation(module, largest, min(largest.target, levels[largest.tag]), score)


def _depth(module_id: str, catalogue: Catalogue) -> int:
    """Count the steps of prerequisites below a module; the checker has made sure that they never run in a circle."""
    module = catalogue.module(module_id)
    return max((1 + _depth(needed, catalogue) for needed in module.prerequisites), default=0) if module else 0
