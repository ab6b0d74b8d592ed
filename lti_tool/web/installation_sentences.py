"""What a person reads who is refused something while connecting an LMS or operating the tool."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.domain.errors import Code

_NEW_INVITATION = _("Bitte lassen Sie sich vom Betreiber dieses Werkzeugs eine neue Einladung geben.")
_ADD_AGAIN = _("Bitte beginnen Sie in Ihrer Lernplattform noch einmal mit derselben Einladung.")
_TELL_OPERATOR = _("Bitte geben Sie dem Betreiber dieses Werkzeugs den Code und die Referenznummer unten weiter.")

REGISTRATION = {
    Code.DR_TOKEN_INVALID: (
        _("Diese Einladung gilt nicht: Sie ist unbekannt, abgelaufen, zurückgezogen oder schon verwendet."),
        _NEW_INVITATION,
    ),
    Code.DR_MISSING_CONFIGURATION: (
        _("Diese Adresse ist dafür da, in der Verwaltung Ihrer Lernplattform eingetragen zu werden."),
        _("In Moodle: Website-Administration › Plugins › Externes Tool › Tools verwalten, Feld „Tool-URL“."),
    ),
    Code.DR_BAD_URL: (
        _("Die Lernplattform nennt für ihre Konfiguration eine Adresse, die keine https-Adresse ist."),
        _("Bitte stellen Sie Ihre Lernplattform auf https um und beginnen Sie dann noch einmal."),
    ),
    Code.DR_ADDRESS_FORBIDDEN: (
        _("Ihre Lernplattform liegt in einem Hausnetz, das für diese Einladung nicht freigegeben ist."),
        _("Der Betreiber dieses Werkzeugs kann eine Einladung ausstellen, die ihren Rechnernamen zulässt."),
    ),
    Code.DR_PLATFORM_UNREACHABLE: (
        _("Von Ihrer Lernplattform kam keine brauchbare Antwort."),
        _("Bitte prüfen Sie, ob dieses Werkzeug Ihre Lernplattform erreichen darf, und beginnen Sie noch einmal."),
    ),
    Code.DR_PLATFORM_TIMEOUT: (
        _("Ihre Lernplattform hat nicht rechtzeitig geantwortet."),
        _ADD_AGAIN,
    ),
    Code.DR_ISSUER_MISMATCH: (
        _("Ihre Lernplattform nennt sich anders, als ihre Adresse lautet."),
        _("Bitte gleichen Sie in der Lernplattform die eigene Adresse (in Moodle: wwwroot) mit der im Browser ab."),
    ),
    Code.DR_BAD_ENDPOINT: (
        _("Ihrer Lernplattform fehlt eine Adresse, die zum Einbinden nötig ist, oder sie liegt auf fremdem Gebiet."),
        _TELL_OPERATOR,
    ),
    Code.DR_UNSUPPORTED: (
        _("Ihre Lernplattform bietet die nötigen Verfahren (RS256 und private_key_jwt) nicht an."),
        _("Bitte bringen Sie die Lernplattform auf einen neueren Stand oder tragen Sie das Werkzeug von Hand ein."),
    ),
    Code.DR_REFUSED: (_("Ihre Lernplattform hat das Einbinden abgelehnt."), _ADD_AGAIN),
    Code.DR_BAD_RESPONSE: (
        _("Ihre Lernplattform hat das Werkzeug angenommen, aber keine Client-ID mitgeteilt."),
        _TELL_OPERATOR,
    ),
    Code.DR_DUPLICATE: (
        _("Dieses Werkzeug ist in Ihrer Lernplattform schon eingebunden."),
        _("Sie müssen nichts tun. Für eine zweite Anbindung legen Sie das Werkzeug in der Lernplattform neu an."),
    ),
    Code.DR_SESSION_EXPIRED: (
        _("Diese Seite hat länger als 15 Minuten gewartet oder gehört nicht zu dieser Einladung."),
        _ADD_AGAIN,
    ),
}

OPERATION = {
    Code.OPERATOR_LINK_INVALID: (
        _("Dieser Zugangslink gilt nicht oder nicht mehr."),
        _("Bitte lassen Sie sich auf dem Server einen neuen ausstellen: smartcity operator link."),
    ),
    Code.OPERATOR_SESSION_EXPIRED: (
        _("Sie sind für den Betrieb nicht oder nicht mehr angemeldet."),
        _("Bitte öffnen Sie einen neuen Zugangslink: smartcity operator link."),
    ),
    Code.KEYS_NEXT_WAITING: (
        _("Ein nächster Schlüssel ist schon veröffentlicht und wartet auf seinen Tag."),
        _("Soll er sofort gelten, führen Sie auf dem Server aus: smartcity keys rotate --now."),
    ),
    Code.IDENTITY_UNKNOWN: (
        _("Eine der beiden Kennungen hat sich über diese Anbindung noch nie angemeldet."),
        _("Bitte prüfen Sie die Schreibweise und lassen Sie die Person die Aktivität einmal öffnen."),
    ),
    Code.IDENTITY_CONFLICT: (
        _("Diese beiden Kennungen lassen sich so nicht zusammenführen oder trennen."),
        _("Bitte sehen Sie in der Liste nach, welche Zusammenführung die letzte war; nur sie lässt sich trennen."),
    ),
    Code.TOWN_NAME_TAKEN: (
        _("So heißt schon eine andere Kommune."),
        _("Bitte gehen Sie zurück und wählen Sie einen anderen Namen."),
    ),
    Code.TOWN_ERASING: (
        _("Die Frist dieser Kommune ist abgelaufen; ihre Daten werden gelöscht."),
        _("Bitte warten Sie die nächste Nacht ab; danach können Sie die Kommune leer wieder öffnen."),
    ),
}
