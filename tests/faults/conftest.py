"""A deployment for each test of faults."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_tool.cli.serving import gunicorn_command
from tests.faults.deployment import Deployment, answers, free_port, start, wait_until


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> Iterator[Deployment]:
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
        "PRACTICE_LMS_URL": lms_url,
        "PRACTICE_LMS_TOOL_URL": tool_url,
        "PRACTICE_LMS_CLIENT_ID": "uebungswerkzeug",
        "PRACTICE_LMS_DEPLOYMENT_ID": "1",
        "PRACTICE_LMS_STATE_FILE": str(tmp_path / "lms.sqlite3"),
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
