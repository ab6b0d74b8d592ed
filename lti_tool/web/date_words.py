"""Words of the pages about live dates: when, about what, how full, and why something cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.domain.date_series import MOST_DATES, Rhythm
from lti_tool.domain.live_dates import LONGEST_TITLE, MOST_SEATS, Closed, Deed, Fault, Plan, Subject
from lti_tool.domain.town_time import shown
from lti_tool.web.languages import gettext, language
from lti_tool.web.wording import day

WEEKDAYS = (_("Mo"), _("Di"), _("Mi"), _("Do"), _("Fr"), _("Sa"), _("So"))
WHOLE_WEEKDAYS = (
    *(_("Montag"), _("Dienstag"), _("Mittwoch"), _("Donnerstag")),
    *(_("Freitag"), _("Samstag"), _("Sonntag")),
)
MONTHS = (
    *(_("Januar"), _("Februar"), _("März"), _("April"), _("Mai"), _("Juni")),
    *(_("Juli"), _("August"), _("September"), _("Oktober"), _("November"), _("Dezember")),
)

RHYTHMS: Mapping[Rhythm, LazyString] = {
    Rhythm.WORKDAYS: _("jeden Werktag (Montag bis Freitag)"),
    Rhythm.WEEKLY: _("jede Woche"),
    Rhythm.FORTNIGHTLY: _("alle zwei Wochen"),
    Rhythm.FOUR_WEEKS: _("alle vier Wochen"),
}

CLOSED: Mapping[Closed, LazyString] = {
    Closed.CANCELLED: _("Dieser Termin ist abgesagt. An- und Abmelden ist nicht mehr möglich."),
    Closed.DEADLINE: _("Der Anmeldeschluss ist vorbei. Bitte wählen Sie einen anderen Termin."),
    Closed.BEGUN: _("Dieser Termin hat schon begonnen. An- und Abmelden ist nicht mehr möglich."),
    Closed.TWICE: _("Sie sind zu diesem Termin schon angemeldet."),
    Closed.NOT_SIGNED_UP: _("Sie sind zu diesem Termin nicht angemeldet."),
}

DEEDS: Mapping[Deed, LazyString] = {
    Deed.MADE: _("angelegt"),
    Deed.CHANGED: _("geändert"),
    Deed.CANCELLED: _("abgesagt"),
}

CHANGED: Mapping[str, LazyString] = {
    "subject": _("Inhalt"),
    "title": _("Titel"),
    "trainer": _("Leitung"),
    "starts_at": _("Beginn"),
    "ends_at": _("Ende"),
    "sign_up_until": _("Anmeldeschluss"),
    "join_url": _("Link zum Online-Raum"),
    "limits": _("Plätze"),
}

FAULTS: Mapping[Fault, tuple[str, LazyString]] = {
    Fault.TITLE: ("title", _("Bitte nennen Sie einen Titel mit höchstens %(most)s Zeichen.", most=LONGEST_TITLE)),
    Fault.TRAINER: ("trainer", _("Bitte kürzen Sie diese Angabe auf %(most)s Zeichen.", most=LONGEST_TITLE)),
    Fault.SUBJECT: ("subject", _("Bitte wählen Sie, worum es geht.")),
    Fault.NOT_A_TIME: ("day", _("Bitte nennen Sie Tag und Uhrzeiten vollständig.")),
    Fault.NO_SUCH_HOUR: (
        "day",
        _("Diese Uhrzeit gibt es an diesem Tag nicht: In der Nacht werden die Uhren von 2 auf 3 Uhr vorgestellt."),
    ),
    Fault.HOUR_TWICE: (
        "day",
        _("Diese Uhrzeit gibt es an diesem Tag zweimal: In der Nacht werden die Uhren von 3 auf 2 Uhr zurückgestellt."),
    ),
    Fault.BEGUN: ("day", _("Der Termin liegt in der Vergangenheit. Bitte wählen Sie einen späteren Beginn.")),
    Fault.ENDS_FIRST: ("until", _("Das Ende muss nach dem Beginn liegen.")),
    Fault.TOO_LONG: ("until", _("Ein Termin kann höchstens zwölf Stunden dauern.")),
    Fault.DEADLINE: ("deadline", _("Der Anmeldeschluss darf nicht nach dem Beginn liegen.")),
    Fault.LINK: (
        "join_url",
        _("Der Link muss mit https:// beginnen und darf weder Leerzeichen noch Skripte oder Zugangsdaten enthalten."),
    ),
    Fault.SEATS: ("seats", _("Bitte nennen Sie eine Zahl von 1 bis %(most)s.", most=MOST_SEATS)),
    Fault.SEATS_PER_TOWN: ("per_town", _("Eine Kommune kann höchstens so viele Plätze bekommen, wie es gibt.")),
    Fault.SEATS_TAKEN: (
        "seats",
        _("So wenige Plätze gehen nicht: Es sind schon mehr vergeben. Niemand verliert einen zugesagten Platz."),
    ),
    Fault.SERIES: ("number", _("Bitte nennen Sie eine Zahl von 1 bis %(most)s.", most=MOST_DATES)),
    Fault.REASON: ("reason", _("Bitte nennen Sie einen Grund mit höchstens 500 Zeichen.")),
    Fault.OVER: ("day", _("Dieser Termin ist vorbei oder abgesagt und lässt sich nicht mehr ändern.")),
}
"""At which field of the form a fault is said, and in which words."""


def when(plan: Plan) -> str:
    """Write Mo, 30.11.2026, 10:00–11:30 Uhr."""
    start = shown(plan.starts_at)
    return f"{WEEKDAYS[start.weekday()]}, {day(start.date())}, {hours(plan)}"


def hours(plan: Plan) -> str:
    """Write 10:00–11:30 Uhr."""
    times = f"{shown(plan.starts_at):%H:%M}–{shown(plan.ends_at):%H:%M}"
    return gettext("%(time)s Uhr", time=times).replace(" ", "\N{NO-BREAK SPACE}")


def month_name(first: date) -> str:
    """Write November 2026."""
    return f"{MONTHS[first.month - 1]} {first.year}"


def subject_title(catalogue: Catalogue, subject: Subject) -> str:
    """Return what a date is about; "" for content that is no longer offered."""
    about = subject_of(catalogue, subject)
    if about is not None:
        return about.title
    certification = catalogue.certification(subject.certification_id or "")
    return certification.told_in(language()).title if certification else ""


def subject_of(catalogue: Catalogue, subject: Subject) -> Module | None:
    """Return the module a date is about, if it is about one that is offered."""
    return catalogue.module(subject.module_id or "")
