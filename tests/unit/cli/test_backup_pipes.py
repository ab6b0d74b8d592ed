"""A backup in a pipe: whole for whoever reads it all, and never silently half of one."""

from __future__ import annotations

import os
import subprocess
import sys
from subprocess import PIPE, Popen

import pytest


@pytest.fixture
def backup(bare_environment, complete, tmp_path):
    """Start `smartcity backup …`."""
    environment = {**bare_environment, **{f"SMARTCITY_{name}": value for name, value in complete.items()}}

    def start(*words: str, stdin=subprocess.DEVNULL) -> Popen[bytes]:
        command = [sys.executable, "-m", "lti_tool.cli", "backup", *words]
        return Popen(command, cwd=tmp_path, env=environment, stdin=stdin, stdout=PIPE, stderr=PIPE)

    return start


def test_one_command_writes_what_the_next_one_reads(backup, tmp_path):
    with backup("create", "-") as creating, backup("verify", "-", stdin=creating.stdout) as verifying:
        creating.stdout.close()
        told, _ = verifying.communicate()
        words = creating.stderr.read().decode()
    assert (creating.returncode, verifying.returncode) == (0, 0), words
    assert told.decode().startswith("Unbeschädigt: SQLite")
    assert "Sicherung ausgegeben" in words, "what is told does not mix with the archive"
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_what_nobody_reads_to_the_end_and_what_ends_too_early_are_told(backup, tmp_path):
    with backup("create", "-") as process:
        process.stdout.close()
        told = process.stderr.read().decode()
    assert process.returncode == 1
    assert told.splitlines()[-1].startswith("Fehler: Die Sicherung ist unvollständig: Das Programm, das sie bekam")
    assert "Traceback" not in told
    with backup("restore", "-") as process:
        told = process.stderr.read().decode()
    assert (process.returncode, told) == (
        1,
        "Fehler: Die Eingabe ist keine Sicherung, oder sie ist abgeschnitten (empty file).\n",
    )
    os.mkfifo(tmp_path / "pipe")
    with backup("create", "pipe") as process:
        assert "Auf die Standardausgabe geht sie mit - als ZIEL" in process.stderr.read().decode()
