"""Lets the running tool read its content anew, without anybody losing a page."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Severity

_BY_HAND = "systemctl reload smartcity, bei Containern docker compose kill -s HUP web"


def reload_content() -> Iterator[str]:
    """Check the content, then tell the tool; yield what was done.

    Raises:
        CommandFailed: the content has errors, or the tool is not found.
    """
    settings = settings_from_environment()
    errors = sum(problem.severity is Severity.ERROR for problem in check(settings.content_dir))
    if errors:
        raise CommandFailed(
            f"Fehler in den Lerninhalten: {errors}; die bisherigen bleiben. "
            f"`smartcity content check {settings.content_dir}` nennt jede Stelle."
        )
    if settings.pidfile is None:
        raise CommandFailed(f"Setzen Sie SMARTCITY_PIDFILE, auch für `smartcity serve`, oder von Hand: {_BY_HAND}.")
    _tell(settings.pidfile)
    yield "Das Werkzeug liest die Lerninhalte neu; was jemand offen hat, geht weiter. Ob es gelang, steht im Protokoll."
    yield "Starten Sie auch `smartcity worker` neu, und wiederholen Sie den Befehl auf jedem Rechner."


def _tell(file: Path) -> None:
    try:
        number = int(file.read_text("ascii"))
        if number <= 1 or b"gunicorn" not in Path(f"/proc/{number}/cmdline").read_bytes():
            raise ProcessLookupError
        os.kill(number, signal.SIGHUP)
    except PermissionError:
        raise CommandFailed(
            "Der Dienst gehört einem anderen Benutzer; rufen Sie den Befehl unter dessen auf."
        ) from None
    except (OSError, ValueError):
        raise CommandFailed(
            f"Nach {file} läuft hier kein Werkzeug. Läuft `smartcity serve`? Sonst: {_BY_HAND}."
        ) from None
