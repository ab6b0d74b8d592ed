"""The learning content after checking: immutable, with rendered and sanitised HTML.

Everything called `*_html` is safe to print unescaped; everything else is plain text and must be escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from lti_tool.curriculum.questions import Counts, Option, Question, QuestionKind, Quiz, ReviewMode
from lti_tool.curriculum.self_assessment import SelfAssessment
from lti_tool.curriculum.sources import Source, SourceKind

__all__ = [
    "Catalogue",
    "Certification",
    "Counts",
    "Module",
    "Option",
    "Page",
    "Part",
    "PlannedModule",
    "Question",
    "QuestionKind",
    "Quiz",
    "ReviewMode",
    "Source",
    "SourceKind",
]

REFRESH_MONTHS = 6
"""Before its end a certificate can be renewed, where the content says nothing else."""

_V = TypeVar("_V")


def _empty() -> Mapping[str, _V]:
    return MappingProxyType({})


class Part(StrEnum):
    """Which graded part of a module an attempt is at."""

    QUIZ = "quiz"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; `html` starts with headings of level 2, as the page's title is the first level.

    Attributes:
        required: counts for participation.
        stand: the day whose state of law and practice the page describes.
    """

    slug: str
    title: str
    minutes: int
    html: str
    stand: date
    sources: tuple[Source, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A unit that is launched, learned and graded on its own.

    Attributes:
        competences: tag ("SC-05") -> level 1 to 4 that the module leads to.
        prerequisites: ids of modules to learn before; advice, not a lock.
        assignment: a task that is handed in and marked by a person, with a pass mark of its own.
        media: names of the files in its `media` folder; nothing else may be served.
        version: short hash of the module's source files; part of its media addresses, which never change.
    """

    id: str
    title: str
    summary: str
    summary_easy: str
    minutes: int
    objectives: tuple[str, ...]
    competences: Mapping[str, int]
    provider: str
    authors: tuple[str, ...]
    licence: str
    stand: date
    review_due: date
    pages: tuple[Page, ...]
    version: str
    quiz: Quiz | None = None
    assignment: Quiz | None = None
    prerequisites: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    media: frozenset[str] = frozenset()
    language: str = "de"

    @property
    def required_pages(self) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if page.required)

    def graded(self, part: Part) -> Quiz | None:
        """Return the quiz or the assignment."""
        return self.assignment if part is Part.ASSIGNMENT else self.quiz

    def page(self, slug: str) -> Page | None:
        return next((page for page in self.pages if page.slug == slug), None)

    def neighbours(self, slug: str) -> tuple[Page | None, Page | None]:
        """Return the pages before and after; None at either end.

        Raises:
            KeyError: the module has no such page.
        """
        slugs = [page.slug for page in self.pages]
        if slug not in slugs:
            raise KeyError(slug)
        at = slugs.index(slug)
        before = self.pages[at - 1] if at else None
        after = self.pages[at + 1] if at + 1 < len(self.pages) else None
        return before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedModule:
    """A module that is announced but not written: trackers name it, nothing can launch it."""

    id: str
    title: str
    minutes: int
    language: str = "de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capstone:
    """The final piece of work: the assignment of a module, marked by a person.

    Attributes:
        pass_share: share of the assignment's points that counts as passed here.
    """

    module: str
    pass_share: Fraction = Fraction(3, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationWords:
    """What people read of a certification, in one language."""

    language: str
    title: str
    summary: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceNames:
    """What competences are called in one language: tag ("SC-05") -> name."""

    language: str
    of: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """The rule for a certificate (content); an issued certificate is a row of the database.

    Attributes:
        rule: the rule in words, as people read it.
        required: module ids, in the order they are best learned.
        electives: module ids of which `electives_needed` must be passed.
        pass_share: share of a module's quiz points that counts as passed here.
        participation_share: share of a module's required pages that proves participation.
        capstone: the assignment that must be passed besides the modules, if there is one.
        live_minutes: time to attend live dates of the certification or of its modules; 0 asks for none.
        validity_months: None for a certificate that does not end.
        refresher: module ids to pass again before a certificate ends.
        refresh_months: so many months before its end a certificate can be renewed.
        language: of title, summary and rule, and of the certificate.
        translations: the three in other languages, for pages around the certificate.
    """

    id: str
    title: str
    summary: str
    issuer: str
    rule: str
    required: tuple[str, ...]
    electives: tuple[str, ...] = ()
    electives_needed: int = 0
    pass_share: Fraction = Fraction(3, 5)
    participation_share: Fraction = Fraction(1, 2)
    capstone: Capstone | None = None
    live_minutes: int = 0
    validity_months: int | None = None
    refresher: tuple[str, ...] = ()
    refresh_months: int = REFRESH_MONTHS
    language: str = "de"
    translations: Mapping[str, CertificationWords] = field(default_factory=_empty)

    @property
    def module_ids(self) -> tuple[str, ...]:
        """All stations: required first, then electives."""
        return self.required + self.electives

    def told_in(self, language: str) -> CertificationWords:
        """Return its words in a language, or as they were written."""
        own = CertificationWords(language=self.language, title=self.title, summary=self.summary, rule=self.rule)
        return self.translations.get(language, own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be learned, in the order of `catalogue.yaml`.

    Attributes:
        competences: tag ("SC-05") -> name of the competence, in German.
        competences_in: the same in other languages.
        self_assessment: what learners may ask themselves; None where the content has none.
        warnings: what the check warned of, but for overdue reviews, as they become more overnight.
    """

    modules: Mapping[str, Module]
    certifications: Mapping[str, Certification]
    planned: Mapping[str, PlannedModule] = field(default_factory=_empty)
    competences: Mapping[str, str] = field(default_factory=_empty)
    competences_in: Mapping[str, Mapping[str, str]] = field(default_factory=_empty)
    self_assessment: SelfAssessment | None = None
    warnings: int = 0

    def module(self, module_id: str) -> Module | None:
        return self.modules.get(module_id)

    def competence_names(self, language: str) -> CompetenceNames:
        """Return what competences are called in a language, or as it was written."""
        told = language if language in self.competences_in else "de"
        return CompetenceNames(language=told, of=self.competences_in.get(language, self.competences))

    def certification(self, certification_id: str) -> Certification | None:
        return self.certifications.get(certification_id)

    def overdue(self, day: date) -> int:
        """Return how many modules should have been reviewed before a day."""
        return sum(module.review_due < day for module in self.modules.values())

    def warnings_on(self, day: date) -> int:
        """Return how many warnings the check would give on a day."""
        return self.warnings + self.overdue(day)
