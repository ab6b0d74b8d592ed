"""The sentences of the player that depend on what the learner does."""

from __future__ import annotations

from typing import Any

from lti_tool.curriculum.model import Module
from scorm_packages.language import Language


def words(language: Language, module: Module) -> dict[str, Any]:
    """Return them by the names that `runtime/` uses; words in capitals are filled there."""
    _ = language.gettext
    return {
        "read": _("gelesen"),
        "open": _("offen"),
        "answered": _("beantwortet"),
        "pagesRead": (_("%(read)s von %(all)s Seiten") % {"read": "READ", "all": len(module.pages)}),
        "question": _("Frage %(number)s") % {"number": "NUMBER"},
        "questionOf": _("Frage %(number)s von %(all)s") % {"number": "NUMBER", "all": "ALL"},
        "next": _("Weiter"),
        "toHandIn": _("Zur Abgabe"),
        "allAnswered": _("Sie haben alle Fragen beantwortet."),
        "oneOpen": _("Eine Frage ist noch offen. Offene Fragen zählen mit 0 Punkten. Sie können trotzdem abgeben."),
        "severalOpen": _(
            "%(count)s Fragen sind noch offen. Offene Fragen zählen mit 0 Punkten. Sie können trotzdem abgeben."
        )
        % {"count": "COUNT"},
        "begin": _("Quiz beginnen"),
        "goOn": _("Weiter mit dem Quiz"),
        "again": _("Noch einmal versuchen"),
        "anyAttempts": _("Beliebig viele Versuche"),
        "oneAttempt": _("Noch ein Versuch"),
        "severalAttempts": _("Noch %(count)s Versuche") % {"count": "COUNT"},
        "passed": _("Bestanden"),
        "notPassed": _("Noch nicht bestanden"),
        "points": _("%(points)s von %(maximum)s Punkten") % {"points": "POINTS", "maximum": "MAXIMUM"},
        "minutesLeft": _("Noch %(minutes)s Min.") % {"minutes": "MINUTES"},
        "lastMinute": _("Noch weniger als eine Minute."),
        "alone": _("Fortschritt wird nicht gespeichert: Dieses Paket läuft gerade ohne Lernplattform."),
        "connecting": _("Verbindung zur Lernplattform wird aufgebaut …"),
        "launchAgain": _(
            "Fortschritt wird nicht gespeichert: Diese Sitzung ist beendet. "
            "Öffnen Sie das Modul noch einmal aus Ihrem Kurs."
        ),
        "readOnly": _("Ansicht ohne Wertung – es wird nichts gespeichert."),
        "saving": {
            "saved": _("Gespeichert"),
            "waiting": _("Wird gespeichert …"),
            "unsaved": _("Nicht gespeichert"),
        },
        **_verdicts(language),
    }


def _verdicts(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "right": _("richtig"),
        "partly": _("teilweise richtig"),
        "wrong": _("nicht richtig"),
        "unanswered": _("nicht beantwortet"),
        "yoursRight": _("Ihre Antwort, richtig:"),
        "yoursWrong": _("Ihre Antwort, nicht richtig:"),
        "wouldBe": _("Richtig wäre:"),
        "notChosen": _("Nicht gewählt:"),
        "inPlace": _("An der richtigen Stelle:"),
        "outOfPlace": _("Nicht an der richtigen Stelle:"),
        "rightOrder": _("Die richtige Reihenfolge:"),
        "readAgain": _("Nachlesen:"),
    }
