"""The grammar of the content files, as pydantic models (documented for authors in `docs/authoring.md`)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from lti_tool.curriculum.question_schema import MarkedSchema, QuestionSchema
from lti_tool.curriculum.questions import Counts, ReviewMode
from lti_tool.curriculum.schema_types import Count, Flag, Hours, Id, Language, Minutes, Share, Strict, Tag, Text, Url
from lti_tool.curriculum.sources import SourceKind


class SourceSchema(Strict):
    """One entry of `sources` in module.yaml."""

    id: Id
    title: Text
    kind: SourceKind
    stand: dt.date
    url: Url | None = None


class TermSchema(Strict):
    """One entry of `glossary` in module.yaml."""

    id: Id
    term: Text
    text: Text


class ModuleSchema(Strict):
    """module.yaml."""

    id: Id
    title: Text
    summary: Text
    summary_easy: Text
    minutes: Minutes
    objectives: Annotated[list[Text], Field(min_length=1)]
    competences: Annotated[dict[Tag, Annotated[int, Field(strict=True, ge=1, le=4)]], Field(min_length=1)]
    prerequisites: list[Id] = Field(default_factory=list)
    provider: Text
    authors: Annotated[list[Text], Field(min_length=1)]
    licence: Text
    language: Language = "de"
    stand: dt.date
    review_due: dt.date
    sources: Annotated[list[SourceSchema], Field(min_length=1)]
    glossary: list[TermSchema] = Field(default_factory=list)


class PageSchema(Strict):
    """The front matter of pages/NN-slug.md."""

    title: Text
    minutes: Minutes
    stand: dt.date | None = None
    required: Flag = True
    sources: list[Id] = Field(default_factory=list)


class QuizSchema(Strict):
    """quiz.yaml."""

    pass_share: Share = Decimal("0.6")
    attempts_limit: Count | None = None
    counts: Counts = Counts.BEST
    shuffle: Flag = True
    time_limit: Minutes | None = None
    review: ReviewMode = ReviewMode.FULL
    pools: dict[Id, Count] = Field(default_factory=dict)
    questions: Annotated[list[QuestionSchema], Field(min_length=1)]


class CapstoneSchema(Strict):
    """`capstone` of a certification: the assignment of a module."""

    module: Id
    pass_share: Share = Decimal("0.6")


class AssignmentSchema(Strict):
    """assignment.yaml."""

    title: Text
    minutes: Minutes
    pass_share: Share = Decimal("0.6")
    attempts_limit: Count | None = None
    intro: Text
    questions: Annotated[list[MarkedSchema], Field(min_length=1)]


class CertificationWords(Strict):
    """One entry of `translations` of a certification."""

    title: Text
    summary: Text
    rule: Text


class CertificationSchema(Strict):
    """certifications/<id>.yaml."""

    id: Id
    language: Language = "de"
    translations: dict[Language, CertificationWords] = Field(default_factory=dict)
    title: Text
    summary: Text
    issuer: Text
    rule: Text
    required: list[Id] = Field(default_factory=list)
    electives: list[Id] = Field(default_factory=list)
    electives_needed: Annotated[int, Field(strict=True, ge=0)] = 0
    pass_share: Share = Decimal("0.6")
    participation_share: Share = Decimal("0.5")
    capstone: CapstoneSchema | None = None
    live_hours: Hours | None = None
    validity_months: Count | None = None
    refresher: list[Id] = Field(default_factory=list)
    refresh_months: Count | None = None


class PlannedSchema(Strict):
    """A module that is announced in catalogue.yaml."""

    title: Text
    minutes: Minutes


class CatalogueWords(Strict):
    """One entry of `translations` of the catalogue."""

    competences: dict[Tag, Text]


class CatalogueSchema(Strict):
    """catalogue.yaml: the order of modules and certifications, announced modules, and the names of competences."""

    modules: Annotated[list[Id], Field(min_length=1)]
    planned: dict[Id, PlannedSchema] = Field(default_factory=dict)
    certifications: list[Id] = Field(default_factory=list)
    competences: dict[Tag, Text] = Field(default_factory=dict)
    translations: dict[Language, CatalogueWords] = Field(default_factory=dict)
