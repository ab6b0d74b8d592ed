"""Figures about questions: how hard they are, whether they tell the able from the others, what was chosen.

Each person counts once, with the first attempt: later ones follow explanations that were read in between. Below five
people nothing is said, as figures about few are figures about somebody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """One person's first attempt.

    Attributes:
        shares: question -> share of its points, 0 to 1; questions that were not asked are missing.
        chosen: question -> ids of the options chosen.
    """

    shares: Mapping[str, Fraction]
    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    total: float = field(init=False, repr=False, compare=False)
    """Sum of all shares: each question is compared with the rest, and adding the rest anew for each is slow."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(map(float, self.shares.values())))


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """Figures about one question.

    Attributes:
        people: how many were asked it.
        difficulty: mean share of the points, 0 (nobody) to 1 (everybody).
        discrimination: correlation with the rest of the quiz, -1 to 1; None where all did alike.
        chosen: option -> how many chose it.
        unanswered: how many chose nothing.
    """

    question_id: str
    people: int
    difficulty: Fraction
    discrimination: float | None
    chosen: Mapping[str, int]
    unanswered: int


def question_figures(question_id: str, taken: Sequence[Taken]) -> QuestionFigures | None:
    """Return the figures of a question, None as long as fewer than five people were asked it."""
    asked = [attempt for attempt in taken if question_id in attempt.shares]
    if len(asked) < FEWEST_PEOPLE:
        return None
    shares = [attempt.shares[question_id] for attempt in asked]
    chosen = Counter(option for attempt in asked for option in attempt.chosen.get(question_id, ()))
    alike = Counter(shares)
    return QuestionFigures(
        question_id=question_id,
        people=len(asked),
        difficulty=sum((share * people for share, people in alike.items()), Fraction(0)) / len(shares),
        discrimination=_correlation([float(share) for share in shares], [_rest(question_id, one) for one in asked]),
        chosen=dict(chosen),
        unanswered=sum(not attempt.chosen.get(question_id) for attempt in asked),
    )


def _rest(question_id: str, attempt: Taken) -> float:
    """Mean share of all other questions, as a question that counts in the sum would go along with itself."""
    others = len(attempt.shares) - 1
    return (attempt.total - float(attempt.shares[question_id])) / others if others else 0.0


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's coefficient; None where one of both never varies."""
    mean_first, mean_second = sum(first) / len(first), sum(second) / len(second)
    away_first, away_second = [value - mean_first for value in first], [value - mean_second for value in second]
    spread = sqrt(sum(value**2 for value in away_first) * sum(value**2 for value in away_second))
    if spread < 1e-12:  # noqa: PLR2004 -- rounding alone, not a difference between people
        return None
    together = sum(one * other for one, other in zip(away_first, away_second, strict=True))
    return max(-1.0, min(1.0, together / spread))
