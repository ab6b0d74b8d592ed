"""The words for what is held of people: what, why, until when, who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.privacy import ACCOUNTS, Audience, Basis, Ends, Kind, Sees
from lti_tool.web.languages import gettext


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind is, and what it is for."""

    what: LazyString
    why: LazyString


KINDS: Mapping[Kind, Words] = {
    Kind.IDENTITY: Words(
        _("Kennung, Name und Monat der letzten Anmeldung"),
        _("damit Ihr Stand wiedergefunden wird; den Namen nur, wenn Ihre Lernplattform ihn mitteilt"),
    ),
    Kind.COURSES: Words(_("Kurse und Rolle darin"), _("damit Lehrkräfte den Stand ihres Kurses sehen")),
    Kind.ROSTERS: Words(
        _("Einträge in Teilnehmendenlisten von Kursen"), _("damit auch zu sehen ist, wer noch nicht begonnen hat")
    ),
    Kind.PROGRESS: Words(
        _("Geöffnete Seiten, letzte Seite und bestandene Module"),
        _("damit Sie weitermachen können, wo Sie waren, und für Ihren Weg zum Zertifikat"),
    ),
    Kind.ATTEMPTS: Words(_("Versuche mit Ergebnis"), _("damit der beste zählt und Sie alles nachlesen können")),
    Kind.ANSWERS: Words(_("Antworten, auch geschriebene Texte"), _("damit Sie nachlesen können, was richtig ist")),
    Kind.FILES: Words(_("Abgegebene Dateien"), _("damit sie bewertet werden")),
    Kind.MARKS: Words(
        _("Punkte und Kommentare zu Texten und Dateien"), _("damit Sie wissen, wie bewertet wurde und warum")
    ),
    Kind.EXTRA_TIME: Words(_("Mehr Zeit bei einer Zeitgrenze"), _("damit Nachteile ausgeglichen werden")),
    Kind.GRADES: Words(
        _("Bewertungen für die Lernplattform"), _("damit das Ergebnis, das zählt, dort ankommt und stimmt")
    ),
    Kind.CREDITS: Words(_("Angerechnete Module mit Grund"), _("damit zählt, was Sie anderswo bestanden haben")),
    Kind.ATTENDANCE: Words(
        _("Teilnahme an Live-Terminen mit Minuten und Verlauf"),
        _("damit sie für Teilnahmebescheinigungen und Zertifikate zählt"),
    ),
    Kind.CALENDAR: Words(
        _("Geheime Adresse Ihres Kalenders, nur als Prüfsumme"),
        _("damit Ihr Kalenderprogramm Ihre Termine zeigt; nur wenn Sie sie erzeugen"),
    ),
    Kind.DATES: Words(
        _("Anmeldungen zu Live-Terminen"),
        _("damit Sie einen Platz haben und erfahren, was sich ändert"),
    ),
    Kind.SELF_ASSESSMENT: Words(
        _("Selbsteinschätzung"), _("damit Sie sie wieder ansehen können; nur wenn Sie sie speichern")
    ),
    Kind.PROOFS: Words(_("Ausgestellte Nachweise"), _("damit andere sie prüfen können")),
    Kind.TRANSCRIPTS: Words(
        _("Lernnachweise, die Sie mitnehmen oder vorlegen"),
        _("damit zählt, was Sie in einer anderen Kommune bestanden haben"),
    ),
    Kind.IDEAS: Words(
        _("Ideenkarten, auch Entwürfe, und was daraus wurde"),
        _("damit andere Gutes nachmachen können; nur wenn Sie Karten schreiben"),
    ),
    Kind.TEACHING: Words(
        _("Was als Lehrkraft bewertet, angerechnet, freigegeben und an Terminen geändert wurde"),
        _("damit feststeht, wer entschieden hat"),
    ),
    Kind.SESSIONS: Words(_("Anmeldungen"), _("damit Sie in der Aktivität angemeldet bleiben")),
    Kind.MERGES: Words(
        _("Zusammengeführte Kennungen"),
        _("damit nichts verloren geht, wenn Ihre Lernplattform Ihre Kennung ändert"),
    ),
}

AUDIENCES: Mapping[Audience, LazyString] = {
    Audience.SELF: _("Sie"),
    Audience.INSTRUCTOR: _("Lehrkräfte Ihres Kurses"),
    Audience.ADMINISTRATOR: _("Administration der Lernplattform"),
    Audience.OPERATOR: _("Betreiber"),
    Audience.PLATFORM: _("Ihre Lernplattform"),
    Audience.PUBLIC: _("wem Sie die Adresse geben"),
    Audience.READERS: _("wer Ihre freigegebene Karte lesen darf"),
}

SEES: Mapping[Sees, LazyString] = {
    Sees.ALL: _("ja"),
    Sees.OPEN_ONLY: _(
        "nur ob offen, begonnen oder bestanden; gibt Ihre Kommune Ergebnisse frei, auch beste Ergebnisse und Ihren Weg "
        "zum Zertifikat über alle Kurse"
    ),
    Sees.NUMBERS: _("nur Zahlen ab fünf Personen, gerundet"),
    Sees.IN_PARTS: _(
        "den Versuch, der zählt; Texte zum Bewerten, in der Regel ohne Namen; sonst nur, wie mindestens fünf Personen "
        "zusammen geantwortet haben"
    ),
    Sees.NAMELESS: _("zum Bewerten, in der Regel ohne Namen"),
    Sees.COUNTING: _("nur das Ergebnis, das zählt"),
    Sees.CHOSEN: _("den Namen nur, wenn Sie es wählen"),
    Sees.DATES_ONLY: _("Titel und Zeiten Ihrer Termine, ohne Namen"),
    Sees.ASKED: _("wenn Sie um Freigabe bitten"),
    Sees.ORIGIN: _("kennt es, denn es kommt von dort"),
}

BASES: Mapping[Basis, LazyString] = {
    Basis.TASK: _("Aufgabe der Kommune (Art. 6 Abs. 1 Buchst. e DSGVO mit Landesrecht)"),
    Basis.CONSENT: _("Ihre Einwilligung durch den Knopfdruck (Art. 6 Abs. 1 Buchst. a DSGVO)"),
    Basis.SECURITY: _("sichere Anmeldung (Art. 6 Abs. 1 Buchst. e mit Art. 32 DSGVO)"),
}

ENDS: Mapping[Ends, LazyString] = {
    Ends.RETENTION: _("bis zur Löschfrist"),
    Ends.ROSTER: _("bis Sie nicht mehr in der Liste stehen, längstens bis zur Löschfrist"),
    Ends.SESSION: _("wenige Stunden"),
    Ends.PROOF: _("Ihr Bezug dazu bis zur Löschfrist; ohne Namen bleibt der Nachweis prüfbar"),
    Ends.IDEA: _(
        "Entwürfe und Ihr Bezug dazu bis zur Löschfrist; freigegebene Karten bleiben ohne Ihren Namen, wenn Sie nichts "
        "anderes gewählt haben"
    ),
}


def seen_by(kind: Kind) -> str:
    """Say who sees a kind, and how much of it."""
    parts = []
    for audience, sees in ACCOUNTS[kind].seen_by.items():
        words = str(AUDIENCES[audience])
        parts.append(words if sees is Sees.ALL else f"{words} ({SEES[sees]})")
    return gettext("nur Sie") if len(parts) == 1 else "; ".join(parts)


def ends(kind: Kind) -> LazyString:
    """Say when a kind goes by itself."""
    return ENDS[ACCOUNTS[kind].ends]
