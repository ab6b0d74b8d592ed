"""How long the saved state can get, counted before a package is built.

SCORM 1.2 promises 4,096 characters of suspend_data, and LMSs cut or refuse what is longer: then nobody can go on where
they stopped. `runtime/suspend.js` writes the state; this counts its longest form, field by field.
"""

from __future__ import annotations

from typing import Any

from scorm_packages.errors import PackageError

LIMIT = 4096
TYPED_LIMITS = (200, 150, 100, 80, 60, 40)
"""How many characters a typed answer may have; the first that fits is taken."""
LONGEST_UNIT = 5
"""One typed character takes up to this many (`~20ac`)."""
MOST_ATTEMPTS = 9999

_PERCENT = 10_000  # in hundredths
_SEED = 6
_VERSION = 6
_BEGUN = 7
_PLACE = 4
_FIELDS = 12


def typed_limit(quiz: dict[str, Any] | None, pages: int) -> int:
    """Return how long typed answers may be so that the state always fits.

    Raises:
        PackageError: it cannot fit; the quiz asks for too much.
    """
    for limit in TYPED_LIMITS:
        if longest_state(quiz, pages, limit) <= LIMIT:
            return limit
    raise PackageError(
        f"Das Quiz ist für ein SCORM-Paket zu groß: Sein Zwischenstand passt nicht in {LIMIT} Zeichen. "
        "Kürzen Sie Lückentexte und Kurzantworten, oder bieten Sie das Modul über LTI an."
    )


def longest_state(quiz: dict[str, Any] | None, pages: int, limit: int) -> int:
    """Return the greatest length of what suspend.js writes."""
    frame = len("1") + _VERSION + _SEED + len("3") + len("o") + _PLACE + -(-pages // 4) + _BEGUN + _FIELDS
    counts = _digits(MOST_ATTEMPTS) + 2 * _digits(_PERCENT) + _digits(MOST_ATTEMPTS * _PERCENT)
    return frame + counts + _answers(quiz, limit)


def _answers(quiz: dict[str, Any] | None, limit: int) -> int:
    if quiz is None:
        return 0
    pools: dict[str | None, list[int]] = {}
    for question in quiz["questions"]:
        pools.setdefault(question["pool"], []).append(_answer(question, limit))
    total = 0
    for pool, lengths in pools.items():
        asked = quiz["pools"].get(pool, len(lengths))
        total += sum(sorted(lengths, reverse=True)[:asked]) + asked  # a separator after each
    return total


def _answer(question: dict[str, Any], limit: int) -> int:
    kind, task = question["kind"], question.get("task", {})
    if "options" in question:
        return _digits(2 ** len(question["options"]) - 1)
    if kind == "gaps":
        return sum(_gap(gap, limit) for gap in task["gaps"]) + len(task["gaps"]) - 1
    if kind == "order":
        return len(task["items"])
    if kind == "match":
        return len(task["pairs"]) * (_digits(len(task["choices"])) + 1)
    return limit * LONGEST_UNIT


def _gap(gap: dict[str, Any], limit: int) -> int:
    return _digits(len(gap["options"])) if gap["kind"] == "choice" else limit * LONGEST_UNIT


def _digits(number: int) -> int:
    """Digits to the base of 36."""
    digits = 1
    while number >= 36:  # noqa: PLR2004 -- the base
        number //= 36
        digits += 1
    return digits
