"""The packages' grader comes to the same results as the tool's, case by case."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[2] / "cases/grade_cases.mjs"


def test_every_case_comes_out_the_same_in_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node is missing: install Debian's package nodejs, as scripts/node.sh does where it may")
    ran = subprocess.run([node, RUNNER], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["failed"] == []
    assert found["count"] >= 300
