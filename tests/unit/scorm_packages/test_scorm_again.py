"""The independent run-time comes by npm, is the one we know, or is not used."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from scorm_packages.errors import PackageError
from scorm_packages.preview import fetch, run_time, scorm_again

ROOT = Path(__file__).parents[3]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _npm(tmp_path, monkeypatch, does):
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_tests_and_authors_use_the_same_one():
    script = (ROOT / "scripts" / "scorm_again.sh").read_text()
    assert f"{scorm_again.NAME} {scorm_again.VERSION}" in script
    assert scorm_again.SHA512 in script


def test_another_package_than_the_known_one_is_not_used(tmp_path, cache, monkeypatch):
    with tarfile.open(tmp_path / "other.tgz", "w:gz") as packed:
        for name in scorm_again.SCRIPTS.values():
            packed.addfile(tarfile.TarInfo(f"package/dist/{name}"), io.BytesIO())
    _npm(tmp_path, monkeypatch, f"cp {tmp_path}/other.tgz scorm-again.tgz")
    with pytest.raises(PackageError, match="ein anderes scorm-again"):
        fetch()
    assert not cache.exists()
    assert run_time().startswith("Laufzeit: eine kleine eigene")


def test_npm_that_is_missing_or_fails_is_one_sentence(tmp_path, cache, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageError, match="npm ist nicht installiert"):
        fetch()
    _npm(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(PackageError, match="npm konnte scorm-again"):
        fetch()


def test_the_known_package_is_unpacked_once(tmp_path, cache, monkeypatch):
    with tarfile.open(tmp_path / "known.tgz", "w:gz") as packed:
        for name in scorm_again.SCRIPTS.values():
            member = tarfile.TarInfo(f"package/dist/{name}")
            member.size = 2
            packed.addfile(member, io.BytesIO(b"1;"))
    known = (tmp_path / "known.tgz").read_bytes()
    monkeypatch.setattr(scorm_again, "SHA512", scorm_again.digest(known))
    _npm(tmp_path, monkeypatch, f"mv {tmp_path}/known.tgz scorm-again.tgz")
    fetch()
    fetch()  # npm would find nothing to move any more
    assert {path.name for path in scorm_again.folder().iterdir()} == set(scorm_again.SCRIPTS.values())
    assert scorm_again.script("2004") == b"1;"
