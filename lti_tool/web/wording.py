"""How times, durations, points and shares are written: German forms, and their English counterparts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from babel import Locale
from flask import Flask

from lti_tool.curriculum.tasks import FileType
from lti_tool.domain.file_types import SUFFIXES
from lti_tool.domain.grading import round_points
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.web.languages import gettext, language, ngettext

_MEGABYTE = 1_000_000
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def clock_time(moment: datetime) -> str:
    """Write 14:32 Uhr."""
    time = moment.astimezone(TOWN_TIME).strftime("%H:%M")
    return str(gettext("%(time)s Uhr", time=time)).replace(" ", _NO_BREAK)


def day(value: date) -> str:
    """Write 22.11.2026."""
    if isinstance(value, datetime):
        value = value.astimezone(TOWN_TIME).date()
    if language() == "de":
        return value.strftime("%d.%m.%Y")
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Write 22.11.2026, 14:32 Uhr."""
    return f"{day(value)}, {clock_time(value)}"


def duration(minutes: int) -> str:
    """Write 45 Min., 2 Std. or 1 Std. 30 Min."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(gettext("%(hours)s Std.", hours=hours))
    if rest or not hours:
        parts.append(gettext("%(minutes)s Min.", minutes=rest))
    return " ".join(parts)


def rough_hours(minutes: int) -> str:
    """Write 14 Stunden; below two hours exact."""
    if minutes < 120:  # noqa: PLR2004 -- two hours
        return duration(minutes)
    hours = round(minutes / 60)
    return str(ngettext("%(num)s Stunde", "%(num)s Stunden", hours))


def number(value: Decimal | Fraction | int) -> str:
    """Write 8 or 6,67: no zeros at the end, with the comma of German."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / value.denominator
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",") if language() == "de" else plain


def exact(value: Fraction) -> str:
    """Write 3, 2,5 or 0,33: a fraction as people type it."""
    return number(round_points(value) if value >= 0 else -round_points(-value))


def file_types(types: tuple[FileType, ...]) -> str:
    """Write PDF, DOCX, PNG/JPEG."""
    return ", ".join("PNG/JPEG" if kind is FileType.IMAGE else kind.upper() for kind in types)


def file_suffixes(types: tuple[FileType, ...]) -> str:
    """Write what a file field takes: .pdf,.docx."""
    return ",".join(suffix for kind in types for suffix in SUFFIXES[kind])


def size(count: int) -> str:
    """Write 340 KB or 2,5 MB."""
    if count < _MEGABYTE:
        return f"{number(max(1, count // 1000))}{_NO_BREAK}KB"
    return f"{number(Decimal(count // 100_000) / 10)}{_NO_BREAK}MB"


def percent(share: Fraction) -> str:
    """Write 80 % or 66,6 %: cut, never rounded up, so that "60 %" is never shown where it was missed."""
    tenth = (Decimal(share.numerator * 100) / share.denominator).quantize(Decimal("0.1"), ROUND_FLOOR)
    return f"{number(tenth)}{_NO_BREAK}%"


def language_name(code: str) -> str:
    """Write Englisch for "en": a language by its name in the language of this request."""
    return str(Locale.parse(language()).languages.get(code, code))


def install(app: Flask) -> None:
    """Make all of these template filters."""
    for words in (
        *(file_types, file_suffixes, size, clock_time, day, moment, duration, rough_hours, number, exact, percent),
        language_name,
    ):
        app.jinja_env.filters[words.__name__] = words
