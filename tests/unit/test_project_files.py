"""The files that strangers and their tools read first say what is so."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import yaml

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
    for text in described["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert len(text["genericName"]) <= 35


def test_ci_calls_exactly_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert [line for line in script.read_text().splitlines() if line.startswith("make")] == ["make test"]
