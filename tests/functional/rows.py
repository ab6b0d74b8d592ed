"""What every refusal shows, and the tool that the tables of bad logins and launches are run against."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from lti_tool.domain.errors import Code
from tests.functional.conftest import RunningTool, running_tool


@pytest.fixture(scope="module")
def shared_tool(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTool]:
    """One tool for all rows of a table: a refused request leaves nothing behind."""
    path = tmp_path_factory.mktemp("rows") / "rows.sqlite3"
    shutil.copyfile(sqlite_template, path)
    with running_tool(f"sqlite:///{path}", SMARTCITY_LOGIN_RATE="100000/minute") as running:
        yield running


def assert_refused(response: TestResponse, code: Code) -> None:
    """The right status and code on a page that is not stored, keeps no session and repeats nothing sent."""
    assert (response.status_code, code.slug in response.text) == (code.status, True), response.text
    assert f"<code>{code.slug}</code>" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert "Location" not in response.headers
    assert "Lea" not in response.text
    assert "<script>" not in response.text
