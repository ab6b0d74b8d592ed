"""Many people hand in while the platform is away and the worker dies again and again; every grade arrives once.

The number of people and of killings are options, so that the same test runs short with all others and long by
`make test-faults`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lti_tool.cli.serving import gunicorn_command
from lti_tool.curriculum.loader import load_catalogue
from tests.factories.plain_content import PLAIN_CONTENT
from tests.faults.crowd import Learner, answers_of, expected_percent

MODULE = "datenrecht"
ACTIVITY = "rl-datenrecht"
COLUMN = "li-datenrecht"
QUIZ = load_catalogue(PLAIN_CONTENT).modules[MODULE].quiz


@dataclass
class Deployment:
    """Tool and practice LMS as processes; the worker comes and goes."""

    tool_url: str
    lms_url: str
    environment: Mapping[str, str]

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
    return subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)


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


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(database_url, tmp_path) as running:
        yield running


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
    processes = [
        start(gunicorn_command()[1:], environment),
        start(
            ["-m", "gunicorn", *lms_options, "--log-level", "error", "--bind", f"127.0.0.1:{lms}", application],
            environment,
        ),
    ]
    try:
        wait_until(lambda: answers(f"{tool_url}/readyz") and answers(lms_url), "tool and practice LMS")
        yield Deployment(tool_url, lms_url, environment)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@pytest.mark.both_databases
def test_every_grade_arrives_once_though_the_platform_is_away_and_workers_are_killed(
    deployment: Deployment, pytestconfig: pytest.Config
) -> None:
    assert QUIZ is not None
    people, kills = pytestconfig.getoption("learners"), pytestconfig.getoption("kills")
    ids = deployment.control(f"/practice/people?count={people}", {})["people"]
    learners = [Learner(person, deployment.lms_url) for person in ids]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: prepare(*pair), enumerate(learners)))

        deployment.control("/practice/faults", {"down": True})
        with deployment.worker():
            results = list(pool.map(Learner.submit, learners[: people // 2]))
        assert all(result.status == 200 for result in results), "a learner never waits for the LMS"
        assert deployment.scores() == []

        deployment.control("/practice/faults", {})
        rest = pool.map(Learner.submit, learners[people // 2 :])
        for kill in range(1, kills + 1):
            with deployment.worker() as process:
                wait_until(
                    lambda kill=kill: len(deployment.scores()) >= people * kill // (kills + 2),
                    f"scores before kill {kill}",
                )
                process.send_signal(signal.SIGKILL)
        assert all(result.status == 200 for result in rest)

    with deployment.worker():
        wait_until(lambda: len(deployment.scores()) >= people, "the last grade", seconds=240)

    scores = deployment.scores()
    given = {score["user"]: score for score in scores}
    sent = Counter(score["user"] for score in scores)
    assert sent == dict.fromkeys(ids, 1), "each grade exactly once"
    for number, person in enumerate(ids):
        message = given[person]["message"]
        percent = message["given"] / message["maximum"] * 100
        assert percent == pytest.approx(float(expected_percent(number, QUIZ)))


def prepare(number: int, learner: Learner) -> None:
    """Launch, begin the quiz and answer; everything but the handing in."""
    assert QUIZ is not None
    learner.launch(ACTIVITY)
    learner.begin_quiz(MODULE)
    learner.answer(answers_of(number, QUIZ))
