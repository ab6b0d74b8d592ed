"""Open Badges 3.0: one proof as VC-JWT, as a document with a Data Integrity proof, and baked into a picture.

Signed with Ed25519 by a `did:web` of the tool's own address. The holder is a pseudonym: a badge tells no name. Sources:
Open Badges 3.0 (1EdTech), sections 8.2 and 8.3; Bitstring Status List 1.0; did:web.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import quote, urlsplit

from joserfc.jwk import OKPKey

from lti_tool.credentials.typesetting import typeset
from lti_tool.credentials.wording import date_words, words_of
from lti_tool.domain.proofs import Proof

if TYPE_CHECKING:
    from openbadgeslib.ob3.credential import OpenBadgeCredential
    from openbadgeslib.ob3.signer import OB3Signer

ALGORITHM = "EdDSA"
STATUS_LIST_LASTS = timedelta(days=7)
"""After this a kept copy of a list of revocations counts no more, so that nobody hides a revocation with an old one."""


class KeyPair(Protocol):
    """A key that signs."""

    @property
    def kid(self) -> str:
        """RFC 7638 thumbprint of the public key."""

    @property
    def pem(self) -> bytes:
        """The private key: Ed25519, PKCS 8."""


class Badges:
    """Makes and signs the badges of one tool."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self.did = did_of(base_url)

    def address(self, proof_id: str) -> str:
        """Return the address of the page for verification."""
        return f"{self._base_url}/v/{proof_id}"

    def token(self, proof: Proof, key: KeyPair) -> str:
        """Return the badge as VC-JWT (OB 3.0, 8.2)."""
        return signer_of(key).sign(self._credential(proof))

    def document(self, proof: Proof, key: KeyPair) -> dict[str, Any]:
        """Return the badge with an embedded Data Integrity proof (OB 3.0, 8.3; eddsa-rdfc-2022)."""
        from openbadgeslib.ob3.ldp import OB3LdpSigner

        signer = OB3LdpSigner(key.pem, f"{self.did}#{key.kid}")
        return signer.sign(self._credential(proof), created=proof.issued_at)

    def signed_name(self, proof: Proof, name: str, key: KeyPair) -> str:
        """Return a JWT that binds a name and all that stands on the page to a proof; the badge tells no name."""
        payload = {
            "iss": self.did,
            "jti": self.address(proof.id),
            "name": name,
            "facts": proof.facts.to_json(),
            "nbf": int(proof.issued_at.timestamp()),
        }
        return signer_of(key).sign_payload(payload)

    def svg(self, proof: Proof, key: KeyPair) -> bytes:
        """Return the badge's picture as SVG, with the credential baked in."""
        return signer_of(key).sign_into_svg(self._credential(proof), _picture(proof, "svg"))

    def png(self, proof: Proof, key: KeyPair) -> bytes:
        """Return the badge's picture as PNG, with the credential baked in."""
        return signer_of(key).sign_into_png(self._credential(proof), _picture(proof, "png"))

    def key_document(self, keys: Iterable[KeyPair]) -> dict[str, Any]:
        """Return the DID document with every key there ever was, the newest first."""
        from openbadgeslib.ob3.did import build_did_document

        return build_did_document(self.did, [(key.kid, public_jwk(key.pem)) for key in keys])

    def list_address(self, number: int) -> str:
        """Return the address of a list of revoked proofs."""
        return f"{self._base_url}/v/status/{number}"

    def status_list(self, address: str, revoked: Sequence[int], key: KeyPair, now: datetime) -> str:
        """Return one list of revocations, signed (Bitstring Status List 1.0)."""
        from openbadgeslib.ob3.status_list import build_status_list_credential

        issued = now.replace(microsecond=0)
        document = build_status_list_credential(
            self.did,
            address,
            "revocation",
            revoked,
            issued=issued,
            valid_until=issued + STATUS_LIST_LASTS,
        )
        claims = {"iss": self.did, "jti": document["id"], "nbf": int(issued.timestamp())}
        return signer_of(key).sign_payload({**document, **claims})

    def _credential(self, proof: Proof) -> OpenBadgeCredential:
        from openbadgeslib.ob3.credential import Achievement, Alignment, Issuer, OpenBadgeCredential
        from openbadgeslib.ob3.status_list import status_entry

        facts = proof.facts
        achievement = Achievement(
            id=f"{self._base_url}/v/achievements/{facts.kind.value}/{quote(facts.subject_id)}",
            name=facts.title,
            description=facts.criteria,
            criteria_narrative=facts.criteria,
            achievement_type="Certificate" if facts.kind.value == "certificate" else "Course",
            alignments=[
                Alignment(
                    target_name=competence.name,
                    target_url=f"{self._base_url}/v/competences#{competence.tag}",
                    target_code=competence.tag,
                    target_description=words_of(facts.language)["levels"][competence.level],
                )
                for competence in facts.competences
            ],
        )
        return OpenBadgeCredential(
            id=self.address(proof.id),
            issuer=Issuer(id=self.did, name=facts.issuer, url=self._base_url),
            recipient_id=proof.recipient,
            achievement=achievement,
            issuance_date=proof.issued_at,
            expiration_date=proof.valid_until,
            credential_status=[status_entry(self.list_address(proof.status_list), "revocation", proof.status_index)],
        )


def signer_of(key: KeyPair) -> OB3Signer:
    from openbadgeslib.ob3.signer import OB3Signer

    return OB3Signer(key.pem, ALGORITHM)


def did_of(base_url: str) -> str:
    """Return the `did:web` of an address; a port is percent-encoded (did:web, 2.1)."""
    return f"did:web:{quote(urlsplit(base_url).netloc, safe='')}"


def public_jwk(pem: bytes) -> dict[str, Any]:
    """Return the public half of a key as JWK: kty, crv and x."""
    public: Mapping[str, Any] = OKPKey.import_key(pem).as_dict(private=False)
    return {name: public[name] for name in ("kty", "crv", "x")}


def _picture(proof: Proof, form: Literal["svg", "png"]) -> bytes:
    words = words_of(proof.facts.language)
    data = {
        "language": proof.facts.language,
        "heading": words["heading"][proof.facts.kind],
        "title": proof.facts.title,
        "date": date_words(proof.issued_at, words),
    }
    return typeset("badge.typ", data, form, proof.issued_at)
