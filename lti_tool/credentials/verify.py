"""Telling a proof from a forgery: a PDF, a baked picture, or the bare credential, without asking anybody.

1. Find the credential in the file. 2. Check its signature against the issuer's published keys. 3. For a PDF, make the
document anew from what is signed and compare: a changed number on the page is found even though the attachments are
genuine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, Literal

import jwt
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from lti_tool.credentials.badge import ALGORITHM
from lti_tool.credentials.pdf import BADGE_FILE, NAME_FILE, certificate
from lti_tool.domain.proofs import Proof, ProofFacts

LARGEST_FILE = 2 * 1024 * 1024

_TOKEN = re.compile(rb"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
_DATES_ARE_OURS: Any = {"verify_exp": False, "verify_nbf": False, "verify_aud": False}
"""An expired proof is genuine all the same; whoever asks is told that it has expired."""
_OVER = "Credential has expired"
_ID = re.compile(r"/v/(?P<id>[A-Za-z0-9_-]{22})\Z")


class Fault(StrEnum):
    """Why a file proves nothing."""

    TOO_LARGE = "too_large"
    NO_PROOF = "no_proof"
    """No credential was found in it."""
    FOREIGN_ISSUER = "foreign_issuer"
    """A credential, but of somebody else."""
    TAMPERED = "tampered"
    """It claims to be ours, and its signature does not fit."""


class NoProof(Exception):  # noqa: N818 -- an answer, not an error of ours
    """The file proves nothing.

    Attributes:
        fault: why.
        issuer: who issued it, for a foreign one.
    """

    def __init__(self, fault: Fault, issuer: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.issuer = issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine:
    """What a genuine file proves. Whether it was revoked meanwhile, only the issuer can tell.

    Attributes:
        proof_id: its id, as in the address of the page for verification.
        token: the signed credential, where the file holds it as VC-JWT.
        name: the signed name; None where the file tells none.
        untouched: whether a PDF is, byte for byte, the one that was issued; None for other files. A genuine one may
            differ after an upgrade of the tool; then what is signed counts, and the page must say the same.
    """

    proof_id: str
    title: str
    issuer: str
    issued_at: datetime
    valid_until: datetime | None
    token: str | None = None
    name: str | None = None
    untouched: bool | None = None

    def expired(self, now: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= now


def check(content: bytes, key_document: Mapping[str, Any]) -> Genuine:
    """Return what a file proves.

    Args:
        content: PDF, SVG, PNG, JSON (Data Integrity) or VC-JWT.
        key_document: the issuer's DID document.

    Raises:
        NoProof: it proves nothing, and why.
    """
    if len(content) > LARGEST_FILE:
        raise NoProof(Fault.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return _check_pdf(content, key_document)
    if content.startswith(b"\x89PNG"):
        return _check_token(_baked("png", content), key_document)
    stripped = content.strip()
    if stripped.startswith(b"{"):
        return _check_document(stripped, key_document)
    if _TOKEN.match(stripped):
        return _check_token(stripped.decode(), key_document)
    if b"<svg" in stripped:
        return _check_token(_baked("svg", content), key_document)
    raise NoProof(Fault.NO_PROOF)


def _check_pdf(content: bytes, key_document: Mapping[str, Any]) -> Genuine:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        attached = {name: files[0] for name, files in pypdf.PdfReader(BytesIO(content)).attachments.items()}
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        raise NoProof(Fault.NO_PROOF) from None
    if BADGE_FILE not in attached or NAME_FILE not in attached:
        raise NoProof(Fault.NO_PROOF)
    genuine = _check_token(attached[BADGE_FILE].decode("ascii", "replace"), key_document)
    signed_name = attached[NAME_FILE].decode("ascii", "replace")
    claims = _signed(signed_name, key_document)
    try:
        if _proof_id(claims["jti"]) != genuine.proof_id:
            raise NoProof(Fault.TAMPERED)
        return replace(genuine, name=claims["name"], untouched=_made_anew(genuine, claims, signed_name) == content)
    except (KeyError, TypeError, ValueError):
        raise NoProof(Fault.TAMPERED) from None


def _made_anew(genuine: Genuine, claims: Mapping[str, Any], signed_name: str) -> bytes:
    proof = Proof(
        id=genuine.proof_id,
        facts=ProofFacts.from_json(claims["facts"]),
        recipient="",
        issued_at=genuine.issued_at,
        valid_until=genuine.valid_until,
        status_list=0,
        status_index=0,
    )
    return certificate(proof, claims["name"], address=claims["jti"], badge=genuine.token or "", signed_name=signed_name)


def _check_token(token: str, key_document: Mapping[str, Any]) -> Genuine:
    return _genuine(_signed(token, key_document), token)


def _check_document(content: bytes, key_document: Mapping[str, Any]) -> Genuine:
    try:
        document = json.loads(content)
        issuer = document["issuer"]["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoProof(Fault.NO_PROOF) from None
    if issuer != key_document["id"]:
        raise NoProof(Fault.FOREIGN_ISSUER, str(issuer))
    if any(_signs(key, document) for key in _keys(key_document)):
        return _genuine(document, None)
    raise NoProof(Fault.TAMPERED)


def _signs(key: OKPKey, document: dict[str, Any]) -> bool:
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import OB3LdpVerifier
    from openbadgeslib.ob3.verifier import OB3VerificationError

    try:
        OB3LdpVerifier(key.as_pem(private=False)).verify(document)
    except OB3VerificationError as error:
        return str(error).startswith(_OVER)  # said last: everything else about it is in order
    except (LibOpenBadgesException, ValueError):
        return False
    return True


def _signed(token: str, key_document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a token that one of the issuer's keys has signed."""
    issuer = _claimed_issuer(token)
    if issuer != key_document["id"]:
        raise NoProof(Fault.FOREIGN_ISSUER if issuer else Fault.NO_PROOF, issuer)
    for key in _keys(key_document):
        try:
            return dict(jwt.decode(token, key.as_pem(private=False), algorithms=[ALGORITHM], options=_DATES_ARE_OURS))
        except jwt.InvalidTokenError:
            continue
    raise NoProof(Fault.TAMPERED)


def _claimed_issuer(token: str) -> str:
    try:
        claims = json.loads(urlsafe_b64decode(token.split(".")[1].encode()))
        return str(claims["iss"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ""


def _genuine(claims: Mapping[str, Any], token: str | None) -> Genuine:
    try:
        return Genuine(
            proof_id=_proof_id(claims["id"]),
            title=str(claims["credentialSubject"]["achievement"]["name"]),
            issuer=str(claims["issuer"]["name"]),
            issued_at=_moment(claims["validFrom"]),
            valid_until=_moment(claims["validUntil"]) if "validUntil" in claims else None,
            token=token,
        )
    except (KeyError, TypeError, ValueError):
        raise NoProof(Fault.NO_PROOF) from None


def _proof_id(address: object) -> str:
    found = _ID.search(str(address))
    if not found:
        raise ValueError("no address of a proof")
    return found["id"]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _keys(key_document: Mapping[str, Any]) -> list[OKPKey]:
    return [OKPKey.import_key(method["publicKeyJwk"]) for method in key_document["verificationMethod"]]


def _baked(form: Literal["png", "svg"], content: bytes) -> str:
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.verifier import OB3Verifier

    extract = OB3Verifier.extract_token_from_png if form == "png" else OB3Verifier.extract_token_from_svg
    try:
        return extract(content)
    except (LibOpenBadgesException, ValueError):
        raise NoProof(Fault.NO_PROOF) from None
