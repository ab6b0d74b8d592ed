"""Why somebody says that a card must not stay."""

from __future__ import annotations

from enum import StrEnum

LONGEST_WORDS = 1000


class Ground(StrEnum):
    """What is wrong with it."""

    PERSONAL = "personal"
    """It tells something about a person who did not agree."""
    RIGHTS = "rights"
    """Text or pictures belong to somebody else."""
    UNLAWFUL = "unlawful"
    OFFENSIVE = "offensive"
    ADVERTISING = "advertising"
    WRONG = "wrong"
