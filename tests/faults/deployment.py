"""Tool and practice LMS as processes of their own, to be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import ScoreDelivery
from lti_tool.domain.scores import Delivery
from tests.factories.plain_content import PLAIN_CONTENT
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
COLUMN = "li-datenrecht"
LOG = "TEST_LOG_FILE"


@dataclass(frozen=True, slots=True)
class Code:
    """A source tree with the Python that its packages are installed for."""

    folder: Path = ROOT
    python: str = sys.executable

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return start(arguments, environment, self)

    def serve(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return self.start(["-m", "gunicorn", "--config", f"{self.folder}/config/gunicorn.conf.py"], environment)

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        """Run `smartcity` with these arguments to its end."""
        command = [self.python, "-m", "lti_tool.cli", *arguments]
        subprocess.run(command, env=environment, cwd=self.folder, check=True, capture_output=True)


OURS = Code()


@dataclass
class Deployment:
    """Tool and practice LMS as processes; the worker comes and goes."""

    tool_url: str
    lms_url: str
    environment: Mapping[str, str]
    web: subprocess.Popen[bytes]
    lms: subprocess.Popen[bytes]
    code: Code = OURS

    def kill_web(self) -> None:
        """Kill the web server and all its processes at once, as a power cut would, and start it anew."""
        kill_group(self.web)
        self.web = self.code.serve(self.environment)
        wait_until(lambda: answers(f"{self.tool_url}/readyz"), "the tool")

    def kill_lms(self) -> None:
        """The same for the practice LMS, which keeps its gradebook in a file."""
        kill_group(self.lms)
        self.lms = start_lms(self.environment)
        wait_until(lambda: answers(self.lms_url), "the practice LMS")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker; whoever starts it ends it."""
        return self.code.start(["-m", "lti_tool.cli", "worker"], self.environment)

    def let_time_pass(self) -> None:
        """A time machine for the outbox: leases of the dead have ended, and everything that waited is due."""
        engine = make_engine(self.environment["SMARTCITY_DATABASE_URL"])
        with make_sessions(engine).begin() as session:
            waiting = update(ScoreDelivery).where(ScoreDelivery.state == Delivery.WAITING)
            session.execute(waiting.values(next_try_at=datetime.now(UTC) - timedelta(seconds=1)))
        engine.dispose()

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        process = self.start_worker()
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def outbox(self) -> Counter[tuple[Any, ...]]:
        """How many grades are in which state, and why; for whoever reads a failure."""
        engine = make_engine(self.environment["SMARTCITY_DATABASE_URL"])
        with make_sessions(engine)() as session:
            rows = session.execute(select(ScoreDelivery.state, ScoreDelivery.reason, ScoreDelivery.tries)).all()
        engine.dispose()
        return Counter((*row,) for row in rows)

    def control(self, path: str, document: object = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.lms_url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def scores(self) -> list[dict[str, Any]]:
        """Every score the platform ever took for the column, in order."""
        return self.control(f"/practice/scores.json?line_item={COLUMN}")


def start(arguments: list[str], environment: Mapping[str, str], code: Code = OURS) -> subprocess.Popen[bytes]:
    """Start a program of ours; what it logs goes to the file that its environment names, if it does."""
    with ExitStack() as stack:
        log = environment.get(LOG)
        stderr = stack.enter_context(Path(log).open("ab")) if log else None
        return subprocess.Popen(
            [code.python, *arguments],
            env=environment,
            cwd=code.folder,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )


def start_lms(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = ["--workers", "1", "--worker-class", "gthread", "--threads", "16", "--no-control-socket"]
    address = environment["PRACTICE_LMS_URL"].rpartition(":")[2]
    return start(
        [
            *("-m", "gunicorn", *options, "--log-level", "error", "--bind", f"127.0.0.1:{address}"),
            "lti_tool.cli.practice_lms:application()",
        ],
        environment,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
def deployed(database_url: str, tmp_path: Path, code: Code = OURS, **settings: str) -> Iterator[Deployment]:
    """Run tool and practice LMS; `settings` are further variables of the tool.

    With other code than ours the database is migrated to its own tables only; the practice LMS is always ours.
    """
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
    if code is not OURS:
        code.run(["db", "upgrade"], environment)
    code.run(platform, environment)
    house = Deployment(tool_url, lms_url, environment, code.serve(environment), start_lms(environment), code)
    try:
        wait_until(lambda: answers(f"{tool_url}/readyz") and answers(lms_url), "tool and practice LMS")
        yield house
    finally:
        for process in (house.web, house.lms):
            process.terminate()
        for process in (house.web, house.lms):
            process.wait(30)
