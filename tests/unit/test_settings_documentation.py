"""The table of settings in config/README.md comes from the code and is never stale."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from scripts.settings_table import BEGIN, END, table

ROOT = Path(__file__).parents[2]


def test_the_table_in_the_readme_is_the_one_the_code_gives():
    text = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    shown = text.partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == table().strip(), "run: python scripts/settings_table.py"


def test_the_example_environment_is_complete_and_valid(tmp_path):
    from lti_tool.settings import load_settings

    lines = (ROOT / "config" / "example.env").read_text(encoding="utf-8").splitlines()
    active = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    commented = {line.removeprefix("#").partition("=")[0] for line in lines if line.startswith("#SMARTCITY_")}
    assert active.pop("SMARTCITY_SECRET_KEY") == ""
    settings = load_settings(active | {"SMARTCITY_SECRET_KEY": "x" * 32})
    known = {f"SMARTCITY_{field.name.upper()}" for field in fields(settings)}
    assert known == set(active) | commented | {"SMARTCITY_SECRET_KEY"}
