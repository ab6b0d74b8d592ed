"""Production: this process becomes gunicorn."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import lti_tool
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed

_CONFIG = Path("config") / "gunicorn.conf.py"


def serve_forever(config: Path | None) -> None:
    """Replace this process by gunicorn, so that signals and exit codes are its own.

    Raises:
        CommandFailed: the settings or the configuration file are unusable.
    """
    settings_from_environment()  # all faults now, in one message
    os.execv(sys.executable, gunicorn_command(config))  # noqa: S606 -- our own interpreter, no shell


def gunicorn_command(config: Path | None = None) -> list[str]:
    """Return the command line that runs gunicorn with a configuration, by default the one that came along."""
    path = config or gunicorn_config()
    if not path.is_file():
        raise CommandFailed(f"Die Datei {path} gibt es nicht. Geben Sie eine gunicorn-Konfiguration an.")
    return [sys.executable, "-m", "gunicorn", "--config", str(path)]


def gunicorn_config() -> Path:
    """Return `config/gunicorn.conf.py` of the source tree, or where an installed package put it."""
    in_source = Path(lti_tool.__file__).parents[1] / _CONFIG
    if in_source.is_file():
        return in_source
    return Path(sysconfig.get_path("data")) / "share" / "smart-city-lernen" / _CONFIG
