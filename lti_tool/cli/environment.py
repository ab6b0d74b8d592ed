"""Settings for a command, or one clear message."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lti_tool.cli.german import CommandFailed
from lti_tool.settings import Settings, SettingsError, load_settings


def settings_from_environment() -> Settings:
    """Return the settings of this process."""
    return settings_from(os.environ)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings held by an environment.

    Raises:
        CommandFailed: listing every fault of the environment.
    """
    try:
        return load_settings(environ)
    except SettingsError as error:
        raise CommandFailed(str(error)) from None
