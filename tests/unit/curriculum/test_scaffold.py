"""A new module is entered in the catalogue without touching what its author wrote there."""

from __future__ import annotations

import pytest

from lti_tool.curriculum.scaffold import listed
from lti_tool.curriculum.yaml_source import read_yaml

CATALOGUES = [
    ("modules:\n  - a   # zuerst\n  - b\n# Ende\n", "modules:\n  - a   # zuerst\n  - b\n  - neu\n# Ende\n"),
    ("modules:\n- a\ncertifications: []\n", "modules:\n- a\n- neu\ncertifications: []\n"),
    ("modules: [a, b]   # alle\n", "modules: [a, b, neu]   # alle\n"),
    ("modules: []\n", None),
    ("modules:\n  - neu\nplanned:\n  neu: {title: Neu, minutes: 5}\n  b: {title: B, minutes: 5}\n",
     "modules:\n  - neu\nplanned:\n  b: {title: B, minutes: 5}\n"),
    ("modules:\n  - neu\nplanned:\n  b: {title: B, minutes: 5}\n  neu:\n    title: Neu\n    minutes: 5\ncertifications: []\n",
     "modules:\n  - neu\nplanned:\n  b: {title: B, minutes: 5}\ncertifications: []\n"),
    ("planned:\n  neu: {title: Neu, minutes: 5}\nmodules: [neu]\n", "modules: [neu]\n"),
    ("planned: {neu: {title: Neu, minutes: 5}}\nmodules: [neu]\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CATALOGUES)
def test_a_module_is_entered_and_nothing_else_changes(before: str, after: str | None) -> None:
    source = read_yaml("catalogue.yaml", before, lambda _problem: None)
    assert listed(source, before, "neu") == after
