"""Flask, without what costs each request something and has no use here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from lti_tool.web.forms import ToolRequest


class ToolApp(Flask):
    """The web application."""

    request_class = ToolRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is called: no view, hook or handler of ours is a coroutine."""
        return func
