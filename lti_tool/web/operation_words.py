"""Words of the pages for administrators and operators: why grades failed, what was done."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.delivery import Reason
from lti_tool.domain.key_life import KeyState
from lti_tool.services.audit import Action, Who
from lti_tool.services.platform_switches import PAUSED
from lti_tool.services.towns import Closing
from lti_tool.web.grade_line import REASONS
from lti_tool.web.languages import gettext
from lti_tool.web.wording import day, moment

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
    Action.TRANSCRIPTS_ACCEPTED: _("Lernnachweise einer Kommune anerkannt"),
    Action.TRANSCRIPTS_DECLINED: _("Lernnachweise einer Kommune nicht anerkannt"),
    Action.PERSON_EXPORTED: _("Auskunft über eine Person erstellt"),
    Action.PERSON_ERASED: _("Daten einer Person gelöscht"),
    Action.PEOPLE_EXPIRED: _("Daten nach Ablauf der Frist gelöscht"),
    Action.RETENTION_SET: _("Löschfrist geändert"),
    Action.TOWN_CLOSED: _("Kommune geschlossen"),
    Action.TOWN_REOPENED: _("Kommune wieder geöffnet"),
    Action.TOWN_EXPORTED: _("Daten einer Kommune ausgegeben"),
    Action.TOWN_ERASED: _("Daten einer geschlossenen Kommune gelöscht"),
    Action.DATE_OFFERED: _("Live-Termin angelegt"),
    Action.DATE_CHANGED: _("Live-Termin geändert"),
    Action.DATE_CANCELLED: _("Live-Termin abgesagt"),
    Action.IDEA_RELEASED: _("Idee freigegeben"),
    Action.IDEA_REJECTED: _("Freigabe einer Idee abgelehnt"),
    Action.IDEA_HIDDEN: _("Idee ausgeblendet"),
    Action.IDEA_SHOWN_AGAIN: _("Idee wieder eingeblendet"),
    Action.IDEA_WITHDRAWN: _("Idee zurückgezogen"),
    Action.IDEA_ADOPTED: _("Idee übernommen"),
    Action.IDEA_GIVEN_UP: _("Idee doch nicht übernommen"),
    Action.IDEA_REPORTS_SETTLED: _("Meldungen zu einer Idee erledigt"),
    Action.ATTENDANCE_NOTED: _("Anwesenheit bei einem Termin eingetragen"),
    Action.ATTENDANCE_CORRECTED: _("Anwesenheit bei einem Termin berichtigt"),
    Action.MERGE_UNDONE: _("Zusammenführung rückgängig gemacht"),
}

WHO: Mapping[Who, LazyString] = {
    Who.OPERATOR: _("Betrieb"),
    Who.ADMINISTRATOR: _("Administration der Lernplattform"),
    Who.INSTRUCTOR: _("Lehrkraft"),
    Who.COMMAND_LINE: _("Befehlszeile"),
    Who.PERSON: _("die Person selbst"),
    Who.NIGHTLY_JOB: _("nächtliche Löschung"),
}

KEY_STATES: Mapping[KeyState, LazyString] = {
    KeyState.NEXT: _("nächster"),
    KeyState.ACTIVE: _("unterschreibt"),
    KeyState.RETIRED: _("abgelöst, noch veröffentlicht"),
    KeyState.GONE: _("nicht mehr veröffentlicht"),
}


def closing_words(closing: Closing) -> str:
    """Say when a town's contract ends or ended, and when its data go."""
    if closing.erased_at:
        return gettext(
            "Diese Kommune ist geschlossen; ihre Daten wurden am %(day)s gelöscht.", day=day(closing.erased_at)
        )
    return gettext(
        "Diese Kommune ist zum %(closes)s geschlossen: Danach kann sich niemand mehr anmelden. Am %(erases)s werden "
        "alle Daten der Lernenden gelöscht; bis dahin gibt der Betreiber sie heraus.",
        closes=moment(closing.closes_at) if closing.closes_at else "",
        erases=day(closing.erases_at) if closing.erases_at else "",
    )


def reason_words(reason: str | None) -> LazyString:
    """Say why a grade was not delivered."""
    return _REASONS.get(reason or "", _UNNAMED)
