"""Everything on one machine, to try it: tool, worker and practice LMS, with data in one folder.

The tool answers at 127.0.0.1 and the LMS at localhost: to a browser these are two sites, as in real life, so the tool
in the LMS's frame is a third party and its cookies have to be partitioned ones.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from lti_tool.cli.german import CommandFailed
from lti_tool.cli.processes import Children
from lti_tool.cli.serving import gunicorn_command

TOOL_HOST = "127.0.0.1"
LMS_HOST = "localhost"
CLIENT_ID = "uebungswerkzeug"
DEPLOYMENT_ID = "1"


def run_trial(data: Path, port: int, lms_port: int) -> None:
    """Start all parts, say where they are, and end them all together.

    Raises:
        CommandFailed: the folder is not writable, a port is taken, a setting is wrong, a part does not start or ends.
    """
    data = _writable(data)
    with _listener(port, "--port") as tool_socket, _listener(lms_port, "--lms-port") as lms_socket:
        tool_url = f"http://{TOOL_HOST}:{tool_socket.getsockname()[1]}"
        lms_url = f"http://{LMS_HOST}:{lms_socket.getsockname()[1]}"
        environment = tool_environment(os.environ, data, tool_url)
        with Children() as children:
            children.start(
                "das Übungs-LMS", _lms_command(lms_socket), _lms_environment(data, tool_url, lms_url), lms_socket
            )
            _prepare(environment, lms_url)
            bound = environment | {"SMARTCITY_BIND": f"fd://{tool_socket.fileno()}"}
            children.start("das Werkzeug", gunicorn_command(), bound, tool_socket)
            children.start("die Zustellung", [sys.executable, "-m", "lti_tool.cli", "worker"], environment)
            children.wait_for(f"{tool_url}/readyz", lms_url)
            click.echo(f"Übungs-LMS: {lms_url}\nWerkzeug:   {tool_url}\nBeenden mit Strg+C")
            children.watch()


def tool_environment(given: Mapping[str, str], data: Path, tool_url: str) -> dict[str, str]:
    """Return the variables for tool and worker: what is given counts, what is missing comes from the folder."""
    environment = {
        "SMARTCITY_DATABASE_URL": f"sqlite:///{data / 'smartcity.sqlite3'}",
        "SMARTCITY_LOG_FORMAT": "text",
        "SMARTCITY_LOG_LEVEL": "warning",
        "SMARTCITY_ALLOWED_PRIVATE_HOSTS": LMS_HOST,
        **given,
        "SMARTCITY_BASE_URL": tool_url,
    }
    if not {"SMARTCITY_SECRET_KEY", "SMARTCITY_SECRET_KEY_FILE"} & set(given):
        environment["SMARTCITY_SECRET_KEY_FILE"] = str(_secret_file(data))
    return environment


def _prepare(environment: Mapping[str, str], lms_url: str) -> None:
    """Bring the database up to date and make the practice LMS known; doing it again changes nothing."""
    from lti_tool.cli.database import transaction, upgrade_database
    from lti_tool.cli.environment import settings_from
    from lti_tool.cli.platforms import save_platform
    from lti_tool.cli.practice_ideas import lay_out_ideas
    from lti_tool.cli.sample_dates import add_sample_dates

    settings = settings_from(environment)
    upgrade_database(settings.database_url)
    with transaction(settings.database_url) as session:
        save_platform(
            session,
            {
                "name": "Übungs-LMS",
                "municipality": "Musterstadt",
                "issuer": lms_url,
                "client_id": CLIENT_ID,
                "auth_url": f"{lms_url}/platform/auth",
                "token_url": f"{lms_url}/platform/token",
                "jwks_url": f"{lms_url}/platform/jwks",
                "deployment_ids": [DEPLOYMENT_ID],
                "private_hosts": [LMS_HOST],
            },
        )
        add_sample_dates(session, lambda: datetime.now(UTC))
        lay_out_ideas(session, lms_url, CLIENT_ID, DEPLOYMENT_ID)


def _lms_command(listener: socket.socket) -> list[str]:
    options = {"workers": 1, "worker-class": "gthread", "threads": 16, "log-level": "warning"}
    arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    application = "lti_tool.cli.practice_lms:application()"
    bind = f"fd://{listener.fileno()}"
    return [sys.executable, "-m", "gunicorn", *arguments, "--no-control-socket", "--bind", bind, application]


def _lms_environment(data: Path, tool_url: str, lms_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "PRACTICE_LMS_URL": lms_url,
        "PRACTICE_LMS_TOOL_URL": tool_url,
        "PRACTICE_LMS_CLIENT_ID": CLIENT_ID,
        "PRACTICE_LMS_DEPLOYMENT_ID": DEPLOYMENT_ID,
        "PRACTICE_LMS_STATE_FILE": str(data / "practice-lms.sqlite3"),
    }


def _writable(folder: Path) -> Path:
    """Return the folder's full path, made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CommandFailed(
            f"In den Ordner {folder} lässt sich nicht schreiben ({error.strerror}). "
            "Wählen Sie mit --data einen anderen.",
        ) from None
    return folder.resolve()


def _secret_file(data: Path) -> Path:
    """Return the file with this folder's own secret key, readable by its owner only; made at the first run."""
    path = data / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path


def _listener(port: int, option: str) -> socket.socket:
    """Take a port now, so that nobody else can have it when the server starts; 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((TOOL_HOST, port))
    except OSError as error:
        listener.close()
        raise CommandFailed(
            f"Port {port} ist nicht frei ({error.strerror}). Wählen Sie mit {option} einen anderen.",
        ) from None
    return listener
