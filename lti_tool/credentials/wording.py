"""The words of a certificate, in the languages of the content.

They are part of a signed document that must come out the same for years, so they live here and not among the pages'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti_tool.domain.proofs import Proof, ProofKind
from lti_tool.domain.town_time import TOWN_TIME

_MINUTES = 60

_GERMAN: Mapping[str, Any] = {
    "heading": {ProofKind.CERTIFICATE: "Zertifikat", ProofKind.PARTICIPATION: "Teilnahmebescheinigung"},
    "awarded_to": "ausgestellt für",
    "has_done": {
        ProofKind.CERTIFICATE: "hat den folgenden Lehrgang erfolgreich abgeschlossen:",
        ProofKind.PARTICIPATION: "hat an folgendem Modul teilgenommen:",
    },
    "scope_heading": "Umfang",
    "scope": "Selbstlernumfang: etwa {time}",
    "hours": "{hours} Std.",
    "minutes": "{minutes} Min.",
    "competences_heading": "Kompetenzen",
    "columns": ("Kürzel", "Kompetenz", "Stufe"),
    "levels": {1: "1 – kennen", 2: "2 – anwenden", 3: "3 – gestalten", 4: "4 – verantworten"},
    "issued": "Ausgestellt am",
    "valid_until": "Gültig bis",
    "date": "{day:02d}.{month:02d}.{year}",
    "verify": "Ob dieser Nachweis gilt, zeigt die Seite",
    "qr_alt": "QR-Code mit der Adresse der Prüfseite, die links daneben steht.",
    "note": "Ohne Unterschrift gültig. Der Nachweis ist elektronisch signiert; die Signatur liegt dieser Datei bei.",
    "badge_file": "Signierter Nachweis (Open Badges 3.0, VC-JWT)",
    "name_file": "Signierter Name zu diesem Nachweis (JWT)",
}
_ENGLISH: Mapping[str, Any] = {
    "heading": {ProofKind.CERTIFICATE: "Certificate", ProofKind.PARTICIPATION: "Confirmation of participation"},
    "awarded_to": "issued to",
    "has_done": {
        ProofKind.CERTIFICATE: "has successfully completed the following course:",
        ProofKind.PARTICIPATION: "has taken part in the following module:",
    },
    "scope_heading": "Scope",
    "scope": "Self-study: about {time}",
    "hours": "{hours} h",
    "minutes": "{minutes} min",
    "competences_heading": "Competences",
    "columns": ("Code", "Competence", "Level"),
    "levels": {1: "1 – know", 2: "2 – apply", 3: "3 – shape", 4: "4 – be responsible"},
    "issued": "Issued on",
    "valid_until": "Valid until",
    "date": "{year}-{month:02d}-{day:02d}",
    "verify": "Whether this proof is valid is shown at",
    "qr_alt": "QR code with the address of the page for verification, which stands to its left.",
    "note": "Valid without a signature by hand. It is signed electronically; the signature is attached to this file.",
    "badge_file": "Signed proof (Open Badges 3.0, VC-JWT)",
    "name_file": "Signed name for this proof (JWT)",
}


def words_of(language: str) -> Mapping[str, Any]:
    """Return the words in a language; German where there are none."""
    return _ENGLISH if language == "en" else _GERMAN


def document_language(language: str) -> str:
    """Return the language the certificate of such content is written in."""
    return "en" if language == "en" else "de"


def date_words(moment: datetime, words: Mapping[str, Any]) -> str:
    """Return a moment's day in Germany as people read it."""
    day = moment.astimezone(TOWN_TIME)
    return str(words["date"].format(day=day.day, month=day.month, year=day.year))


def duration_words(minutes: int, words: Mapping[str, Any]) -> str:
    """Return learning time: „1 Std. 30 Min.“."""
    hours, rest = divmod(minutes, _MINUTES)
    parts = [words["hours"].format(hours=hours)] if hours else []
    parts += [words["minutes"].format(minutes=rest)] if rest or not hours else []
    return " ".join(parts)


def dates_of(proof: Proof, words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return when the proof was issued and until when it is valid, if it ends."""
    dates = [(words["issued"], date_words(proof.issued_at, words))]
    if proof.valid_until:
        dates.append((words["valid_until"], date_words(proof.valid_until, words)))
    return dates
