"""What is wrong with content, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the start; a warning is only told; a hint is advice on good style."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    Attributes:
        line: counted from 1, as editors do; so is `column`.
        what: what is wrong, a short German sentence without a full stop.
        mend: what to do about it.
    """

    file: str
    line: int
    column: int
    what: str
    mend: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what} – {self.mend}"


class ContentErrors(Exception):  # noqa: N818 -- it holds all errors, so the plural is its name
    """The content cannot be used.

    Attributes:
        problems: every finding, warnings included, in the order of files and lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_reading_order(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_reading_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by file, line and column; the same finding is told once."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.what)))
