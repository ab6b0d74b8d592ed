"""The grammar of self_assessment.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lti_tool.curriculum.schema_types import Id, Language, Strict, Tag, Text
from lti_tool.curriculum.self_assessment import HIGHEST, LOWEST

_LEVELS = HIGHEST - LOWEST + 1
_Levels = Annotated[list[Text], Field(min_length=_LEVELS, max_length=_LEVELS)]
_Level = Annotated[int, Field(strict=True, ge=LOWEST, le=HIGHEST)]


class RoleSchema(Strict):
    """One entry of `roles`."""

    id: Id
    title: Text
    summary: Text
    targets: Annotated[dict[Tag, _Level], Field(min_length=1)]


class SituationSchema(Strict):
    """One entry of `situations`."""

    id: Id
    competence: Tag
    text: Text


class RoleWords(Strict):
    """A role in another language."""

    title: Text
    summary: Text


class SelfAssessmentWords(Strict):
    """One entry of `translations`: every text in another language, by the ids of the original."""

    levels: _Levels
    roles: dict[Id, RoleWords]
    situations: dict[Id, Text]


class SelfAssessmentSchema(Strict):
    """self_assessment.yaml."""

    language: Language = "de"
    translations: dict[Language, SelfAssessmentWords] = Field(default_factory=dict)
    levels: _Levels
    roles: Annotated[list[RoleSchema], Field(min_length=1)]
    situations: Annotated[list[SituationSchema], Field(min_length=1)]
