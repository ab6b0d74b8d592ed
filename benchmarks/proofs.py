"""CPU of a proof's documents: the certificate as PDF, the Open Badge in each of its forms.

Usage: python benchmarks/proofs.py [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lti_tool.credentials.badge import Badges
from lti_tool.credentials.pdf import certificate
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.domain.proofs import Proof, certificate_facts
from lti_tool.settings import PACKAGED_CONTENT


@dataclass(frozen=True)
class _Key:
    kid: str
    pem: bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_known_args()[0].rounds  # they need no database
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    badges, key, proof = Badges("https://tool.example"), _Key("key", pem), _proof()
    address, badge = badges.address(proof.id), badges.token(proof, key)
    name = badges.signed_name(proof, "Ada Lovelace", key)
    kinds: dict[str, Callable[[], object]] = {
        "certificate, PDF": lambda: certificate(proof, "Ada Lovelace", address=address, badge=badge, signed_name=name),
        "badge, VC-JWT": lambda: badges.token(proof, key),
        "badge, Data Integrity": lambda: badges.document(proof, key),
        "badge, SVG": lambda: badges.svg(proof, key),
        "badge, PNG": lambda: badges.png(proof, key),
    }
    for kind, make in kinds.items():
        first, others = _milliseconds(make, 1)[0], _milliseconds(make, rounds)
        print(
            f"{kind}: {statistics.median(others):.1f} ms CPU ({min(others):.1f}-{max(others):.1f}), first {first:.0f}"
        )


def _proof() -> Proof:
    """The largest there is: twelve competences."""
    catalogue = load_catalogue(PACKAGED_CONTENT, "/content")
    return Proof(
        id="A" * 22,
        facts=certificate_facts(catalogue.certifications["manager"], catalogue),
        recipient="urn:uuid:00000000-0000-4000-8000-000000000000",
        issued_at=datetime(2026, 11, 25, 12, tzinfo=UTC),
        valid_until=None,
        status_list=1,
        status_index=4711,
    )


def _milliseconds(make: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        before = time.process_time()
        make()
        taken.append((time.process_time() - before) * 1000)
    return taken


if __name__ == "__main__":
    main()
