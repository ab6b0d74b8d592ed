"""The player's two languages: the German sentence is the message id, as in the tool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

_TRANSLATIONS = Path(__file__).parent / "translations"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Language:
    """Sentences, dates, numbers and durations as one language writes them."""

    code: str
    catalogue: NullTranslations

    def gettext(self, german: str) -> str:
        return self.catalogue.gettext(german)

    def ngettext(self, one: str, several: str, number: int) -> str:
        return self.catalogue.ngettext(one, several, number)

    def day(self, value: date) -> str:
        """Write 22.11.2026."""
        if self.code == "de":
            return value.strftime("%d.%m.%Y")
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"

    def duration(self, minutes: int) -> str:
        """Write 45 Min., 2 Std. or 1 Std. 30 Min."""
        hours, rest = divmod(minutes, 60)
        parts = [self.gettext("%(hours)s Std.") % {"hours": hours}] if hours else []
        if rest or not hours:
            parts.append(self.gettext("%(minutes)s Min.") % {"minutes": rest})
        return " ".join(parts)

    def number(self, value: Decimal | Fraction | int) -> str:
        """Write 8 or 6,67."""
        if isinstance(value, Fraction):
            value = Decimal(value.numerator) / value.denominator
        plain = f"{value:f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return plain.replace(".", ",") if self.code == "de" else plain

    def percent(self, share: Fraction) -> str:
        """Write 60 % or 66,6 %."""
        tenth = (Decimal(share.numerator * 100) / share.denominator).quantize(Decimal("0.1"), ROUND_FLOOR)
        return f"{self.number(tenth)}{_NO_BREAK}%"


@lru_cache
def language(code: str) -> Language:
    """Return a language by its code."""
    if code == "de":
        return Language(code, NullTranslations())
    with (_TRANSLATIONS / code / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return Language(code, GNUTranslations(file))
