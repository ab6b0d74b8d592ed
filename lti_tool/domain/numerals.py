"""Numbers as people type them, in German and in English, read exactly.

The offline packages' JavaScript reads by the same rules (`curriculum/static/grade.js`).
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

LONGEST_NUMBER = 40

_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'"})
_GROUPED = r"[1-9][0-9]{0,2}"
_FORMS = tuple(
    re.compile(rf"([+-]?)({whole}){decimals}")
    for whole, decimals in (
        (rf"{_GROUPED}(?:\.[0-9]{{3}})+", "(?:,([0-9]+))?"),  # 1.234,5; so "1.234" is a thousand and more
        (rf"{_GROUPED}(?:[ '][0-9]{{3}})+", "(?:[.,]([0-9]+))?"),  # 1 234,5
        (rf"{_GROUPED}(?:,[0-9]{{3}}){{2,}}", ""),  # 1,234,567
        (rf"{_GROUPED}(?:,[0-9]{{3}})+", r"\.([0-9]+)"),  # 1,234.5
        (r"[0-9]+", "(?:[.,]([0-9]+))?"),  # 1234,5 and 1234.5; so "1,234" is a little more than one
        ("", "[.,]([0-9]+)"),  # ,5
    )
)


def read_number(text: str, unit: str | None = None) -> Fraction:
    """Read a number; German comes first where a form could mean two things.

    Args:
        text: what was typed, perhaps with the unit behind it.
        unit: the unit that may stand there.

    Raises:
        ValueError: no number, or one longer than anybody types.
    """
    plain = _without_unit(_plain(text), _plain(unit or ""))
    if len(plain) <= LONGEST_NUMBER:
        for form in _FORMS:
            found = form.fullmatch(plain)
            if found:
                sign, whole, decimals = (*found.groups(default=""), "")[:3]
                return _value(sign, whole, decimals)
    raise ValueError("not a number")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def _without_unit(text: str, unit: str) -> str:
    if unit and text.lower().endswith(unit.lower()):
        return text[: len(text) - len(unit)].rstrip()
    return text


def _value(sign: str, whole: str, decimals: str) -> Fraction:
    digits = re.sub(r"[^0-9]", "", whole)
    value = Fraction(int(digits + decimals or "0"), 10 ** len(decimals))
    return -value if sign == "-" else value
