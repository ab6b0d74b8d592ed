"""What a person reads when a request is refused: one sentence what happened, one what to do.

Every code has its own pair; `tests/functional/test_refusal_pages.py` sees to that. The advice names the one who can
mend it: the person herself, the teacher, or whoever administers the learning platform. What is refused to those who
install and operate the tool stands in `installation_sentences.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.errors import Code
from lti_tool.web.idea_sentences import IDEAS
from lti_tool.web.installation_sentences import OPERATION, REGISTRATION


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and what to do."""

    happened: LazyString
    advice: LazyString


_OPEN_AGAIN = _("Bitte öffnen Sie die Aktivität im Kurs noch einmal.")
_OPEN_IN_COURSE = _("Bitte öffnen Sie die Aktivität in Ihrem Kurs auf der Lernplattform.")
_TELL_ADMIN = _(
    "Bitte geben Sie der Administration Ihrer Lernplattform den Code und die Referenznummer unten weiter.",
)
_AGAIN_THEN_TELL = _(
    "Bitte öffnen Sie die Aktivität im Kurs noch einmal. Hilft das nicht, geben Sie der Administration Ihrer "
    "Lernplattform den Code und die Referenznummer unten weiter.",
)
_GO_BACK = _("Bitte gehen Sie zurück und öffnen Sie die Aktivität im Kurs noch einmal.")
_WAIT = _("Bitte warten Sie eine Minute und öffnen Sie dann die Aktivität im Kurs noch einmal.")

_LOGIN = {
    Code.LOGIN_MISSING_ISSUER: (
        _("Beim Öffnen hat sich keine Lernplattform gemeldet."),
        _OPEN_IN_COURSE,
    ),
    Code.LOGIN_UNKNOWN_ISSUER: (_("Ihre Lernplattform ist hier nicht angemeldet."), _TELL_ADMIN),
    Code.LOGIN_UNKNOWN_CLIENT: (
        _("Ihre Lernplattform meldet sich mit einer Client-ID, die hier nicht eingetragen ist."),
        _TELL_ADMIN,
    ),
    Code.LOGIN_AMBIGUOUS_CLIENT: (
        _("Ihre Lernplattform ist hier mehrfach angemeldet und sagt nicht, welche Anmeldung gilt."),
        _TELL_ADMIN,
    ),
    Code.LOGIN_MISSING_LOGIN_HINT: (
        _("Ihre Lernplattform hat nicht mitgeteilt, wer die Aktivität öffnet."),
        _AGAIN_THEN_TELL,
    ),
    Code.LOGIN_MISSING_TARGET: (
        _("Ihre Lernplattform hat nicht mitgeteilt, was geöffnet werden soll."),
        _AGAIN_THEN_TELL,
    ),
    Code.LOGIN_FOREIGN_TARGET: (
        _("Der Link im Kurs zeigt auf eine Adresse, die nicht zu Smart City Lernen gehört."),
        _TELL_ADMIN,
    ),
    Code.LOGIN_REGISTRATION_INACTIVE: (
        _("Die Verbindung zu Ihrer Lernplattform ist zurzeit abgeschaltet."),
        _TELL_ADMIN,
    ),
    Code.LOGIN_TOWN_CLOSED: (
        _("Ihre Kommune nutzt Smart City Lernen nicht mehr."),
        _(
            "Ihre Daten bekommen Sie noch einige Wochen lang: Bitte wenden Sie sich an die Stelle, die Ihre "
            "Lernplattform betreibt."
        ),
    ),
    Code.LOGIN_DUPLICATE_PARAMETER: (
        _("Ihre Lernplattform hat eine Angabe doppelt geschickt."),
        _AGAIN_THEN_TELL,
    ),
    Code.LOGIN_BAD_PARAMETER: (
        _("Ihre Lernplattform hat eine Angabe geschickt, die sich nicht lesen lässt."),
        _AGAIN_THEN_TELL,
    ),
    Code.RATE_LIMITED: (_("Von Ihrem Anschluss kamen gerade sehr viele Anfragen."), _WAIT),
    Code.PLATFORM_RATE_LIMITED: (_("Von Ihrer Lernplattform kamen gerade sehr viele Anfragen."), _WAIT),
}

_STATE = {
    Code.LAUNCH_MEDIA_TYPE: (
        _("Die Anmeldung Ihrer Lernplattform kam in einem unbekannten Format an."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_TOO_LARGE: (
        _("Die Anmeldung Ihrer Lernplattform ist größer, als sie sein darf."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_MISSING_TOKEN: (_("Die Anmeldung Ihrer Lernplattform kam ohne Inhalt an."), _AGAIN_THEN_TELL),
    Code.LAUNCH_PLATFORM_ERROR: (
        _("Ihre Lernplattform hat die Anmeldung abgebrochen und eine Fehlermeldung geschickt."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_MISSING_STATE: (
        _("Ihrer Anmeldung fehlt der Nachweis, dass sie hier begonnen hat."),
        _OPEN_IN_COURSE,
    ),
    Code.LAUNCH_UNKNOWN_STATE: (_("Diese Anmeldung wurde hier nicht begonnen."), _OPEN_IN_COURSE),
    Code.LAUNCH_EXPIRED_STATE: (_("Diese Seite hat zu lange gewartet."), _OPEN_AGAIN),
    Code.LAUNCH_REPLAYED: (
        _("Diese Anmeldung wurde schon einmal verwendet, zum Beispiel durch Neuladen der Seite."),
        _OPEN_AGAIN,
    ),
    Code.LAUNCH_WRONG_BROWSER: (
        _("Die Anmeldung wurde in einem anderen Browser oder Fenster begonnen."),
        _("Bitte öffnen Sie die Aktivität in diesem Browser noch einmal aus dem Kurs heraus."),
    ),
    Code.LAUNCH_FOREIGN_PAGE: (
        _("Der Nachweis, dass Sie die Aktivität geöffnet haben, kam von einer fremden Seite."),
        _OPEN_IN_COURSE,
    ),
    Code.LAUNCH_MISSING_NONCE: (
        _("Der Anmeldung Ihrer Lernplattform fehlt die Einmalnummer."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_NONCE: (
        _("Die Einmalnummer dieser Anmeldung gehört nicht zu der begonnenen."),
        _AGAIN_THEN_TELL,
    ),
}

_TOKEN = {
    Code.LAUNCH_MALFORMED_TOKEN: (
        _("Die Anmeldung Ihrer Lernplattform lässt sich nicht lesen."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_ALGORITHM: (
        _("Ihre Lernplattform unterschreibt Anmeldungen mit einem Verfahren, das hier nicht zugelassen ist."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_UNKNOWN_KEY: (
        _("Ihre Lernplattform hat mit einem Schlüssel unterschrieben, den sie nicht veröffentlicht."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_SIGNATURE: (
        _("Die Unterschrift Ihrer Lernplattform unter der Anmeldung stimmt nicht."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_ISSUER_MISMATCH: (
        _("Die Anmeldung stammt von einer anderen Lernplattform als der, die sie begonnen hat."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_AUDIENCE: (_("Die Anmeldung ist für ein anderes Werkzeug bestimmt."), _TELL_ADMIN),
    Code.LAUNCH_UNTRUSTED_AUDIENCE: (
        _("Die Anmeldung nennt neben diesem Werkzeug weitere Empfänger, die hier unbekannt sind."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_BAD_AZP: (
        _("Die Anmeldung wurde für einen anderen Empfänger ausgestellt."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_MISSING_EXP: (_("Die Anmeldung Ihrer Lernplattform hat kein Ablaufdatum."), _TELL_ADMIN),
    Code.LAUNCH_EXPIRED_TOKEN: (_("Diese Anmeldung ist abgelaufen."), _OPEN_AGAIN),
    Code.LAUNCH_MISSING_IAT: (_("Die Anmeldung Ihrer Lernplattform nennt keine Ausstellungszeit."), _TELL_ADMIN),
    Code.LAUNCH_OLD_TOKEN: (_("Diese Anmeldung wurde vor zu langer Zeit ausgestellt."), _OPEN_AGAIN),
    Code.LAUNCH_FUTURE_TOKEN: (
        _("Die Uhren gehen auseinander: Die Anmeldung Ihrer Lernplattform trägt eine Zeit in der Zukunft."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_BAD_TIME: (_("Die Zeitangaben der Anmeldung lassen sich nicht lesen."), _TELL_ADMIN),
    Code.LAUNCH_NOT_YET_VALID: (_("Diese Anmeldung gilt erst ab einem späteren Zeitpunkt."), _TELL_ADMIN),
}

_CLAIMS = {
    Code.LAUNCH_BAD_VERSION: (
        _("Ihre Lernplattform verwendet eine andere Fassung von LTI als 1.3."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_UNSUPPORTED_MESSAGE: (
        _("Ihre Lernplattform möchte eine Funktion nutzen, die Smart City Lernen nicht anbietet."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_BAD_DEPLOYMENT: (
        _("Die Anmeldung sagt nicht, zu welcher Einbindung in der Lernplattform sie gehört."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_DEPLOYMENT_PENDING: (
        _("Die Einbindung in Ihrer Lernplattform ist neu und noch nicht bestätigt."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_DEPLOYMENT_INACTIVE: (
        _("Die Einbindung in Ihrer Lernplattform ist zurzeit abgeschaltet."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_TARGET_MISMATCH: (
        _("Die Anmeldung führt zu einem anderen Ziel als dem, mit dem sie begonnen hat."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_RESOURCE_LINK: (
        _("Die Anmeldung sagt nicht, zu welcher Aktivität im Kurs sie gehört."),
        _AGAIN_THEN_TELL,
    ),
    Code.LAUNCH_BAD_ROLES: (
        _("Die Angabe zu Ihrer Rolle im Kurs lässt sich nicht lesen."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_BAD_SUBJECT: (
        _("Die Kennung, mit der Ihre Lernplattform Sie anmeldet, lässt sich nicht lesen."),
        _TELL_ADMIN,
    ),
    Code.LAUNCH_BAD_CONTEXT: (_("Die Angaben zum Kurs lassen sich nicht lesen."), _TELL_ADMIN),
    Code.LAUNCH_BAD_CUSTOM: (
        _("Die Angaben zum gewählten Inhalt lassen sich nicht lesen."),
        _("Bitte sagen Sie Ihrer Lehrkraft Bescheid: Die Aktivität muss im Kurs neu angelegt werden."),
    ),
    Code.LAUNCH_BAD_CLAIM: (
        _("Eine Angabe in der Anmeldung Ihrer Lernplattform lässt sich nicht lesen."),
        _TELL_ADMIN,
    ),
    Code.DEEP_LINKING_MISSING_SETTINGS: (
        _("Ihre Lernplattform hat nicht mitgeteilt, wie ein Inhalt ausgewählt werden kann."),
        _TELL_ADMIN,
    ),
    Code.DEEP_LINKING_FORBIDDEN: (
        _("Inhalte für einen Kurs auswählen können nur Lehrende."),
        _("Stimmt Ihre Rolle im Kurs nicht, bitten Sie die Administration Ihrer Lernplattform, sie zu prüfen."),
    ),
    Code.DEEP_LINKING_MISSING_RETURN_URL: (
        _("Ihre Lernplattform hat nicht mitgeteilt, wohin die Auswahl geschickt werden soll."),
        _TELL_ADMIN,
    ),
    Code.DEEP_LINKING_BAD_RETURN_URL: (
        _("Die Auswahl soll an eine Adresse gehen, die nicht zu Ihrer Lernplattform gehört."),
        _TELL_ADMIN,
    ),
    Code.DEEP_LINKING_BAD_DATA: (
        _("Ihre Lernplattform hat der Auswahl Angaben mitgegeben, die sich nicht zurückgeben lassen."),
        _TELL_ADMIN,
    ),
    Code.DEEP_LINKING_TOO_MANY_ITEMS: (
        _("An dieser Stelle nimmt Ihre Lernplattform nur einen Inhalt an."),
        _("Bitte gehen Sie zurück und wählen Sie genau einen Inhalt."),
    ),
    Code.DEEP_LINKING_ALREADY_ANSWERED: (
        _("Diese Auswahl ist schon an Ihre Lernplattform gegangen."),
        _("Bitte öffnen Sie die Auswahl im Kurs neu, wenn Sie weitere Inhalte übernehmen möchten."),
    ),
    Code.REGRADE_BAD_KEY: (
        _("Diese Lösung passt nicht zur Frage; es wurde nichts geändert."),
        _("Bitte gehen Sie zurück, und geben Sie die richtige Lösung an."),
    ),
    Code.REGRADE_NOT_COUNTED: (
        _("Es steht noch nicht fest, was sich ändern würde."),
        _("Bitte gehen Sie zurück, und warten Sie, bis die Zahlen da sind."),
    ),
    Code.REVIEW_BAD_MARKS: (
        _("Diese Punkte passen nicht zum Bewertungsraster; es wurde nichts gespeichert."),
        _("Bitte gehen Sie zurück, und wählen Sie in jeder Zeile einen der angebotenen Werte."),
    ),
    Code.REVIEW_FORBIDDEN: (
        _("Ergebnisse anderer sehen nur Lehrende dieses Kurses."),
        _("Ihr eigenes Ergebnis finden Sie, wenn Sie die Aktivität im Kurs öffnen."),
    ),
    Code.REVIEW_MISSING_USER: (
        _("Ihre Lernplattform hat nicht mitgeteilt, wessen Ergebnis angezeigt werden soll."),
        _("Bitte öffnen Sie in der Bewertungsübersicht das Ergebnis einer einzelnen Person, nicht die ganze Spalte."),
    ),
    Code.NOTICES_UNAUTHENTICATED: (
        _("Diese Mitteilung trägt keine gültige Unterschrift einer angemeldeten Lernplattform."),
        _TELL_ADMIN,
    ),
    Code.NOTICES_TOO_MANY: (_("Das sind mehr Mitteilungen, als hier auf einmal ankommen dürfen."), _TELL_ADMIN),
    Code.PLATFORM_JWKS_TIMEOUT: (
        _("Ihre Lernplattform hat auf eine Rückfrage nicht rechtzeitig geantwortet."),
        _WAIT,
    ),
    Code.PLATFORM_JWKS_INVALID: (
        _("Ihre Lernplattform veröffentlicht ihre Schlüssel nicht in lesbarer Form."),
        _TELL_ADMIN,
    ),
}

_WORK = {
    Code.TEMPORARILY_UNAVAILABLE: (_("Smart City Lernen ist gerade ausgelastet oder wird gewartet."), _WAIT),
    Code.STORAGE_FULL: (
        _("Smart City Lernen kann gerade nichts speichern. Was Sie eben gesendet haben, wurde nicht übernommen."),
        _("Was vorher gespeichert war, ist noch da. Bitte versuchen Sie es in einigen Minuten noch einmal."),
    ),
    Code.CONTENT_UNKNOWN: (
        _("Der Inhalt, auf den diese Aktivität zeigt, ist hier nicht mehr vorhanden."),
        _(
            "Wenn Sie lernen: Bitte sagen Sie Ihrer Lehrkraft Bescheid. "
            "Wenn Sie lehren: Bitte wählen Sie den Inhalt in den Einstellungen der Aktivität neu aus.",
        ),
    ),
    Code.SESSION_FOREIGN: (
        _("Diese Seite gehört zu einer anderen Anmeldung oder zu einem anderen Browser."),
        _OPEN_IN_COURSE,
    ),
    Code.SESSION_EXPIRED: (
        _("Ihre Anmeldung ist nach längerer Pause abgelaufen."),
        _("Bitte öffnen Sie die Aktivität im Kurs noch einmal. Ihr gespeicherter Stand ist noch da."),
    ),
    Code.HANDOVER_EXPIRED: (
        _("Der Wechsel in den neuen Tab hat zu lange gedauert oder wurde schon einmal verwendet."),
        _("Bitte öffnen Sie die Aktivität im Kurs noch einmal und wählen Sie dann „In neuem Tab öffnen“."),
    ),
    Code.CSRF: (
        _("Die Eingabe kam nicht von einer aktuellen Seite dieser Aktivität und wurde nicht übernommen."),
        _GO_BACK,
    ),
    Code.ROLE_FORBIDDEN: (
        _("Für diesen Schritt reicht Ihre Rolle im Kurs nicht aus."),
        _("Stimmt das nicht, bitten Sie Ihre Lehrkraft, Ihre Rolle im Kurs zu prüfen."),
    ),
    Code.NOT_FOUND: (_("Unter dieser Adresse gibt es hier nichts."), _OPEN_IN_COURSE),
    Code.METHOD_NOT_ALLOWED: (_("Diese Adresse lässt sich so nicht aufrufen."), _OPEN_IN_COURSE),
    Code.BAD_REQUEST: (_("Ihr Browser hat eine unvollständige oder unlesbare Anfrage geschickt."), _GO_BACK),
    Code.TOO_LARGE: (
        _("Die Eingabe ist größer, als sie sein darf, und wurde nicht übernommen."),
        _("Bitte gehen Sie zurück und kürzen Sie die Eingabe."),
    ),
    Code.PROOF_NOT_EARNED: (
        _("Für diesen Nachweis fehlt noch etwas."),
        _("Was fehlt, sehen Sie unter „Ihre Nachweise“."),
    ),
    Code.PROOF_NOT_VALID: (
        _("Dieser Nachweis gilt nicht mehr, oder es gibt einen neueren."),
        _("Ihren neuesten Nachweis sehen Sie unter „Ihre Nachweise“."),
    ),
    Code.PROOF_BAD_NAME: (
        _("Ohne lesbaren Namen lässt sich der Nachweis nicht ausstellen."),
        _("Bitte gehen Sie zurück und geben Sie Ihren Namen ein."),
    ),
    Code.PROOF_OTHER_NAME: (
        _("Der Nachweis wurde auf einen anderen Namen ausgestellt."),
        _(
            "Bitte geben Sie den Namen ein wie beim Ausstellen. Hat er sich geändert, lassen Sie den Nachweis neu "
            "ausstellen."
        ),
    ),
    Code.ATTEMPT_CLOSED: (
        _("Dieser Versuch ist schon abgegeben; Antworten lassen sich nicht mehr ändern."),
        _("Bitte gehen Sie zurück zum Quiz. Dort sehen Sie Ihr Ergebnis."),
    ),
    Code.ATTEMPT_LATE: (
        _("Die Zeit für diesen Versuch ist abgelaufen; diese Antwort kam danach und zählt nicht mehr."),
        _("Bitte geben Sie ab: Es zählen die Antworten, die bis dahin gespeichert waren."),
    ),
    Code.ATTEMPT_BAD_ANSWER: (
        _("Diese Antwort passt nicht zur Frage und wurde nicht gespeichert."),
        _("Bitte laden Sie die Frage neu und wählen Sie noch einmal."),
    ),
    Code.ATTEMPT_NOT_A_NUMBER: (
        _("Diese Antwort ist keine Zahl und wurde nicht gespeichert."),
        _("Bitte schreiben Sie eine Zahl, zum Beispiel 72 oder 1.234,5."),
    ),
    Code.FILE_EMPTY: (
        _("Es kam keine Datei an, oder die Datei ist leer."),
        _("Bitte gehen Sie zurück, wählen Sie eine Datei aus und laden Sie sie noch einmal hoch."),
    ),
    Code.FILE_TOO_LARGE: (
        _("Die Datei ist zu groß und wurde nicht gespeichert."),
        _("Bitte gehen Sie zurück. Wie groß die Datei sein darf, steht bei der Frage."),
    ),
    Code.FILE_WRONG_TYPE: (
        _("Diese Art von Datei wird hier nicht angenommen; entscheidend ist ihr Inhalt, nicht ihr Name."),
        _("Bitte gehen Sie zurück. Welche Arten erlaubt sind, steht bei der Frage."),
    ),
    Code.FILE_DAMAGED: (
        _("Die Datei ist unvollständig oder beschädigt und wurde nicht gespeichert."),
        _("Bitte speichern Sie sie in Ihrem Programm neu, gehen Sie zurück und laden Sie sie noch einmal hoch."),
    ),
    Code.FILES_AWAY: (
        _("Der Speicher für abgegebene Dateien ist gerade nicht erreichbar."),
        _("Bitte versuchen Sie es in einigen Minuten noch einmal. Ihre anderen Antworten sind gespeichert."),
    ),
    Code.FILES_LOST: (
        _("Diese Datei liegt nicht mehr unversehrt im Speicher."),
        _("Bitte geben Sie dem Betrieb die Nummer unten; aus einer Sicherung lässt sie sich vielleicht zurückholen."),
    ),
    Code.INTERNAL: (
        _("Smart City Lernen konnte diese Seite nicht anzeigen; der Vorfall ist mit der Nummer unten vermerkt."),
        _("Bitte versuchen Sie es noch einmal. Gespeicherte Antworten gehen dabei nicht verloren."),
    ),
}

REFUSALS: Mapping[Code, Explanation] = {
    code: Explanation(*words)
    for group in (_LOGIN, _STATE, _TOKEN, _CLAIMS, REGISTRATION, _WORK, IDEAS, OPERATION)
    for code, words in group.items()
}

CONTENT_UNKNOWN_ADVICE = {
    True: _("Bitte wählen Sie den Inhalt in den Einstellungen der Aktivität neu aus."),
    False: _("Bitte sagen Sie Ihrer Lehrkraft Bescheid."),
}
"""For teachers and for learners, once it is known who asks."""
