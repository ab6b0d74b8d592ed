"""What a person reads when a transcript does not count: what is wrong, and what helps."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.transcripts import Fault

FAULTS: Mapping[Fault, LazyString] = {
    Fault.TOO_LARGE: _("Die Datei ist zu groß. Ein Lernnachweis hat weniger als 256 KB."),
    Fault.NO_TRANSCRIPT: _(
        "Das ist kein Lernnachweis zum Mitnehmen. Wählen Sie die Datei mit der Endung .jwt, die Sie an Ihrem früheren "
        "Ort heruntergeladen haben. Zertifikate und Abzeichen lassen sich hier nicht vorlegen."
    ),
    Fault.BAD_ALGORITHM: _(
        "Der Lernnachweis ist nicht oder mit einem unbekannten Verfahren signiert. Bitte laden Sie ihn noch einmal "
        "herunter."
    ),
    Fault.UNKNOWN_ISSUER: _(
        "Der Lernnachweis nennt keinen Aussteller, bei dem sich die Signatur prüfen lässt. Bitte wenden Sie sich an "
        "den Ort, der ihn ausgestellt hat."
    ),
    Fault.TAMPERED: _(
        "Gefälscht oder beschädigt: Die Signatur stimmt nicht. Bitte laden Sie den Lernnachweis noch einmal herunter "
        "und ändern Sie nichts daran."
    ),
    Fault.EXPIRED: _(
        "Der Lernnachweis ist abgelaufen. Bitte erstellen Sie an Ihrem früheren Ort einen neuen. Geht das nicht mehr, "
        "kann Ihre Lehrkraft Module anrechnen."
    ),
    Fault.NOT_YET_VALID: _("Der Lernnachweis gilt noch nicht. Bitte versuchen Sie es später noch einmal."),
    Fault.REVOKED: _(
        "Der Lernnachweis wurde zurückgenommen, zum Beispiel weil Sie danach einen neuen erstellt haben. Bitte nehmen "
        "Sie den neuesten."
    ),
    Fault.WRONG_CODE: _(
        "Der Code passt nicht zu dieser Datei. Er wurde beim Erstellen einmal angezeigt und hat zwölf Zeichen. Haben "
        "Sie ihn nicht mehr, erstellen Sie an Ihrem früheren Ort einen neuen Lernnachweis."
    ),
    Fault.MADE_HERE: _(
        "Dieser Lernnachweis kommt von dieser Lernplattform. Was Sie hier bestanden haben, zählt schon. Fehlt Ihnen "
        "etwas nach einem neuen Konto, wenden Sie sich bitte an die Administration Ihrer Lernplattform."
    ),
    Fault.TAKEN: _(
        "Diesen Lernnachweis hat schon jemand anderes vorgelegt. Er zählt nur für eine Person. Bitte erstellen Sie an "
        "Ihrem früheren Ort einen neuen."
    ),
    Fault.ISSUER_AWAY: _(
        "Unter der Adresse des Ausstellers hat 30 Tage lang niemand geantwortet. Sie können den Lernnachweis noch "
        "einmal vorlegen, oder Ihre Lehrkraft rechnet die Module an."
    ),
}
