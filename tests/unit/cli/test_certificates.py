"""`smartcity certificate`: checking a file without database and network, and revoking with a reason."""

from __future__ import annotations

import json

import pytest

from tests.unit.credentials.conftest import a_proof, badges, key, make_pdf, new_key

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
