"""Fixtures for all tests.

`database_url` is a fresh, migrated database. Functional tests and tests marked `both_databases` that use it run twice,
on SQLite and on a real PostgreSQL; all others run on SQLite.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from lti_tool.db.upgrade import upgrade
from tests.databases import PostgresServer, running_postgres

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--test-third-party-cookie-phaseout",
]

# A busy machine is no fault of the code: properties are judged by what they find, never by how long it took.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_FUNCTIONAL = Path(__file__).parent / "functional"
_BROWSER = Path(__file__).parent / "browser"
_FAULTS = Path(__file__).parent / "faults"
_UPGRADE = Path(__file__).parent / "upgrade"
_DISKS = _FAULTS / "test_full_postgres.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--learners", type=int, default=40, help="people in the fault tests")
    parser.addoption("--kills", type=int, default=2, help="workers killed in the fault tests")
    parser.addoption("--random-kills", type=int, default=4, help="processes of all kinds killed at random points")
    parser.addoption("--seed", type=int, default=0, help="makes the random points those of an earlier run")
    parser.addoption("--real-leases", action="store_true", help="wait until the leases of killed workers end")
    parser.addoption("--real-disk", action="store_true", help="fill a small file system of its own; needs root")
    parser.addoption("--old-code", type=Path, help="an older version with its .venv, to be upgraded: make test-upgrade")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the walk from an older version where none is named, and what mounts disks where that is not wanted."""
    if collection_path == _UPGRADE and config.getoption("old_code") is None:
        return True
    return True if collection_path == _DISKS and not config.getoption("real_disk") else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Read all tests without looking for garbage, and never look for any in what has been read: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    both = _FUNCTIONAL in metafunc.definition.path.parents or metafunc.definition.get_closest_marker("both_databases")
    names = ["sqlite", "postgresql"] if both else ["sqlite"]
    metafunc.parametrize("database", names, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _BROWSER in item.path.parents:
            item.add_marker("browser")
        if _FAULTS in item.path.parents:
            item.add_marker("faults")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the fault tests counted."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test uses: "sqlite" or "postgresql"."""
    return request.param


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """A migrated database of this test's own."""
    if database == "sqlite":
        path = request.getfixturevalue("tmp_path") / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create(migrated=True)
    yield url
    server.drop(url)


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """A database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'empty.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process, as Playwright can be started only once; a test takes a new context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
        yield browser
        browser.close()
