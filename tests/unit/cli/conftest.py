"""The command line as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


@pytest.fixture
def bare_environment() -> dict[str, str]:
    """This process's environment without settings of the tool."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")}


@pytest.fixture(scope="session")
def starter() -> Iterator[subprocess.Popen[str]]:
    """A process that starts the others: what a command does takes less time than its imports."""
    command = [sys.executable, "-m", "tests.unit.cli.starter"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        yield process
        process.communicate()


@pytest.fixture
def smartcity(
    tmp_path: Path, bare_environment: Mapping[str, str], starter: subprocess.Popen[str]
) -> Callable[..., Finished]:
    """Run a command in an empty folder; return its exit code and what it printed."""
    assert starter.stdin is not None
    assert starter.stdout is not None
    to, answers = starter.stdin, starter.stdout

    def run(*arguments: str, **settings: str) -> Finished:
        environment = {**bare_environment, **{f"SMARTCITY_{name}": value for name, value in settings.items()}}
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            told = {"arguments": arguments, "folder": str(tmp_path), "environment": environment}
            to.write(json.dumps({**told, "out": str(out), "err": str(err)}) + "\n")
            code = int(answers.readline())
            return Finished(code, out.read_text("utf-8"), err.read_text("utf-8"))

    return run


@pytest.fixture
def complete(database_url: str) -> dict[str, str]:
    """Settings with a migrated database."""
    return {"BASE_URL": "https://lernen.example.org", "DATABASE_URL": database_url, "SECRET_KEY": "k" * 40}
