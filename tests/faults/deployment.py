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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lti_tool.cli.serving import gunicorn_command
from tests.factories.plain_content import PLAIN_CONTENT

COLUMN = "li-datenrecht"
LOG = "TEST_LOG_FILE"


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
    """Start a program of ours; what it logs goes to the file that its environment names, if it does."""
    with ExitStack() as stack:
        log = environment.get(LOG)
        stderr = stack.enter_context(Path(log).open("ab")) if log else None
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
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


def answers(url: str, seconds: float = 5) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=seconds):
            return True
    except OSError:
        return False


@contextmanager
def deployed(database_url: str, tmp_path: Path, **settings: str) -> Iterator[Deployment]:
    """Run tool and practice LMS; `settings` are further variables of the tool."""
    tool, lms = free_port(), free_port()
    tool_url, lms_url = f"http://127.0.0.1:{tool}", f"http://localhost:{lms}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")} | {
        "SMARTCITY_BASE_URL": tool_url,
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
        "SMARTCITY_ALLOWED_PRIVATE_HOSTS": "localhost",
        "SMARTCITY_BIND": f"127.0.0.1:{tool}",
        "SMARTCITY_WEB_WORKERS": "1",
        "SMARTCITY_LOGIN_RATE": "1000000/minute",
        "SMARTCITY_LOG_LEVEL": "error",
        "SMARTCITY_WORKER_INTERVAL": "0.05",
        "SMARTCITY_CONTENT_DIR": str(PLAIN_CONTENT),
        "PRACTICE_LMS_URL": lms_url,
        "PRACTICE_LMS_TOOL_URL": tool_url,
        "PRACTICE_LMS_CLIENT_ID": "uebungswerkzeug",
        "PRACTICE_LMS_DEPLOYMENT_ID": "1",
        "PRACTICE_LMS_STATE_FILE": str(tmp_path / "lms.sqlite3"),
        **settings,
    }
    platform = [
        *("platform", "add", "--name", "Übungs-LMS", "--issuer", lms_url, "--client-id", "uebungswerkzeug"),
        *("--auth-url", f"{lms_url}/platform/auth", "--token-url", f"{lms_url}/platform/token"),
        *("--jwks-url", f"{lms_url}/platform/jwks", "--deployment-id", "1", "--private-host", "localhost"),
    ]
    subprocess.run([sys.executable, "-m", "lti_tool.cli", *platform], env=environment, check=True, capture_output=True)
    application = "lti_tool.cli.practice_lms:application()"
    lms_options = ["--workers", "1", "--worker-class", "gthread", "--threads", "16", "--no-control-socket"]
    web = start(gunicorn_command()[1:], environment)
    platform_process = start(
        ["-m", "gunicorn", *lms_options, "--log-level", "error", "--bind", f"127.0.0.1:{lms}", application],
        environment,
    )
    house = Deployment(tool_url, lms_url, environment, web)
    try:
        wait_until(lambda: answers(f"{tool_url}/readyz") and answers(lms_url), "tool and practice LMS")
        yield house
    finally:
        for process in (house.web, platform_process):
            process.terminate()
        for process in (house.web, platform_process):
            process.wait(30)
