from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF
from scorm_packages.scripts import RUNTIME, SHARED

CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue(PACKAGED_CONTENT, MEDIA_PREFIX, page_href=PAGE_HREF)


@pytest.fixture(scope="session")
def module(catalogue):
    return catalogue.modules["datenrecht"]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory) -> Path:
    """The player's modules beside each other, as Node imports them."""
    folder = tmp_path_factory.mktemp("runtime")
    for path in [*RUNTIME.glob("*.js"), *SHARED.glob("*.js")]:
        shutil.copy(path, folder / path.name)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.fixture
def node(tmp_path, runtime):
    """Runs one of the scripts in tests/cases with a JSON file; returns what it prints."""

    def run(script: str, **given: Any) -> Any:
        program = shutil.which("node")
        assert program, "Node is missing: install Debian's package nodejs, as scripts/node.sh does where it may"
        file = tmp_path / "given.json"
        file.write_text(json.dumps({"runtime": str(runtime), **given}))
        ran = subprocess.run([program, CASES / script, file], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return run
