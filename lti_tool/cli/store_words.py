"""What to do about an object store that does not do as told."""

from __future__ import annotations

from collections.abc import Mapping

from lti_tool.cli.german import CommandFailed
from lti_tool.storage.errors import Fault, StoreFailed

_MENDS: Mapping[Fault, str] = {
    Fault.AWAY: "Läuft er, und ist SMARTCITY_S3_ENDPOINT von hier erreichbar?",
    Fault.TLS: "Sein Zertifikat gilt hier nicht. Ist es von einer eigenen Stelle, setzen Sie SMARTCITY_S3_CA_FILE.",
    Fault.KEYS: "Prüfen Sie SMARTCITY_S3_ACCESS_KEY und SMARTCITY_S3_SECRET_KEY.",
    Fault.RIGHTS: "Geben Sie dem Schlüssel das Recht, im Bucket zu lesen, zu schreiben und zu löschen.",
    Fault.BUCKET: "Legen Sie den Bucket an, oder prüfen Sie SMARTCITY_S3_BUCKET und SMARTCITY_S3_ADDRESSING.",
    Fault.CLOCK: "Gleichen Sie die Uhren beider Rechner mit einem Zeitserver ab.",
    Fault.REGION: "Setzen Sie SMARTCITY_S3_REGION auf die Region des Buckets.",
    Fault.FULL: "Schaffen Sie dort Platz, oder erhöhen Sie das Kontingent.",
    Fault.DAMAGED: "Etwas zwischen hier und dort verändert Daten; suchen Sie nach einem Proxy.",
    Fault.TOO_LARGE: "Dort liegt etwas, das nicht von diesem Werkzeug ist.",
    Fault.ODD: "So antwortet kein Objektspeicher. Prüfen Sie SMARTCITY_S3_ENDPOINT und SMARTCITY_S3_ADDRESSING.",
}


def mend_of(failure: StoreFailed) -> str:
    """Return one or two German sentences."""
    return _MENDS[failure.fault]


def refused_by_store(failure: StoreFailed, more: str = "") -> CommandFailed:
    """Return what a command says that a store let down."""
    return CommandFailed(f"Der Objektspeicher macht nicht mit ({failure.detail}). {mend_of(failure)} {more}".strip())
