"""Numbers as question banks and our files write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lti_tool.curriculum.exchange.bank import NotCarried

_FIVE_PLACES = Decimal("0.00001")


def decimal_text(text: str) -> str:
    """Return a number without exponent and needless zeros.

    Raises:
        NotCarried: it is none.
    """
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise NotCarried(f"„{text.strip()}“ ist keine Zahl") from None
    if not number.is_finite():
        raise NotCarried(f"„{text.strip()}“ ist keine Zahl")
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def number(text: str) -> int | float:
    """Return a number as YAML writes it.

    Raises:
        NotCarried: it is none.
    """
    plain = decimal_text(text)
    return float(plain) if "." in plain else int(plain)


def share_from_percent(text: str) -> Fraction:
    """Return the share a percentage stands for: 33.33333 is a third, as banks round to five places."""
    percent = Fraction(decimal_text(text))
    near = (percent / 100).limit_denominator(20)
    return near if abs(near * 100 - percent) < Fraction(1, 1000) else percent / 100


def percent(share: Fraction) -> str:
    """Return a share as banks write it: at most five places."""
    return decimal_text(str((Decimal(share.numerator * 100) / share.denominator).quantize(_FIVE_PLACES)))
