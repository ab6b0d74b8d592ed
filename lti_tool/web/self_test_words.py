"""What the self-test tried, what came out, and how to mend it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.domain.delivery import Reason
from lti_tool.domain.self_test import Check, Finding, Verdict
from lti_tool.web.grade_line import REASONS

_Words = tuple[LazyString, LazyString | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result; `mend` is None where there is nothing to do."""

    verdict: Verdict
    tried: LazyString
    result: str
    mend: LazyString | None


_TRIED: Mapping[Check, LazyString] = {
    Check.HTTPS: _("Verschlüsselte Adressen"),
    Check.PLATFORM_KEYS: _("Schlüssel der Lernplattform abrufen"),
    Check.CLOCK: _("Uhrzeit vergleichen"),
    Check.TOKEN: _("Zugriffstoken für Bewertungen holen"),
    Check.SCOPES: _("Rechte für Bewertungen"),
    Check.RESULTS: _("Eine Bewertung lesen"),
    Check.OWN_KEYS: _("Unsere Schlüssel von außen abrufen"),
    Check.FRAME: _("Anzeige innerhalb der Lernplattform"),
    Check.COOKIE: _("Anmeldung innerhalb des Rahmens"),
}

_FETCH: Mapping[str, _Words] = {
    "timeout": (
        _("Nach fünf Sekunden kam keine Antwort."),
        _("Prüfen Sie Firewall und Proxy zwischen den beiden Servern, und versuchen Sie es noch einmal."),
    ),
    "unreachable": (
        _("Der Server ist nicht erreichbar oder sein Zertifikat ist ungültig."),
        _("Prüfen Sie Name, Zertifikat und Firewall; maßgeblich ist der Weg vom Server dieses Werkzeugs aus."),
    ),
    "address_forbidden": (
        _("Die Adresse liegt in einem internen Netz, das nicht freigegeben ist."),
        _("Bitten Sie den Betreiber, den Rechnernamen für diese Anbindung freizugeben (--private-host)."),
    ),
    "bad_status": (
        _("Die Adresse antwortet mit einem Fehler."),
        _("Vergleichen Sie die eingetragene Adresse mit der Anzeige in der Lernplattform."),
    ),
    "bad_answer": (
        _("Unter der Adresse steht keine Schlüsselliste."),
        _("Vergleichen Sie die eingetragene Adresse mit der Anzeige in der Lernplattform."),
    ),
}

_OUTCOMES: Mapping[tuple[Check, str], _Words] = {
    (Check.HTTPS, "good"): (_("Alle Adressen beginnen mit https."), None),
    (Check.HTTPS, "this_machine"): (
        _("Dieses Werkzeug läuft unter %(address)s, also nur auf diesem Rechner. Zum Ausprobieren genügt das."),
        None,
    ),
    (Check.HTTPS, "platform_plain"): (
        _("Die Adresse %(address)s ist unverschlüsselt."),
        _("Stellen Sie die Lernplattform auf https um und tragen Sie die neuen Adressen ein."),
    ),
    (Check.PLATFORM_KEYS, "good"): (_("Abgerufen, verwendbare Schlüssel: %(count)s."), None),
    (Check.PLATFORM_KEYS, "no_keys"): (
        _("Die Liste enthält keinen verwendbaren Schlüssel (RSA, mindestens 2048 Bit)."),
        _("Erzeugen Sie in der Lernplattform einen neuen Schlüssel."),
    ),
    (Check.CLOCK, "good"): (_("Die Uhren gehen gleich (Abstand %(seconds)s Sekunden)."), None),
    (Check.CLOCK, "unknown"): (_("Die Lernplattform nennt keine Uhrzeit; das lässt sich nicht prüfen."), None),
    (Check.CLOCK, "ahead"): (
        _("Die Uhr der Lernplattform geht %(seconds)s Sekunden vor."),
        _("Schalten Sie auf beiden Servern den Zeitabgleich (NTP) ein."),
    ),
    (Check.CLOCK, "behind"): (
        _("Die Uhr der Lernplattform geht %(seconds)s Sekunden nach."),
        _("Schalten Sie auf beiden Servern den Zeitabgleich (NTP) ein."),
    ),
    (Check.TOKEN, "good"): (_("Die Lernplattform hat ein Token ausgestellt; sie kennt unseren Schlüssel."), None),
    (Check.SCOPES, "good"): (_("Bewertungen dürfen gesendet und gelesen werden."), None),
    (Check.SCOPES, "none"): (
        _("Die Lernplattform bietet an dieser Aktivität keine Bewertungen an."),
        _("Sollen Noten übertragen werden, schalten Sie im Werkzeug den Dienst für Bewertungen (AGS) ein."),
    ),
    (Check.SCOPES, "no_scores"): (
        _("Bewertungen dürfen nicht gesendet werden."),
        _("Erlauben Sie im Werkzeug, Bewertungen zu senden (in Moodle: IMS LTI Assignment and Grade Services)."),
    ),
    (Check.SCOPES, "no_results"): (
        _("Bewertungen dürfen gesendet, aber nicht gelesen werden."),
        _("Erlauben Sie auch das Lesen; nach Störungen wird damit vermieden, dass eine Note doppelt eingeht."),
    ),
    (Check.RESULTS, "good"): (
        _("Gelesen. Eine Probenote wird nicht gesendet: Lernplattformen lehnen Noten für Lehrende und Verwaltende ab."),
        None,
    ),
    (Check.OWN_KEYS, "good"): (_("Abgerufen; es sind die Schlüssel, mit denen wir unterschreiben."), None),
    (Check.OWN_KEYS, "this_machine"): (
        _("Von außen nicht prüfbar: %(address)s gilt nur auf diesem Rechner."),
        None,
    ),
    (Check.OWN_KEYS, "other_keys"): (
        _("Unter der Adresse stehen nicht alle unsere Schlüssel."),
        _("Ein Zwischenspeicher liefert eine alte Liste: Er darf /lti/jwks höchstens fünf Minuten behalten."),
    ),
    (Check.FRAME, "good"): (_("Diese Adressen dürfen uns im Rahmen zeigen: %(origins)s"), None),
    (Check.FRAME, "this_machine"): (
        _("Von außen nicht prüfbar: %(address)s gilt nur auf diesem Rechner."),
        None,
    ),
    (Check.FRAME, "unknown"): (_("Ohne Antwort von außen lässt sich das nicht prüfen."), None),
    (Check.FRAME, "forbidden"): (
        _("Ein Server vor diesem Werkzeug verbietet den Rahmen: X-Frame-Options: %(value)s"),
        _("Bitten Sie den Betreiber, diese Kopfzeile im Reverse-Proxy zu entfernen."),
    ),
    (Check.COOKIE, "good"): (_("Das Cookie kam zurück; Lernende bleiben in der Kursseite."), None),
    (Check.COOKIE, "tab"): (
        _("Ihr Browser hat im Rahmen kein Cookie behalten; es ging in einem neuen Tab weiter."),
        _("Lernende mit diesem Browser brauchen einen Klick mehr. Aktuelle Browser behalten das Cookie."),
    ),
    (Check.COOKIE, "unknown"): (_("Noch hat sich niemand aus der Administration angemeldet."), None),
}
_KEY_MEND = _("Prüfen Sie in der Lernplattform die Keyset-URL dieses Werkzeugs und die erlaubten Dienste.")
_OTHER = _("Die Lernplattform hat abgelehnt.")


def line(finding: Finding) -> Line:
    """Put a finding into words."""
    result, mend = _words(finding)
    said = str(result) % finding.facts if finding.facts else str(result)
    return Line(finding.verdict, _TRIED[finding.check], said, mend)


def _words(finding: Finding) -> _Words:
    own = _OUTCOMES.get((finding.check, finding.outcome))
    if own is not None:
        return own
    if finding.check in {Check.TOKEN, Check.RESULTS}:
        known = REASONS.get(Reason(finding.outcome)) if finding.outcome in set(Reason) else None
        return _FETCH.get(finding.outcome, (known or _OTHER, _KEY_MEND))
    return _FETCH[finding.outcome]
