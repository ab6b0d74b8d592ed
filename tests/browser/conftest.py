"""The whole house as real processes, and Debian's Chromium in front of it.

The tool answers at 127.0.0.1 and the practice LMS at localhost: two sites to a browser. Third-party cookies are blocked,
so whatever works here in the LMS's frame works with partitioned cookies only.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.factories.content import content_with_all_kinds

expect.set_options(timeout=30_000)  # a busy machine is no fault

DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class House:
    """Tool, worker and practice LMS, running.

    Attributes:
        data: the folder with database, keys and the practice LMS's state.
    """

    tool_url: str
    lms_url: str
    data: Path

    def ask(self, path: str) -> Any:
        """Return the JSON of one of the practice LMS's read-outs, e.g. `/practice/gradebook.json`."""
        with urllib.request.urlopen(f"{self.lms_url}{path}", timeout=30) as answer:
            return json.load(answer)

    def tell(self, path: str, document: object = None) -> Any:
        """Post to one of its controls, e.g. `/practice/faults`; returns the JSON it answers with, if any."""
        body = json.dumps(document or {}).encode()
        request = urllib.request.Request(
            f"{self.lms_url}{path}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def new_learner(self) -> str:
        """Enrol a learner nobody has met before; return their id."""
        return self.tell("/practice/people?count=1")["people"][0]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Everything `smartcity run` starts, on free ports, with a database of its own."""
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@contextmanager
def running_house(data: Path, **settings: str) -> Iterator[House]:
    """Run tool, worker and practice LMS; the log lies in the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")}
    environment |= {"SMARTCITY_WORKER_INTERVAL": "0.1", "SMARTCITY_LOGIN_RATE": "100000/minute"}
    environment |= {"SMARTCITY_CONTENT_DIR": str(content_with_all_kinds(data / "content"))} | settings
    command = [sys.executable, "-m", "lti_tool.cli", "run", "--port", "0", "--lms-port", "0", "--data", str(data)]
    data.mkdir(exist_ok=True)
    log = data / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        addresses = [found.group() for line in said if (found := re.search(r"http://\S+", line))]
        assert len(addresses) == 2, log.read_text()
        yield House(tool_url=addresses[1], lms_url=addresses[0], data=data)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@dataclass(frozen=True)
class Visitor:
    """A person at the practice LMS, in a browser."""

    house: House
    page: Page

    def become(self, person_id: str) -> None:
        """Look at the practice LMS as this person ("lea", "tom", "ines", "adem", "ohne-namen" or a new learner)."""
        self.page.goto(f"{self.house.lms_url}/course")
        response = self.page.request.post(
            f"{self.house.lms_url}/view-as",
            form={"person": person_id, "next": "/course"},
            headers={"Origin": self.house.lms_url},
        )
        assert response.ok, response.text()
        self.page.goto(f"{self.house.lms_url}/course")

    def open_in_course(self, activity_id: str) -> FrameLocator:
        """Open an activity ("rl-smart-city", "rl-quiz" …) in the LMS's frame; return the frame once the tool is in it."""
        with self.page.expect_event("framenavigated", lambda part: part.url.startswith(f"{self.house.tool_url}/l/")):
            self.page.locator(f'a[href="/course/{activity_id}"]').click()
        return self.page.frame_locator("#contentframe")

    def open_in_window(self, activity_id: str) -> Page:
        """Open an activity in a window of its own; return it."""
        with self.page.context.expect_page() as opened:
            self.page.locator(f'a[href^="/course/{activity_id}/launch"]').click()
        opened.value.wait_for_url(f"{self.house.tool_url}/l/**")
        return opened.value


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a fresh window without cookies; a script error in it fails the test."""
    context = chromium.new_context(viewport=DESKTOP, locale="de-DE")
    context.set_default_timeout(30_000)
    opened = context.new_page()
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def visitor(house: House, page: Page) -> Visitor:
    """A learner nobody has met before, on the course page."""
    someone = Visitor(house, page)
    someone.become(house.new_learner())
    return someone
