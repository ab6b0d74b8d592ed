"""One thing the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is."""

    GOOD = "good"
    HINT = "hint"
    """Works, but wants attention, or cannot be told from here."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the report.

    Attributes:
        check: stable name for scripts, such as "database.version".
        found: one German sentence.
        mend: what to do; empty where nothing is.
    """

    check: str
    verdict: Verdict
    found: str
    mend: str = ""


def good(check: str, found: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check, Verdict.GOOD, found)


def hint(check: str, found: str, mend: str) -> Finding:
    """Return a finding that wants attention."""
    return Finding(check, Verdict.HINT, found, mend)


def bad(check: str, found: str, mend: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(check, Verdict.BAD, found, mend)
