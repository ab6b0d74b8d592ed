"""Waiting for what a page does by itself, where its policy forbids the evaluation that Playwright would wait by."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page


def wait_until(page: Page, condition: Callable[[], bool], seconds: float = 30) -> None:
    """Ask again and again, letting the page live in between."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        page.wait_for_timeout(50)
