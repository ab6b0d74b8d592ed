"""The self-assessment after checking: situations to judge oneself by, and what each role asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LOWEST, HIGHEST = 0, 4
"""Levels: nothing to do with it so far; knows, applies, shapes, answers for it."""


@dataclass(frozen=True, slots=True)
class RoleProfile:
    """A role and the level it asks for in each competence (`targets`: tag -> 0 to 4)."""

    id: str
    title: str
    summary: str
    targets: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Situation:
    """One sentence that begins with „Ich kann …“; how far it is true tells the level of one competence."""

    id: str
    competence: str
    text: str


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """Everything a person is asked.

    Attributes:
        levels: what each level is called, from 0 upwards.
        situations: one for each competence.
        language: of all these texts.
        translations: the same in other languages, with the same ids.
    """

    levels: tuple[str, ...]
    roles: tuple[RoleProfile, ...]
    situations: tuple[Situation, ...]
    language: str = "de"
    translations: Mapping[str, SelfAssessment] = field(default_factory=dict)

    def told_in(self, language: str) -> SelfAssessment:
        """Return it in a language, or as it was written."""
        return self.translations.get(language, self)

    def role(self, role_id: str) -> RoleProfile | None:
        return next((role for role in self.roles if role.id == role_id), None)
