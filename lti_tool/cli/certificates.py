"""Check and revoke proofs of learning, and check transcripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.cli.acting import acting, now
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.credentials.badge import Badges
from lti_tool.credentials.transcript_check import host_of, is_transcript, read, verify
from lti_tool.credentials.verify import Fault, Genuine, NoProof, check
from lti_tool.domain.proofs import ProofState
from lti_tool.domain.transcripts import Fault as TranscriptFault
from lti_tool.domain.transcripts import Transcript, TranscriptRefused
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.proof_keys import ProofKeys
from lti_tool.services.proofs import Proofs, PublicProofs
from lti_tool.services.transcripts import RevokedTranscripts
from lti_tool.settings import Settings

_FAULTS: Mapping[Fault, str] = {
    Fault.TOO_LARGE: "Die Datei ist zu groß für einen Nachweis.",
    Fault.NO_PROOF: "In dieser Datei steckt kein signierter Nachweis.",
    Fault.FOREIGN_ISSUER: "Diesen Nachweis hat jemand anderes ausgestellt: {issuer}",
    Fault.TAMPERED: "Gefälscht oder beschädigt: Die Signatur stimmt nicht.",
}
_TRANSCRIPT_FAULTS: Mapping[TranscriptFault, str] = {
    TranscriptFault.TOO_LARGE: "Die Datei ist zu groß für einen Lernnachweis.",
    TranscriptFault.BAD_ALGORITHM: "Der Lernnachweis ist nicht oder mit einem unbekannten Verfahren signiert.",
    TranscriptFault.UNKNOWN_ISSUER: "Diesen Lernnachweis hat jemand anderes ausgestellt.",
    TranscriptFault.TAMPERED: "Gefälscht oder beschädigt: Die Signatur stimmt nicht.",
}


def verify_file(file: Path, keys: Path | None) -> Iterator[str]:
    """Yield what a file proves.

    Args:
        file: PDF, badge, credential or transcript.
        keys: the issuer's DID document, to check without database and network; None to ask the own database.

    Raises:
        CommandFailed: it proves nothing, or is no longer valid.
    """
    content = _read(file)
    if is_transcript(content):
        yield from _transcript(content, keys)
        return
    try:
        genuine, state = (check(content, _document(keys)), None) if keys else _checked_here(content)
    except NoProof as no_proof:
        raise CommandFailed(_FAULTS[no_proof.fault].format(issuer=no_proof.issuer)) from None
    yield f"Echt: {genuine.title}, ausgestellt von {genuine.issuer} am {genuine.issued_at:%d.%m.%Y}."
    if genuine.name:
        yield f"Name: {genuine.name}"
    if genuine.untouched is False:
        yield "Das PDF sieht nicht genau so aus, wie es ausgestellt wurde; es gelten nur die Angaben hier."
    if genuine.expired(now()):
        raise CommandFailed(f"Abgelaufen am {genuine.valid_until:%d.%m.%Y}.")
    if state is ProofState.REVOKED:
        raise CommandFailed("Der Nachweis wurde widerrufen.")
    yield "Gültig." if state else "Ob er widerrufen wurde, zeigt nur die Prüfseite."


def revoke(public_id: str, reason: str) -> Iterator[str]:
    """Revoke a proof; yield what to tell the operator.

    Raises:
        CommandFailed: there is none.
    """
    settings = settings_from_environment()
    with acting(settings) as session:
        proof = Proofs(session, now, settings.secret_key.get_secret_value()).revoke(public_id, reason)
        AuditLog(session, now, Who.COMMAND_LINE).record(Action.PROOF_REVOKED, public_id)
    yield f"Widerrufen: {proof.facts.title} ({public_id})."


def _transcript(content: bytes, keys: Path | None) -> Iterator[str]:
    """Yield what a transcript says; its code is asked for where it is presented."""
    try:
        token, _ = read(content)
        transcript, revoked = (verify(token, _document(keys)), None) if keys else _transcript_of_ours(token)
    except TranscriptRefused as refused:
        raise CommandFailed(_TRANSCRIPT_FAULTS.get(refused.fault, "Das ist kein lesbarer Lernnachweis.")) from None
    yield f"Echt: Lernnachweis aus {transcript.town.name}, signiert von {host_of(transcript.issuer)}"
    yield f"am {transcript.issued_at:%d.%m.%Y}, vorlegbar bis {transcript.valid_until:%d.%m.%Y}. Bestanden:"
    for module in transcript.modules:
        yield f"  {module.passed_on:%d.%m.%Y}  {module.title} ({module.id}), {module.town}"
    if transcript.valid_until <= now():
        raise CommandFailed(f"Abgelaufen am {transcript.valid_until:%d.%m.%Y}.")
    if revoked:
        raise CommandFailed("Der Lernnachweis wurde zurückgenommen.")
    yield "Ob er zurückgenommen wurde, weiß nur der Aussteller." if revoked is None else "Gültig."


def _key_document(settings: Settings, session: Session, nothing_yet: str) -> dict[str, Any]:
    keys = ProofKeys(session, now, settings.secret_key.get_secret_value()).all()
    if not keys:
        raise CommandFailed(nothing_yet)
    return Badges(settings.base_url).key_document(keys)


def _transcript_of_ours(token: str) -> tuple[Transcript, bool | None]:
    settings = settings_from_environment()
    with acting(settings) as session:
        transcript = verify(token, _key_document(settings, session, "Hier wurde noch kein Lernnachweis ausgestellt."))
        return transcript, RevokedTranscripts(session).is_revoked(transcript.id)


def _checked_here(content: bytes) -> tuple[Genuine, ProofState | None]:
    settings = settings_from_environment()
    with acting(settings) as session:
        genuine = check(content, _key_document(settings, session, "Hier wurde noch kein Nachweis ausgestellt."))
        proof = PublicProofs(session).find(genuine.proof_id)
    return genuine, proof.state(now()) if proof else None


def _document(keys: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(_read(keys))
        if document["verificationMethod"] and isinstance(document["id"], str):
            return dict(document)
    except (ValueError, KeyError, TypeError):
        pass
    raise CommandFailed(f"{keys}: kein DID-Dokument. Laden Sie es von https://…/.well-known/did.json.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{file}: nicht lesbar ({error.strerror}).") from None
