"""The house seen from outside, by its public address: key set, certificate, proxies; and the clock of a platform."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lti_tool.cli.acting import moment, now
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.domain.registration import Registration
from lti_tool.domain.self_test import Probed
from lti_tool.lti.errors import OutgoingFailed
from lti_tool.lti.key_set import usable_keys
from lti_tool.lti.ports import Answer, Outgoing
from lti_tool.services.self_test import Probe
from lti_tool.settings import Settings
from lti_tool.web.seen import PATH, QUESTION, signed_question

_WITHIN_SECONDS = 5.0
_OK = 200
_FORGED_CLIENT = "203.0.113.77"
_RENEW_BEFORE, _RENEW_AT_LAST = timedelta(days=21), timedelta(days=7)
_SMALL_SKEW, _LARGE_SKEW = timedelta(seconds=30), timedelta(minutes=3)
_PLATFORMS_ASKED = 3


class OutsideView:
    """Asks the tool itself the way a platform and a browser do."""

    def __init__(self, settings: Settings, http: Outgoing) -> None:
        self._settings = settings
        self._http = http
        self._base = urlsplit(settings.base_url)

    def examine(self, published: frozenset[str]) -> Iterator[Finding]:
        """Yield what there is to say; `published` are the ids of the keys that the database publishes."""
        yield from self._certificate()
        try:
            answer = self._get("/lti/jwks", {"Accept": "application/json"})
        except OutgoingFailed as error:
            yield bad(
                "outside.keys",
                f"{self._settings.base_url} ist von hier nicht erreichbar ({type(error).__name__}).",
                "Läuft `smartcity serve`? Leitet der Webserver an SMARTCITY_BIND weiter? Stimmt SMARTCITY_BASE_URL?",
            )
            return
        yield _keys(answer, published, self._settings.base_url)
        yield self._proxies()

    def _get(self, path: str, headers: dict[str, str]) -> Answer:
        host = frozenset({self._base.hostname or ""})  # our own address may well be a private one from here
        url = self._settings.base_url + path
        return self._http.send("GET", url, headers=headers, private_hosts=host, within=_WITHIN_SECONDS)

    def _certificate(self) -> Iterator[Finding]:
        if self._base.scheme != "https":
            yield hint(
                "outside.tls",
                f"{self._settings.base_url} ist nur für diesen Rechner; ein LMS kommt so nicht dorthin.",
                "Für den Betrieb: eine https-Adresse in SMARTCITY_BASE_URL.",
            )
            return
        host, port = self._base.hostname or "", self._base.port or 443
        try:
            ends = _certificate_ends(host, port)
        except (OSError, ValueError) as error:
            why = getattr(error, "verify_message", "") or str(error)
            yield bad(
                "outside.tls",
                f"Mit {host} kommt keine sichere Verbindung zustande ({why}).",
                "Prüfen Sie Namen, Kette und Ablauf des Zertifikats im Webserver davor.",
            )
            return
        yield _lasts(ends)

    def _proxies(self) -> Finding:
        headers = {QUESTION: signed_question(self._settings), "X-Forwarded-For": _FORGED_CLIENT}
        try:
            answer = self._get(PATH, headers)
            seen = json.loads(answer.body) if answer.status == _OK else None
        except (OutgoingFailed, ValueError):
            seen = None
        if not isinstance(seen, dict):
            return hint(
                "outside.proxies",
                "Unter der öffentlichen Adresse antwortet eine andere Version oder ein anderes Werkzeug.",
                "Läuft dort dieselbe Version mit demselben SMARTCITY_SECRET_KEY?",
            )
        return _proxies_of(seen, self._settings.trusted_proxies)


def examine_clock(probe: Probe, registrations: Sequence[Registration]) -> Iterator[Finding]:
    """Compare the clock with the first platform that answers."""
    for registration in registrations[:_PLATFORMS_ASKED]:
        probed: Probed = probe.platform_keys(registration)
        if probed.answered_at is None:
            continue
        skew = abs(probed.answered_at - now())
        words = f"Die Uhr weicht um {skew.total_seconds():.0f} Sekunden von der von {registration.issuer} ab."
        mend = "Gleichen Sie diesen Rechner mit einem Zeitserver ab (timedatectl); sonst werden Anmeldungen abgelehnt."
        if skew > _LARGE_SKEW:
            yield bad("clock.platform", words, mend)
        elif skew > _SMALL_SKEW:
            yield hint("clock.platform", words, mend)
        else:
            yield good("clock.platform", f"Die Uhr stimmt mit der von {registration.issuer} überein.")
        return


def _keys(answer: Answer, published: frozenset[str], base_url: str) -> Finding:
    try:
        there = frozenset(usable_keys(answer.body)) if answer.status == _OK else None
    except ValueError:
        there = None
    if there is None:
        return bad(
            "outside.keys",
            f"{base_url}/lti/jwks liefert keine Schlüssel (Status {answer.status}).",
            "Leitet der Webserver alle Pfade an das Werkzeug weiter?",
        )
    if published - there:
        return bad(
            "outside.keys",
            "Unter der öffentlichen Adresse stehen andere Schlüssel als in der Datenbank.",
            "Antwortet dort ein anderes Werkzeug, oder hält ein Zwischenspeicher /lti/jwks länger als fünf Minuten?",
        )
    return good("outside.keys", f"{base_url}/lti/jwks ist erreichbar und liefert dieselben Schlüssel.")


def _proxies_of(seen: dict[str, object], trusted: int) -> Finding:
    if _FORGED_CLIENT in str(seen.get("client")):
        return bad(
            "outside.proxies",
            "Das Werkzeug glaubt Absendern, die sie selbst erfinden (X-Forwarded-For).",
            "SMARTCITY_TRUSTED_PROXIES ist größer als die Zahl der Proxys davor, oder der Proxy reicht fremde Angaben "
            "durch, statt sie zu ersetzen.",
        )
    if not trusted and seen.get("forwarded") not in {"", _FORGED_CLIENT}:
        return bad(
            "outside.proxies",
            "Davor steht ein Proxy, und das Werkzeug hält alle Personen für ihn: Sie teilen sich eine Rate.",
            "Setzen Sie SMARTCITY_TRUSTED_PROXIES auf die Zahl der Proxys davor.",
        )
    return good("outside.proxies", "Wer fragt, wird richtig gelesen (X-Forwarded-For).")


def _certificate_ends(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_WITHIN_SECONDS) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)


def _lasts(ends: datetime) -> Finding:
    left = ends - now()
    words = f"Das Zertifikat gilt bis {moment(ends)} (Tage: {left.days})."
    if left < _RENEW_AT_LAST:
        return bad("outside.tls", words, "Erneuern Sie es; läuft die automatische Erneuerung?")
    if left < _RENEW_BEFORE:
        return hint("outside.tls", words, "Erneuern Sie es; läuft die automatische Erneuerung?")
    return good("outside.tls", words)
