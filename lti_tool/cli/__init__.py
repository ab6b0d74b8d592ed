"""The command line `smartcity`. It lies above `app`, as it starts it."""

from __future__ import annotations

from lti_tool.cli.commands import main

__all__ = ["main"]
