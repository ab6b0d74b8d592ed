"""A question as question banks know it, between their formats and our grammar. All texts are HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Loss:
    """What could not be carried.

    Attributes:
        name: of the question.
        reason: a German sentence without a full stop.
        whole: the whole question stays behind, not just a part of it.
    """

    name: str
    reason: str
    whole: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


Lose = Callable[[str], None]
"""Is called with the reason for each thing that is lost."""


class NotCarried(Exception):  # noqa: N818 -- a normal outcome, told to the author
    """The whole question stays behind; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAnswer:
    """One answer.

    Attributes:
        share: of the points that it earns, -1 to 1.
        tolerance: of a number, as written.
    """

    html: str
    share: Fraction
    feedback: str = ""
    tolerance: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankQuestion:
    """One question.

    Attributes:
        name: its title in the bank; `id` is the bank's own name for it.
        kind: Moodle's word: multichoice, truefalse, numerical, shortanswer, cloze, matching, ordering or essay.
        single: of several choices only one may be chosen.
        general: feedback to everybody.
        right: feedback to a fully right answer; `wrong` to a wrong one.
        pairs: left and right sides; a left side that is empty only adds a right side.
        units: names of units, the plain one first.
        words: fewest and most.
        grader: what markers are told.
    """

    name: str
    kind: str
    html: str
    id: str = ""
    points: Fraction = Fraction(1)
    general: str = ""
    hints: tuple[str, ...] = ()
    shuffle: bool = True
    single: bool = True
    match_case: bool = False
    answers: tuple[BankAnswer, ...] = ()
    right: str = ""
    wrong: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()
    words: tuple[int, int] | None = None
    grader: str = ""


WHOLE = Fraction(1)
ANYTHING = "*"
"""An answer that fits whatever was typed."""
