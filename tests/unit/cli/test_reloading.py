"""The running tool is told that its content changed; nothing else ever is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from lti_tool.cli.commands import smartcity
from tests.factories.plain_content import PLAIN_CONTENT

LISTENER = """
import signal, sys
signal.signal(signal.SIGHUP, lambda *_: sys.exit(7))
print("ready", flush=True)
signal.pause()
"""


@pytest.fixture
def reload(complete, tmp_path):
    settings = {f"SMARTCITY_{name}": value for name, value in complete.items()}
    settings["SMARTCITY_CONTENT_DIR"] = str(PLAIN_CONTENT)

    def type_(**more):
        done = CliRunner(env={**settings, **more}).invoke(smartcity, ["content", "reload"], prog_name="smartcity")
        return done.exit_code, done.output

    return type_


@pytest.mark.parametrize(("name", "told"), [("gunicorn", True), ("another", False)])
def test_the_tool_is_told_by_its_pidfile_and_no_other_process_ever(reload, tmp_path, name, told):
    command = [sys.executable, "-c", LISTENER, name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        (tmp_path / "serve.pid").write_text(f"{process.pid}\n")
        code, said = reload(SMARTCITY_PIDFILE=str(tmp_path / "serve.pid"))
        if code:
            process.terminate()
        assert (process.wait(10) == 7, code) == (told, 0 if told else 1), said


def test_without_a_pidfile_it_says_how(reload, tmp_path):
    for more in ({}, {"SMARTCITY_PIDFILE": str(tmp_path / "none")}):
        code, said = reload(**more)
        assert (code, "systemctl reload smartcity" in said) == (1, True), said


def test_faulty_content_is_refused_before_anything_happens(reload, tmp_path):
    code, said = reload(SMARTCITY_CONTENT_DIR=str(tmp_path))
    assert (code, "die bisherigen bleiben" in said) == (1, True)
