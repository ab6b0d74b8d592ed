"""Tool and practice LMS as processes of their own, to be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lti_tool.cli.serving import gunicorn_command

COLUMN = "li-datenrecht"


@dataclass
class Deployment:
    """Tool and practice LMS as processes; the worker comes and goes."""

    tool_url: str
    lms_url: str
    environment: Mapping[str, str]
    web: subprocess.Popen[bytes]

    def kill_web(self) -> None:
        """Kill the web server and all its processes at once, as a power cut would, and start it anew."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.web = start(gunicorn_command()[1:], self.environment)
        wait_until(lambda: answers(f"{self.tool_url}/readyz"), "the tool")

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        process = start(["-m", "lti_tool.cli", "worker"], self.environment)
        yield process
        process.kill()
        process.wait()

    def control(self, path: str, document: object = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.lms_url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def scores(self) -> list[dict[str, Any]]:
        """Every score the platform ever took for the column, in order."""
        return self.control(f"/practice/scores.json?line_item={COLUMN}")


def start(arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Any, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False
