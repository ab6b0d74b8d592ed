"""`smartcity run`: everything up, everything down again, nothing restarted silently."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from lti_tool.cli.trial import tool_environment
from lti_tool.settings import load_settings


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Start it on free ports; yield the process and the addresses of LMS and tool."""
    command = [sys.executable, "-m", "lti_tool.cli", "run", "--port", "0", "--lms-port", "0"]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        said = [process.stdout.readline() for _ in range(3)]
        assert said[2] == "Beenden mit Strg+C\n", process.stderr.read()
        lms, tool = (re.search(r"http://\S+", line).group() for line in said[:2])
        yield process, lms, tool
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.both_databases
def test_it_starts_all_parts_says_where_they_are_and_stops_them_at_ctrl_c(tmp_path, bare_environment, database_url):
    with running(tmp_path, bare_environment | {"SMARTCITY_DATABASE_URL": database_url}) as (process, lms, tool):
        children = psutil.Process(process.pid).children(recursive=True)
        assert lms.startswith("http://localhost:")
        assert tool.startswith("http://127.0.0.1:")
        assert {urllib.request.urlopen(f"{tool}/readyz").status for _ in range(20)} == {200}  # from both processes
        assert urllib.request.urlopen(lms).status == 200

        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)

    assert (process.returncode, errors) == (0, "")
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_its_secret_stays_the_same_and_is_readable_by_its_owner_only(tmp_path):
    first, second = (tool_environment({}, tmp_path, "http://127.0.0.1:1") for _ in range(2))
    file = Path(first["SMARTCITY_SECRET_KEY_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_settings(first).secret_key == load_settings(second).secret_key


def test_what_the_operator_has_set_counts(tmp_path):
    given = {"SMARTCITY_SECRET_KEY": "k" * 40, "SMARTCITY_LOG_LEVEL": "debug", "PATH": "/bin"}
    settings = load_settings(tool_environment(given, tmp_path, "http://127.0.0.1:1"))
    assert (settings.secret_key.get_secret_value(), settings.log_level) == ("k" * 40, "debug")
    assert list(tmp_path.iterdir()) == []


def test_if_a_part_dies_it_says_so_and_stops_the_others(tmp_path, bare_environment):
    with running(tmp_path, bare_environment) as (process, _lms, _tool):
        children = psutil.Process(process.pid).children(recursive=True)
        worker = next(child for child in children if child.cmdline()[-1] == "worker")
        os.kill(worker.pid, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert errors == "Fehler: Beendet, denn die Zustellung läuft nicht mehr (Code -9).\n"
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
