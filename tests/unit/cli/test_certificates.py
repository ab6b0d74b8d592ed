"""`smartcity certificate`: checking a file without database and network, and revoking with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.factories.transcripts import OtherTool
from tests.unit.credentials.conftest import BASE_URL, a_proof, badges, key, make_pdf, new_key

__all__ = ["badges", "key", "make_pdf"]


@pytest.fixture
def keys(tmp_path, badges, key):
    path = tmp_path / "did.json"
    path.write_text(json.dumps(badges.key_document([key])))
    return path


def test_a_genuine_pdf_is_told_with_its_name(smartcity, tmp_path, keys, make_pdf):
    file = tmp_path / "zertifikat.pdf"
    file.write_bytes(make_pdf())
    done = smartcity("certificate", "verify", str(file), "--keys", str(keys))
    assert done.code == 0, done.err
    assert "Echt: Smart City Manager – Musterlehrgang, ausgestellt von Akademie Musterstadt (fiktiv)" in done.out
    assert "Name: Ada Lovelace" in done.out
    assert "Ob er widerrufen wurde, zeigt nur die Prüfseite." in done.out


def test_a_forgery_is_told_by_sentence_and_exit_code(smartcity, tmp_path, keys, badges):
    file = tmp_path / "badge.jwt"
    file.write_text(badges.token(a_proof(), new_key()))
    done = smartcity("certificate", "verify", str(file), "--keys", str(keys))
    assert (done.code, done.err) == (1, "Fehler: Gefälscht oder beschädigt: Die Signatur stimmt nicht.\n")


def test_keys_that_are_none_are_told(smartcity, tmp_path, badges, key):
    file = tmp_path / "badge.jwt"
    file.write_text(badges.token(a_proof(), key))
    done = smartcity("certificate", "verify", str(file), "--keys", str(file))
    assert done.code == 1
    assert "kein DID-Dokument" in done.err


def test_an_unknown_certificate_cannot_be_revoked(smartcity, complete):
    done = smartcity("certificate", "revoke", "A" * 22, "--reason", "Irrtum", **complete)
    assert done.code == 1
    assert "gibt es nichts" in done.err


@pytest.fixture
def transcript(tmp_path, key):
    """A transcript of the tool whose keys are at hand."""
    other = OtherTool(BASE_URL, key)
    file = tmp_path / "lernnachweis.jwt"
    file.write_text(other.token(datetime.now(UTC)))
    return file


def test_a_transcript_is_told_with_its_modules(smartcity, keys, transcript):
    done = smartcity("certificate", "verify", str(transcript), "--keys", str(keys))
    assert done.code == 0, done.err
    assert "Echt: Lernnachweis aus Stadt Siegen, signiert von lernen.example" in done.out
    assert "20.11.2024  Datenschutz und Datenrecht (datenrecht), Stadt Siegen" in done.out
    assert "Ob er zurückgenommen wurde, weiß nur der Aussteller." in done.out


def test_a_forged_and_an_expired_transcript_are_told(smartcity, keys, transcript, key):
    transcript.write_text(OtherTool(BASE_URL).token(datetime.now(UTC)))
    done = smartcity("certificate", "verify", str(transcript), "--keys", str(keys))
    assert (done.code, done.err) == (1, "Fehler: Gefälscht oder beschädigt: Die Signatur stimmt nicht.\n")
    transcript.write_text(OtherTool(BASE_URL, key).token(datetime(2020, 1, 1, tzinfo=UTC)))
    done = smartcity("certificate", "verify", str(transcript), "--keys", str(keys))
    assert done.code == 1
    assert "Abgelaufen am" in done.err
