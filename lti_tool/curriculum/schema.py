"""The grammar of the content files, as pydantic models (documented for authors in `docs/authoring.md`)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lti_tool.curriculum.model import QuestionKind, SourceKind

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
URL_PATTERN = r"^https://[^\s<>\"]+$"
TAG_PATTERN = r"^[A-Z]{2}-[0-9]{2}$"
LANGUAGE_PATTERN = r"^[a-z]{2}$"

# Ids travel in an LMS's custom parameters, line items and addresses; this alphabet survives all of them.
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=500)]
Tag = Annotated[str, StringConstraints(pattern=TAG_PATTERN)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=6000)]
Count = Annotated[int, Field(strict=True, ge=1, le=1000)]
Share = Annotated[Decimal, Field(gt=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSchema(_Strict):
    """One entry of `sources` in module.yaml."""

    id: Id
    title: Text
    kind: SourceKind
    stand: dt.date
    url: Url | None = None


class TermSchema(_Strict):
    """One entry of `glossary` in module.yaml."""

    id: Id
    term: Text
    text: Text


class ModuleSchema(_Strict):
    """module.yaml."""

    id: Id
    title: Text
    summary: Text
    summary_easy: Text
    minutes: Minutes
    objectives: Annotated[list[Text], Field(min_length=1)]
    competences: Annotated[dict[Tag, Annotated[int, Field(strict=True, ge=1, le=4)]], Field(min_length=1)]
    prerequisites: list[Id] = []
    provider: Text
    authors: Annotated[list[Text], Field(min_length=1)]
    licence: Text
    language: Language = "de"
    stand: dt.date
    review_due: dt.date
    sources: Annotated[list[SourceSchema], Field(min_length=1)]
    glossary: list[TermSchema] = []


class PageSchema(_Strict):
    """The front matter of pages/NN-slug.md."""

    title: Text
    minutes: Minutes
    stand: dt.date | None = None
    required: Annotated[bool, Field(strict=True)] = True
    sources: list[Id] = []


class OptionSchema(_Strict):
    """One option of a question."""

    id: Id
    text: Text
    correct: Annotated[bool, Field(strict=True)] = False
    feedback: Text


class QuestionSchema(_Strict):
    """One question of quiz.yaml."""

    id: Id
    kind: QuestionKind
    prompt: Text
    points: Count = 1
    options: Annotated[list[OptionSchema], Field(min_length=2)]
    explain: Text
    source: Id
    page: Id | None = None


class QuizSchema(_Strict):
    """quiz.yaml."""

    pass_share: Share = Decimal("0.6")
    attempts_limit: Count | None = None
    questions: Annotated[list[QuestionSchema], Field(min_length=1)]


class CapstoneSchema(_Strict):
    """`capstone` of a certification: the assignment of a module."""

    module: Id
    pass_share: Share = Decimal("0.6")


class CertificationSchema(_Strict):
    """certifications/<id>.yaml."""

    id: Id
    title: Text
    summary: Text
    issuer: Text
    rule: Text
    required: list[Id] = []
    electives: list[Id] = []
    electives_needed: Annotated[int, Field(strict=True, ge=0)] = 0
    pass_share: Share = Decimal("0.6")
    participation_share: Share = Decimal("0.5")
    capstone: CapstoneSchema | None = None
    validity_months: Count | None = None
    refresher: list[Id] = []


class PlannedSchema(_Strict):
    """A module that is announced in catalogue.yaml."""

    title: Text
    minutes: Minutes


class CatalogueSchema(_Strict):
    """catalogue.yaml: the order of modules and certifications, and which modules are only announced."""

    modules: Annotated[list[Id], Field(min_length=1)]
    planned: dict[Id, PlannedSchema] = {}
    certifications: list[Id] = []
