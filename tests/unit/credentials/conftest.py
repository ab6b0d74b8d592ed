from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lti_tool.credentials.badge import Badges
from lti_tool.credentials.pdf import certificate
from lti_tool.domain.proofs import Competence, Proof, ProofFacts, ProofKind
from tests.factories.transcripts import new_key

BASE_URL = "https://lernen.example"


def a_proof(**changed):
    facts = {
        "kind": ProofKind.CERTIFICATE,
        "subject_id": "manager",
        "title": "Smart City Manager – Musterlehrgang",
        "issuer": "Akademie Musterstadt (fiktiv)",
        "language": "de",
        "criteria": "Alle zwölf Module sind bestanden.",
        "minutes": 1470,
        "competences": (Competence("SC-05", "Daten- und Datenschutzrecht anwenden", 3),),
    }
    facts |= {name: changed.pop(name) for name in list(changed) if name in facts}
    proof = {
        "id": "A" * 22,
        "facts": ProofFacts(**facts),
        "recipient": "urn:uuid:12345678-1234-4234-8234-123456789012",
        "issued_at": datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
        "valid_until": None,
        "status_list": 1,
        "status_index": 4711,
    }
    return Proof(**{**proof, **changed})


@pytest.fixture
def key():
    return new_key()


@pytest.fixture
def badges():
    return Badges(BASE_URL)


@pytest.fixture
def make_pdf(badges, key):
    def make(proof=None, name="Ada Lovelace"):
        proof = proof or a_proof()
        return certificate(
            proof,
            name,
            address=badges.address(proof.id),
            badge=badges.token(proof, key),
            signed_name=badges.signed_name(proof, name, key),
        )

    return make
