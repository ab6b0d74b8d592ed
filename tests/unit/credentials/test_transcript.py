"""The transcript file, checked by code that is not ours, and read back."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.credentials.badge import Badges
from lti_tool.credentials.transcript_check import is_revoked, read, verify
from lti_tool.domain.transcripts import CodeMark, Fault, IssuerAway, TranscriptRefused, new_code
from tests.factories.transcripts import CODE, OtherTool, a_module, new_key, payload, with_payload

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tool():
    return OtherTool()


def keys(tool, *more):
    return Badges(tool.base_url).key_document([tool.key, *more])


def _bytes(encoded):
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def test_it_is_signed_by_the_published_key_says_rfc_8037_and_by_no_other(tool):
    token = tool.token(NOW)
    header, claims, signature = token.split(".")
    [method] = keys(tool)["verificationMethod"]
    public = Ed25519PublicKey.from_public_bytes(_bytes(method["publicKeyJwk"]["x"]))
    public.verify(_bytes(signature), f"{header}.{claims}".encode())
    changed = with_payload(token, id="urn:uuid:0").split(".")[1]
    with pytest.raises(InvalidSignature):
        public.verify(_bytes(signature), f"{header}.{changed}".encode())


def test_it_has_the_form_of_a_comprehensive_learner_record(tool):
    record = payload(tool.token(NOW))
    assert record["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    ]
    assert record["type"] == ["VerifiableCredential", "ClrCredential"]
    assert (record["iss"], record["jti"]) == (record["issuer"]["id"], record["id"])
    assert record["credentialSubject"]["type"] == "ClrSubject"
    [part] = record["credentialSubject"]["verifiableCredential"]
    assert part["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert part["issuer"]["id"] == record["issuer"]["id"]
    achievement = part["credentialSubject"]["achievement"]
    assert (achievement["humanCode"], achievement["creditsAvailable"]) == ("datenrecht", 1.5)
    assert achievement["alignment"][0]["targetCode"] == "SC-05"


def test_the_code_is_held_as_a_scrypt_digest_only(tool):
    [identity] = payload(tool.token(NOW))["credentialSubject"]["identifier"]
    plain = CODE.replace("-", "").encode()
    digest = hashlib.scrypt(plain, salt=identity["salt"].encode(), n=8192, r=8, p=1, dklen=32).hex()
    assert identity["identityHash"] == f"scrypt${digest}"


@pytest.mark.parametrize("address", ["https://lernen.siegen.example", "http://127.0.0.1:8000"])
def test_what_was_signed_is_read_back_also_after_the_key_was_replaced(address):
    tool = OtherTool(address)
    transcript = tool.transcript(NOW, modules=(a_module(), a_module("ki-kommune", competences=(), version="")))
    token = tool.files.token(transcript, tool.key)
    assert token == tool.files.token(transcript, tool.key), "the same bytes each time"
    assert verify(token, keys(tool, new_key())) == transcript


def test_keys_of_other_kinds_in_a_key_document_do_no_harm(tool):
    document = keys(tool)
    odd = [{"publicKeyJwk": {"kty": "RSA"}}, {"publicKeyMultibase": "z6"}, "x", {"publicKeyJwk": {"kty": "OKP"}}]
    document["verificationMethod"] = odd + document["verificationMethod"]
    assert verify(tool.token(NOW), document).town == tool.town
    for methods in ("x", None, odd):
        with pytest.raises(TranscriptRefused) as refused:
            verify(tool.token(NOW), {**document, "verificationMethod": methods})
        assert refused.value.fault is Fault.TAMPERED


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused(content):
    with pytest.raises(TranscriptRefused):
        read(content)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = ["issuer", "credentialSubject", "credentialStatus", "validFrom", "validUntil", "id", "type", "iss", "jti"]


@given(st.sampled_from(MEMBERS), JUNK)
def test_junk_in_any_place_is_refused(name, junk):
    token = with_payload(TOKEN, **{name: junk})
    with pytest.raises(TranscriptRefused):
        read(token.encode())


TOKEN = OtherTool().token(NOW)


def test_a_bit_in_the_signed_list_is_a_revocation(tool):
    transcript, badges = tool.transcript(NOW), Badges(tool.base_url)
    for places, revoked in (([4711], True), ([4710, 4712], False), ([], False)):
        signed = badges.status_list(transcript.status_list, places, tool.key, NOW).encode()
        assert is_revoked(signed, keys(tool), transcript, NOW) is revoked


def unusable_lists(tool):
    badges, address = Badges(tool.base_url), tool.files.list_address(1)
    good = badges.status_list(address, [], tool.key, NOW)
    bomb = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(8 << 20))).decode().rstrip("=")
    yield "junk", "%PDF"
    yield "unsigned", with_payload(good, x=1)
    yield "of another key", badges.status_list(address, [], new_key(), NOW)
    yield "another list", badges.status_list(tool.files.list_address(2), [], tool.key, NOW)
    yield "too old", badges.status_list(address, [], tool.key, NOW - timedelta(days=8))
    yield "too large", signed_with(tool, {**payload(good), "credentialSubject": subject(good, encodedList=bomb)})
    yield (
        "for suspension",
        signed_with(tool, {**payload(good), "credentialSubject": subject(good, statusPurpose="suspension")}),
    )


def subject(token, **changed):
    return {**payload(token)["credentialSubject"], **changed}


def signed_with(tool, claims):
    from openbadgeslib.ob3.signer import OB3Signer

    return OB3Signer(tool.key.pem, "EdDSA").sign_payload(claims)


def test_a_list_that_cannot_be_relied_on_never_lets_a_transcript_pass(tool):
    transcript = tool.transcript(NOW)
    for name, content in unusable_lists(tool):
        with pytest.raises(IssuerAway):
            pytest.fail(f"{name}: {is_revoked(content.encode(), keys(tool), transcript, NOW)}")


def test_a_code_is_recognised_however_it_is_typed_and_no_other_is():
    code = new_code()
    mark = CodeMark.of(code)
    assert mark.fits(f" {code.lower().replace('-', ' ')}")
    assert not mark.fits(code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert not mark.fits("")
    assert CodeMark.of(code) != mark, "fresh salt each time"
    assert CodeMark.of("O1L-8").fits("011 8"), "letters that look like digits count as these"


def test_a_record_of_too_many_or_no_modules_is_refused(tool):
    for number in (0, 201):
        record = payload(tool.token(NOW))
        [part] = record["credentialSubject"]["verifiableCredential"]
        subject_ = {**record["credentialSubject"], "verifiableCredential": [part] * number}
        with pytest.raises(TranscriptRefused):
            verify(signed_with(tool, {**record, "credentialSubject": subject_}), keys(tool))


def test_what_cannot_be_seen_is_left_out_of_names(tool):
    transcript = tool.transcript(NOW, modules=(a_module(title="Daten\N{RIGHT-TO-LEFT OVERRIDE}recht\n <b>"),))
    read_back = verify(tool.files.token(transcript, tool.key), keys(tool))
    assert read_back.modules == (dataclasses.replace(transcript.modules[0], title="Datenrecht <b>"),)
