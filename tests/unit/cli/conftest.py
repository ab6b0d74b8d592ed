"""The command line as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


@pytest.fixture
def bare_environment() -> dict[str, str]:
    """This process's environment without settings of the tool."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")}


@pytest.fixture
def smartcity(tmp_path: Path, bare_environment: Mapping[str, str]) -> Callable[..., Finished]:
    """Run a command in an empty folder; return its exit code and what it printed."""

    def run(*arguments: str, **settings: str) -> Finished:
        environment = {**bare_environment, **{f"SMARTCITY_{name}": value for name, value in settings.items()}}
        done = subprocess.run(
            [sys.executable, "-m", "lti_tool.cli", *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def complete(database_url: str) -> dict[str, str]:
    """Settings with a migrated database."""
    return {"BASE_URL": "https://lernen.example.org", "DATABASE_URL": database_url, "SECRET_KEY": "k" * 40}
