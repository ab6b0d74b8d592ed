"""Questions and quizzes after checking: immutable, with rendered and sanitised HTML (`*_html`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from lti_tool.curriculum.sources import Source
from lti_tool.curriculum.tasks import Criterion, Essay, Task, Upload


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    IMAGE = "image"
    NUMERIC = "numeric"
    TEXT = "text"
    GAPS = "gaps"
    ORDER = "order"
    MATCH = "match"
    ESSAY = "essay"
    FILE = "file"


CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.IMAGE})
"""Kinds that are answered by choosing among `Question.options`."""
MARKED_BY_A_PERSON = frozenset({QuestionKind.ESSAY, QuestionKind.FILE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice: `html` is phrasing content (for a label), `feedback_html` says why it is right or wrong.

    Attributes:
        image: address of its picture, if it has one; `alt` says what is to be seen there.
    """

    id: str
    html: str
    correct: bool
    feedback_html: str
    image: str | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        prompt_html: phrasing content (it stands in a legend).
        options: of a question that is answered by choosing; true and false are two options as well.
        task: of every other question.
        explain_html: block content, shown with the result.
        right_html: feedback to a right answer where options have none of their own; `wrong_html` to any other.
        page: slug of the page to read again, if there is one.
        pool: the pool the question is drawn from; None for one that is always asked.
        hint_html: phrasing content, shown on demand.
        shuffle: whether its options may be shown in another order.
    """

    id: str
    kind: QuestionKind
    prompt_html: str
    points: int
    explain_html: str
    source: Source
    options: tuple[Option, ...] = ()
    task: Task | None = None
    right_html: str = ""
    wrong_html: str = ""
    page: str | None = None
    pool: str | None = None
    hint_html: str = ""
    shuffle: bool = True

    @property
    def correct(self) -> frozenset[str]:
        """Ids of the right options."""
        return frozenset(option.id for option in self.options if option.correct)

    @property
    def marked_by_a_person(self) -> bool:
        return self.kind in MARKED_BY_A_PERSON

    @property
    def rubric(self) -> tuple[Criterion, ...]:
        """What a marker looks at; empty where the tool grades."""
        return self.task.rubric if isinstance(self.task, Essay | Upload) else ()


class Counts(StrEnum):
    """Which of a person's attempts counts."""

    BEST = "best"
    LAST = "last"
    AVERAGE = "average"


class ReviewMode(StrEnum):
    """What a person sees of an attempt after handing it in."""

    FULL = "full"
    MARKS = "marks"
    """The points of each question, no right answers."""
    RESULT = "result"
    """The sum alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """Graded questions of a module: its quiz, or its assignment.

    Attributes:
        pass_share: share of the points that passes, 0 < share <= 1.
        attempts_limit: how many attempts count; None for any number.
        shuffle: whether questions and options are shown in an order of their own in each attempt.
        time_limit: minutes from the beginning of an attempt; None for as long as one likes.
        pools: name -> how many of its questions are asked; without pools every question is.
        title: of an assignment.
        minutes: how long an assignment takes, as its author thinks.
        intro_html: block content above an assignment's questions.
        version: short hash of all of the above, see `versions.quiz_version`.
    """

    questions: tuple[Question, ...]
    pass_share: Fraction = Fraction(3, 5)
    attempts_limit: int | None = None
    counts: Counts = Counts.BEST
    shuffle: bool = False
    time_limit: int | None = None
    review: ReviewMode = ReviewMode.FULL
    pools: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    title: str = ""
    minutes: int | None = None
    intro_html: str = ""
    version: str = ""

    @property
    def maximum(self) -> int:
        """Points of all questions that one attempt asks; the same for everybody."""
        always = sum(question.points for question in self.questions if question.pool not in self.pools)
        each = {question.pool: question.points for question in self.questions}
        return always + sum(count * each.get(pool, 0) for pool, count in self.pools.items())

    @property
    def length(self) -> int:
        """How many questions one attempt asks."""
        there = Counter(question.pool for question in self.questions)
        return sum(self.pools.get(pool or "", count) for pool, count in there.items())

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)
