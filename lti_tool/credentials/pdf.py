"""The certificate as PDF/UA-1 and PDF/A-3a by Typst: tagged, byte-identical whenever it is made again.

The signed badge and the signed name travel inside the file as attachments, so that it can be checked without us.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from lti_tool.credentials.typesetting import typeset
from lti_tool.credentials.wording import dates_of, document_language, duration_words, words_of
from lti_tool.domain.proofs import Proof, ProofKind

BADGE_FILE = "badge.jwt"
NAME_FILE = "name.jwt"


def certificate(proof: Proof, name: str, *, address: str, badge: str, signed_name: str) -> bytes:
    """Return the certificate as PDF.

    Args:
        proof: what it says.
        name: whom it is issued to, as typed.
        address: the page for verification.
        badge: the signed credential (VC-JWT) to attach.
        signed_name: the signed name (JWT) to attach.

    Raises:
        lti_tool.domain.proofs.UnwritableName: the name cannot be printed.
    """
    data = _data(proof, name, address, badge, signed_name)
    return typeset("certificate.typ", data, "pdf", proof.issued_at)


def _data(proof: Proof, name: str, address: str, badge: str, signed_name: str) -> dict[str, Any]:
    facts = proof.facts
    words = words_of(facts.language)
    heading = words["heading"][facts.kind]
    return {
        "language": document_language(facts.language),
        "content_language": facts.language,
        "document_title": f"{heading}: {facts.title}",
        "description": facts.criteria,
        "date": [proof.issued_at.year, proof.issued_at.month, proof.issued_at.day],
        "issuer": facts.issuer,
        "name": name,
        "title": facts.title,
        "criteria": facts.criteria,
        "competences": [
            {"tag": entry.tag, "name": entry.name, "level": words["levels"][entry.level]}
            for entry in (facts.competences if facts.kind is ProofKind.CERTIFICATE else facts.competences[:8])
        ],
        "dates": dates_of(proof, words),
        "address": address,
        "qr": _qr(address),
        "attachments": [
            _attachment(BADGE_FILE, badge, words["badge_file"]),
            _attachment(NAME_FILE, signed_name, words["name_file"]),
        ],
        "words": {
            "heading": heading,
            "has_done": words["has_done"][facts.kind],
            "scope": words["scope"].format(time=duration_words(facts.minutes, words)),
            **{key: words[key] for key in _PLAIN_WORDS},
        },
    }


_PLAIN_WORDS = ("awarded_to", "scope_heading", "competences_heading", "columns", "verify", "qr_alt", "note")


def _attachment(name: str, content: str, description: str) -> dict[str, str]:
    return {"name": name, "content": content, "type": "application/jwt", "description": description}


def _qr(address: str) -> str:
    import segno

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()
