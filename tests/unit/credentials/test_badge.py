"""The Open Badge, checked by code that is not the library's: RFC 8037 and eddsa-rdfc-2022 step by step."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.ob3.ldp import document_loader
from pyld import jsonld

from lti_tool.credentials.badge import Badges, did_of
from lti_tool.credentials.verify import Fault, NoProof, check
from tests.unit.credentials.conftest import BASE_URL, a_proof, new_key

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _bytes(encoded):
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def _public_key(badges, key):
    method = badges.key_document([key])["verificationMethod"][0]
    return Ed25519PublicKey.from_public_bytes(_bytes(method["publicKeyJwk"]["x"]))


def test_the_token_is_signed_by_the_published_key(badges, key):
    header, payload, signature = badges.token(a_proof(), key).split(".")
    _public_key(badges, key).verify(_bytes(signature), f"{header}.{payload}".encode())
    assert json.loads(_bytes(header))["alg"] == "EdDSA"


def test_the_data_integrity_proof_is_signed_by_the_published_key(badges, key):
    document = badges.document(a_proof(), key)
    proof = document.pop("proof")
    value = proof.pop("proofValue")
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    hashes = [
        hashlib.sha256(jsonld.normalize(part, options).encode()).digest()
        for part in ({"@context": document["@context"], **proof}, document)
    ]
    _public_key(badges, key).verify(_base58(value.removeprefix("z")), b"".join(hashes))
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["verificationMethod"] == f"{badges.did}#{key.kid}"


def _base58(text):
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    return number.to_bytes(64, "big")


def test_it_says_what_for_and_whom_by_a_pseudonym_only(badges, key):
    claims = json.loads(_bytes(badges.token(a_proof(holder_name="Ada Lovelace"), key).split(".")[1]))
    achievement = claims["credentialSubject"]["achievement"]
    assert claims["credentialSubject"]["id"] == "urn:uuid:12345678-1234-4234-8234-123456789012"
    assert achievement["criteria"]["narrative"] == "Alle zwölf Module sind bestanden."
    assert achievement["alignment"][0]["targetCode"] == "SC-05"
    assert claims["credentialStatus"]["statusListIndex"] == "4711"
    assert "Lovelace" not in json.dumps(claims)
    assert "evidence" not in claims


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://lernen.example", "did:web:lernen.example"),
        ("https://lernen.example:8443", "did:web:lernen.example%3A8443"),
    ],
)
def test_the_issuer_is_the_tools_own_address(address, did):
    assert did_of(address) == did


@pytest.mark.parametrize("form", ["token", "document", "svg", "png", "pdf"])
def test_every_form_is_found_genuine_also_after_the_key_was_replaced(badges, key, make_pdf, form):
    genuine = check(_content(badges, key, make_pdf, form), badges.key_document([new_key(), key]))
    assert (genuine.proof_id, genuine.title) == ("A" * 22, "Smart City Manager – Musterlehrgang")
    assert (genuine.name, genuine.untouched) == (("Ada Lovelace", True) if form == "pdf" else (None, None))


@pytest.mark.parametrize("form", ["token", "document", "svg", "png", "pdf"])
def test_without_the_key_that_signed_it_every_form_is_a_forgery(badges, key, make_pdf, form):
    with pytest.raises(NoProof) as refused:
        check(_content(badges, key, make_pdf, form), badges.key_document([new_key()]))
    assert refused.value.fault is Fault.TAMPERED


@pytest.mark.parametrize("form", ["token", "document", "svg", "png"])
def test_somebody_elses_badge_is_named_as_such(key, make_pdf, badges, form):
    elsewhere = Badges("https://elsewhere.example")
    with pytest.raises(NoProof) as refused:
        check(_content(elsewhere, key, make_pdf, form), badges.key_document([key]))
    assert (refused.value.fault, refused.value.issuer) == (Fault.FOREIGN_ISSUER, "did:web:elsewhere.example")


@pytest.mark.parametrize("member", ["name", "validFrom", "credentialSubject", "credentialStatus"])
def test_a_document_in_which_something_was_changed_is_a_forgery(badges, key, member):
    document = badges.document(a_proof(), key)
    changed = {"name": "Doktor", "validFrom": "2020-01-01T00:00:00Z"}.get(member, {})
    with pytest.raises(NoProof) as refused:
        check(json.dumps({**document, member: changed}).encode(), badges.key_document([key]))
    assert refused.value.fault is Fault.TAMPERED


def test_an_expired_badge_is_genuine_and_says_that_it_has_expired(badges, key):
    ended = datetime(2027, 1, 1, tzinfo=UTC)
    proof = a_proof(issued_at=datetime(2020, 1, 1, tzinfo=UTC), valid_until=datetime(2021, 1, 1, tzinfo=UTC))
    for content in (badges.token(proof, key), json.dumps(badges.document(proof, key))):
        genuine = check(content.encode(), badges.key_document([key]))
        assert genuine.expired(ended)
        assert not genuine.expired(datetime(2020, 6, 1, tzinfo=UTC))


def test_a_pdf_with_the_attachments_of_another_is_a_forgery(badges, key, make_pdf):
    """The signed name of one proof beside the badge of another."""
    with pikepdf.open(BytesIO(make_pdf())) as mine, pikepdf.open(BytesIO(make_pdf(a_proof(id="B" * 22)))) as other:
        stolen = other.attachments["badge.jwt"].get_file().read_bytes()
        mine.attachments["badge.jwt"] = pikepdf.AttachedFileSpec(mine, stolen, filename="badge.jwt")
        mine.save(out := BytesIO())
    with pytest.raises(NoProof) as refused:
        check(out.getvalue(), badges.key_document([key]))
    assert refused.value.fault is Fault.TAMPERED


def test_a_list_of_revocations_ends_so_that_an_old_copy_hides_nothing(badges, key):
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    claims = json.loads(_bytes(badges.status_list(badges.list_address(1), [4711], key, now).split(".")[1]))
    assert claims["id"] == f"{BASE_URL}/v/status/1"
    assert datetime.fromisoformat(claims["validUntil"]) == now + timedelta(days=7)


def _content(badges, key, make_pdf, form):
    proof = a_proof()
    made = {
        "token": lambda: badges.token(proof, key).encode(),
        "document": lambda: json.dumps(badges.document(proof, key)).encode(),
        "svg": lambda: badges.svg(proof, key),
        "png": lambda: badges.png(proof, key),
        "pdf": make_pdf,
    }
    return made[form]()
