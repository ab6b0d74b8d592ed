"""What a question asks for beyond a choice of options, and what is right there.

A value that a person chooses from a list is its text, so that nothing in a page tells which one is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric:
    """A number: right within `tolerance` of `answer`; `unit` stands behind the field and may be typed too."""

    answer: Fraction
    tolerance: Fraction = Fraction(0)
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortText:
    """One or a few words: right if spelt like one of `accept` (`spelling`)."""

    accept: tuple[str, ...]


class GapKind(StrEnum):
    """How a gap is filled."""

    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One gap.

    Attributes:
        options: what a choice offers, as plain text.
        accept: the right options of a choice, or the spellings that count in a text.
        number: what is right in a number.
    """

    id: str
    kind: GapKind
    options: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    number: Numeric | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapText:
    """A text with gaps: `pieces` of safe HTML with a gap between each two of them."""

    pieces: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to be put in order."""

    id: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """Things in their right order; `shown` is the order they are first shown in."""

    items: tuple[Item, ...]
    shown: tuple[Item, ...] = ()

    @property
    def start(self) -> tuple[Item, ...]:
        """The first order, which is never the right one."""
        if self.shown and self.shown != self.items:
            return self.shown
        by_text = tuple(sorted(self.items, key=lambda item: item.html))
        return by_text if by_text != self.items else by_text[::-1]

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What belongs together; the right side is plain text, as it is chosen from a list."""

    id: str
    left_html: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Pairs to be found; `shown` is the order the right sides are listed in."""

    pairs: tuple[Pair, ...]
    distractors: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """Every right side once, by default in the order of the alphabet."""
        return self.shown or tuple(sorted({*(pair.right for pair in self.pairs), *self.distractors}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of a rubric."""

    id: str
    text: str
    points: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay:
    """A free text, marked by a person.

    Attributes:
        words: from and to; advice, never a limit.
        snippets: comments that markers use again and again.
    """

    rubric: tuple[Criterion, ...]
    words: tuple[int, int] | None = None
    snippets: tuple[str, ...] = ()


class FileType(StrEnum):
    """What may be handed in as a file."""

    PDF = "pdf"
    ODT = "odt"
    DOCX = "docx"
    IMAGE = "image"
    """PNG or JPEG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file, marked by a person."""

    rubric: tuple[Criterion, ...]
    snippets: tuple[str, ...] = ()
    types: tuple[FileType, ...] = tuple(FileType)
    max_mib: int = 10


Task = Numeric | ShortText | GapText | Ordering | Matching | Essay | Upload
