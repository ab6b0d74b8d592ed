"""Words of the pages for administrators and operators: why grades failed, what was done."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.delivery import Reason
from lti_tool.domain.key_life import KeyState
from lti_tool.services.audit import Action, Who
from lti_tool.services.platform_switches import PAUSED
from lti_tool.web.grade_line import REASONS

_REASONS: Mapping[str, LazyString] = {
    **{str(reason): words for reason, words in REASONS.items()},
    Reason.PERSON_NOT_GRADABLE: _("Die Lernplattform nimmt für diese Person keine Bewertung an."),
    PAUSED: _("Die Anbindung war angehalten."),
}
_UNNAMED = _("Die Lernplattform hat die Bewertung nicht angenommen.")

ACTIONS: Mapping[Action, LazyString] = {
    Action.PLATFORM_CONNECTED: _("Lernplattform angebunden"),
    Action.PLATFORM_MOVED: _("Adressen der Lernplattform geändert"),
    Action.PLATFORM_PAUSED: _("Anbindung angehalten"),
    Action.PLATFORM_RESUMED: _("Anbindung wieder aufgenommen"),
    Action.DEPLOYMENT_APPROVED: _("Deployment freigegeben"),
    Action.DEPLOYMENT_DECLINED: _("Deployment abgelehnt"),
    Action.NAMES_KEPT: _("Namen werden gespeichert"),
    Action.NAMES_DELETED: _("Namen gelöscht und nicht mehr gespeichert"),
    Action.ROSTERS_READ: _("Teilnehmendenlisten werden gelesen"),
    Action.ROSTERS_DELETED: _("Teilnehmendenlisten gelöscht und nicht mehr gelesen"),
    Action.GRADES_SENT_AGAIN: _("Fehlgeschlagene Bewertungen erneut eingereiht"),
    Action.GRADE_OVERWRITTEN: _("Bewertung trotz Änderung in der Lernplattform gesendet"),
    Action.QUESTION_REGRADED: _("Frage für einen Kurs neu bewertet"),
    Action.RESULTS_EXPORTED: _("Kursstand als Datei heruntergeladen"),
    Action.WAYS_EXPORTED: _("Wege zum Zertifikat als Datei heruntergeladen"),
    Action.FIGURES_EXPORTED: _("Lernstand in Zahlen als Datei heruntergeladen"),
    Action.RESULTS_SHOWN: _("Lehrkräfte sehen beste Ergebnisse"),
    Action.RESULTS_HIDDEN: _("Lehrkräfte sehen nur bestanden oder offen"),
    Action.POINTS_SENT: _("Punkte gehen in die Lernplattform"),
    Action.ONLY_PASSES_SENT: _("Nur „bestanden“ geht in die Lernplattform"),
    Action.MARKED_ANONYMOUSLY: _("Texte werden ohne Namen bewertet"),
    Action.MARKED_BY_NAME: _("Texte werden mit Namen bewertet"),
    Action.TOWN_RENAMED: _("Kommune umbenannt"),
    Action.KEY_ROTATED: _("Nächster Schlüssel veröffentlicht"),
    Action.INVITATION_MADE: _("Einladung ausgestellt"),
    Action.INVITATION_REVOKED: _("Einladung zurückgezogen"),
    Action.OPERATOR_LINK_MADE: _("Zugangslink ausgestellt"),
    Action.OPERATOR_ENTERED: _("Im Betrieb angemeldet"),
    Action.IDENTITIES_MERGED: _("Kennungen zusammengeführt"),
    Action.PROOF_REVOKED: _("Nachweis widerrufen"),
    Action.MERGE_UNDONE: _("Zusammenführung rückgängig gemacht"),
}

WHO: Mapping[Who, LazyString] = {
    Who.OPERATOR: _("Betrieb"),
    Who.ADMINISTRATOR: _("Administration der Lernplattform"),
    Who.INSTRUCTOR: _("Lehrkraft"),
    Who.COMMAND_LINE: _("Befehlszeile"),
}

KEY_STATES: Mapping[KeyState, LazyString] = {
    KeyState.NEXT: _("nächster"),
    KeyState.ACTIVE: _("unterschreibt"),
    KeyState.RETIRED: _("abgelöst, noch veröffentlicht"),
    KeyState.GONE: _("nicht mehr veröffentlicht"),
}


def reason_words(reason: str | None) -> LazyString:
    """Say why a grade was not delivered."""
    return _REASONS.get(reason or "", _UNNAMED)
