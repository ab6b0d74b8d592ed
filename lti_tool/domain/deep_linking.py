"""What an instructor may choose for a course, and what the platform takes (Deep Linking 2.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from lti_tool.curriculum.model import Catalogue, Module, Quiz
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grade_column import GRADE_PARAMETER, NEVER_GRADED

DEFAULT_MAXIMUM = 100
LARGEST_MAXIMUM = 1000
WHOLE_COURSE = "course"
WAY_PARAMETER = "way"
"""A tracker with a grade column names the certification whose percentage it sends."""

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]+")


class ContentKind(StrEnum):
    """What an activity shows; travels as `content` in the link's custom parameters and as the column's tag."""

    MODULE = "module"
    QUIZ = "quiz"
    ASSIGNMENT = "assignment"
    TRACKER = "tracker"
    SELF_ASSESSMENT = "self-assessment"
    DATES = "dates"
    IDEAS = "ideas"

    @property
    def of_a_module(self) -> bool:
        """Whether a link of this kind names a module."""
        return self not in {
            ContentKind.TRACKER,
            ContentKind.SELF_ASSESSMENT,
            ContentKind.DATES,
            ContentKind.IDEAS,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinkingSettings:
    """What the platform takes (Deep Linking 2.0, 4.4.1).

    Attributes:
        return_url: where the answer is posted to; a page of this very platform.
        accepts_links: whether activities (`ltiResourceLink`) may be handed back at all.
        accept_lineitem: False only if the platform says that it ignores grade columns.
        document_targets: "iframe", "window" as far as the platform names them.
        data: opaque, goes back unchanged; None if the platform sent none.
    """

    return_url: str
    accepts_links: bool = True
    accept_multiple: bool = False
    accept_lineitem: bool = True
    document_targets: frozenset[str] = frozenset()
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to put into a course; written `module:datenrecht`, `quiz:…`, `tracker`, `dates`, `ideas` and so on.

    Attributes:
        way: certification whose percentage a tracker, or dates, send as their grade; None without grades.
    """

    kind: ContentKind
    module_id: str | None = None
    way: str | None = None

    @property
    def subject_id(self) -> str | None:
        """What a grade column of this content is about."""
        return self.module_id or self.way

    def __str__(self) -> str:
        return f"{self.kind}:{self.module_id}" if self.module_id else str(self.kind)

    @property
    def custom(self) -> dict[str, str]:
        """Parameters that bring a launch, and any copy of the link, to this content (row D12).

        Raises:
            ValueError: an id with characters that platforms use to join parameters.
        """
        named = {"content": str(self.kind), "module": self.module_id or "", WAY_PARAMETER: self.way or ""}
        custom = {name: value for name, value in named.items() if value}
        if not all(_SAFE_ID.fullmatch(value) for value in custom.values()):
            raise ValueError(f"{self} does not survive an LMS's custom parameters")
        return custom


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentItem:
    """One activity to be made: `score_maximum` is None for one without a grade column."""

    choice: Choice
    title: str
    text: str
    score_maximum: int | None = field(default=None)

    @property
    def custom(self) -> dict[str, str]:
        """The link's parameters; one without a grade says so, or the first score would make a column after all."""
        custom = self.choice.custom
        if self.score_maximum is None and self.choice.kind.of_a_module:
            custom[GRADE_PARAMETER] = NEVER_GRADED
        return custom


def chosen(values: Iterable[str], catalogue: Catalogue) -> tuple[Choice, ...]:
    """Read what a form names, each thing once, the tracker last; `course:<id>` stands for a whole course.

    Raises:
        Refusal: `content.unknown` for anything the catalogue does not have (D7).
    """
    named = dict.fromkeys(choice for value in values for choice in _read(value, catalogue))
    return tuple(sorted(named, key=lambda choice: choice.kind is ContentKind.TRACKER))


def whole_course(certification_id: str, catalogue: Catalogue) -> tuple[Choice, ...]:
    """Return the modules of a course that are written, in its order, and the tracker.

    Raises:
        Refusal: `content.unknown`.
    """
    certification = catalogue.certification(certification_id)
    if certification is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "no such course")
    written = (module_id for module_id in certification.module_ids if module_id in catalogue.modules)
    return (*(Choice(ContentKind.MODULE, module_id) for module_id in written), Choice(ContentKind.TRACKER))


def has_grade(choice: Choice, catalogue: Catalogue) -> bool:
    """Tell whether this content ever sends a score: grades come from quizzes and assignments."""
    return graded_part(choice.kind, catalogue.module(choice.module_id or "")) is not None


def graded_part(kind: str, module: Module | None) -> Quiz | None:
    """Return the quiz or assignment that an activity of this kind grades; None if it grades nothing."""
    if module is None:
        return None
    return module.assignment if kind == ContentKind.ASSIGNMENT else module.quiz


def _read(value: str, catalogue: Catalogue) -> tuple[Choice, ...]:
    kind, _, name = value.partition(":")
    if kind == WHOLE_COURSE:
        return whole_course(name, catalogue)
    if value in {ContentKind.TRACKER, ContentKind.DATES, ContentKind.IDEAS} or (
        value == ContentKind.SELF_ASSESSMENT and catalogue.self_assessment
    ):
        return (Choice(ContentKind(value)),)
    module = catalogue.module(name)
    if module is None or kind not in {ContentKind.MODULE, ContentKind.QUIZ, ContentKind.ASSIGNMENT}:
        raise Refusal(Code.CONTENT_UNKNOWN, "no such content")
    if kind != ContentKind.MODULE and graded_part(kind, module) is None:
        raise Refusal(Code.CONTENT_UNKNOWN, f"module has no {kind}")
    return (Choice(ContentKind(kind), name),)
