"""The files that strangers and their tools read first say what is so."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lti_tool

ROOT = Path(__file__).parents[2]


def test_the_licence_is_the_whole_eupl():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    articles = [int(number) for number in re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE)]
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert articles == list(range(1, 16))
    assert "‘Compatible Licences’ according to Article 5" in text


def test_publiccode_names_this_version_licence_and_languages_within_the_limits_of_its_schema():
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert described["softwareVersion"] == lti_tool.__version__
    assert described["legal"]["license"] == project["license"] == "EUPL-1.2"
    assert set(described["description"]) == set(described["localisation"]["availableLanguages"]) == {"de", "en"}
    assert set(described["intendedAudience"]["scope"]) <= {"local-authorities", "education", "government"}
    for text in described["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert len(text["genericName"]) <= 35


def test_every_licence_named_for_a_file_lies_in_full_in_its_folder():
    named = {entry["SPDX-License-Identifier"] for entry in tomllib.loads(_text("REUSE.toml"))["annotations"]}
    assert named == {path.stem for path in (ROOT / "LICENSES").iterdir()}
    assert _text("LICENSES/EUPL-1.2.txt") == _text("LICENSE")


@pytest.mark.parametrize("lock", ["run", "dev", "build"])
def test_a_lock_holds_a_hash_for_every_package_and_tells_nobody_where_packages_come_from(lock):
    text = _text(f"requirements/{lock}.lock")
    assert not re.search(r"://|^-|@ ", text, re.MULTILINE)
    entries = re.split(r"^(?=\S)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    assert [entry for entry in entries if entry and "--hash=sha256:" not in entry] == []


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads(_text("pyproject.toml"))
    asked = {
        "run": project["project"]["dependencies"],
        "dev": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "build": project["dependency-groups"]["build"],
    }
    for lock, requirements in asked.items():
        pinned = _pinned(lock)
        unfit = [one for one in map(Requirement, requirements) if not _holds(one, pinned)]
        assert unfit == [], f"scripts/update_locks.sh mends requirements/{lock}.lock"
    assert _pinned("run").items() <= _pinned("dev").items()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pinned(lock: str) -> dict[str, str]:
    found = re.findall(r"^([\w.\-]+)(?:\[[^]]*\])?==([^ ;\n]+)", _text(f"requirements/{lock}.lock"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def _holds(asked: Requirement, pinned: dict[str, str]) -> bool:
    version = pinned.get(canonicalize_name(asked.name))
    return version is not None and asked.specifier.contains(version, prereleases=True)


def test_the_example_of_a_proxy_writes_down_nobody_and_no_secret_address():
    assert "access_log off;" in (ROOT / "config/proxy/nginx.example.conf").read_text("utf-8")
    assert "\n\tlog" not in (ROOT / "config/proxy/Caddyfile").read_text("utf-8"), "Caddy keeps no access log by itself"


def test_ci_calls_exactly_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert [line for line in script.read_text().splitlines() if line.startswith("make")] == ["make test"]
