"""CPU of a full launch: login, launch and landing page, ours beside a bare PyLTI1p3 tool, in turns.

    python benchmarks/launch.py [--rounds 5] [--launches 300] [--database-url postgresql+psycopg://…]

Every launch is a new person in a browser without cookies; two pages are also asked for alone, to tell what a page
costs. CPU is read from the operating system for the whole family of server processes. The bare tool runs three times:
with its cache in files of a memory file system (the strict comparison), in files beside our database, in its process.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from platform_double import Platform
from processes import cpu_seconds, free_port, resident_mib, started

MODULE = "datenrecht"
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Tool:
    """A running tool.

    Attributes:
        pages: whether a launch leads to another page, by which status.
    """

    name: str
    url: str
    pid: int
    pages: bool
    redirect: int = 303


class Browser:
    """One connection without cookies of earlier launches."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._connection.request(method, path, urlencode(form) if form else None, headers | (FORM if form else {}))
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.headers.get("Location", ""), response.read()


def launch(tool: Tool, platform: Platform, browser: Browser, subject: str) -> str:
    """Run one launch to the end; return the address of the landing page ("" for a tool without one)."""
    browser.cookies.clear()
    target = f"{tool.url}/lti/launch"
    status, location, body = browser.send(
        "POST",
        f"{tool.url}/lti/login",
        {
            "iss": platform.url,
            "client_id": platform.client_id,
            "login_hint": subject,
            "lti_message_hint": "1",
            "target_link_uri": target,
            "lti_deployment_id": "1",
        },
    )
    expect(status, 302, tool, "login", body)
    asked = parse_qs(urlsplit(location).query)
    token = platform.id_token(asked["nonce"][0], target, subject)
    status, location, body = browser.send("POST", target, {"state": asked["state"][0], "id_token": token})
    if not tool.pages:
        expect(status, 200, tool, "launch", body)
        return ""
    expect(status, tool.redirect, tool, "launch", body)
    status, _, body = browser.send("GET", location)
    expect(status, 200, tool, "landing page", body)
    return location


def expect(status: int, wanted: int, tool: Tool, step: str, body: bytes) -> None:
    if status != wanted:
        sys.exit(f"{tool.name}: {step} answered {status}: {body[:400]!r}")


def measured(tool: Tool, times: int, work: Callable[[int], object]) -> float:
    """Return milliseconds of the server's CPU for each call."""
    before = cpu_seconds(tool.pid)
    for number in range(times):
        work(number)
    time.sleep(0.02)
    return (cpu_seconds(tool.pid) - before) / times * 1000


def run_round(tool: Tool, platform: Platform, launches: int, offset: int) -> dict[str, float]:
    browser = Browser(tool.url)
    figures = {
        "launch": measured(tool, launches, lambda number: launch(tool, platform, browser, f"person-{offset + number}")),
    }
    if tool.pages:
        landing = launch(tool, platform, browser, "reader")
        page = f"{landing}modules/{MODULE}/{first_page()}"
        for name, address in (("landing page", landing), ("module page", page)):
            expect(browser.send("GET", address)[0], 200, tool, name, address.encode())
            figures[name] = measured(tool, launches, lambda _, address=address: browser.send("GET", address))
    return figures


def first_page() -> str:
    pages = Path(__file__).resolve().parent.parent / "lti_tool" / "content" / "modules" / MODULE / "pages"
    return min(pages.glob("*.md")).stem.partition("-")[2]


@contextmanager
def our_tool(platform: Platform, database_url: str, name: str, server: str) -> Iterator[Tool]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "SMARTCITY_BASE_URL": url,
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_SECRET_KEY": "only for measuring, but long enough for the check",
        "SMARTCITY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
        "SMARTCITY_LOGIN_RATE": "1000000/minute",
        "SMARTCITY_BIND": f"127.0.0.1:{port}",
        "SMARTCITY_WEB_WORKERS": "1",
        "SMARTCITY_LOG_LEVEL": "warning",
    }
    register(platform, environment)
    command = {
        "gthread": [sys.executable, "-m", "lti_tool.cli", "serve"],
        "granian": [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "8", "--no-access-log", "--log-level", "warning"),
            "lti_tool.wsgi:app",
        ],
    }[server]
    with started(command, environment, f"{url}/healthz") as pid:
        yield Tool(name, url, pid, pages=True)


def register(platform: Platform, environment: dict[str, str]) -> None:
    smartcity = [sys.executable, "-m", "lti_tool.cli"]
    for arguments in (
        ["db", "upgrade"],
        [
            *("platform", "add", "--name", "Bench", "--municipality", "Stadt Bench"),
            *("--issuer", platform.url, "--client-id", platform.client_id, "--deployment-id", "1"),
            *("--auth-url", f"{platform.url}/auth", "--token-url", f"{platform.url}/token"),
            *("--jwks-url", f"{platform.url}/jwks", "--private-host", platform.host),
        ],
    ):
        subprocess.run([*smartcity, *arguments], env={**os.environ, **environment}, check=True, capture_output=True)


@contextmanager
def bare_tool(platform: Platform, name: str, cache: str, folder: str) -> Iterator[Tool]:
    port = free_port()
    environment = {
        "BENCH_PLATFORM": platform.url,
        "BENCH_CLIENT_ID": platform.client_id,
        "BENCH_CACHE": cache,
        "BENCH_FOLDER": f"{folder}/bare-{port}",
        "PYTHONPATH": "benchmarks",
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"),
        *("--worker-class", "gthread", "--threads", "8", "--keep-alive", "30", "bare_tool:app"),
    ]
    with started(command, environment, f"http://127.0.0.1:{port}/healthz") as pid:
        yield Tool(name, f"http://127.0.0.1:{port}", pid, pages=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--launches", type=int, default=300)
    parser.add_argument("--database-url", help="measure on PostgreSQL, too (an empty database)")
    parser.add_argument("--granian", action="store_true", help="measure our tool under granian, too")
    options = parser.parse_args()
    platform = Platform(MODULE)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        memory = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY))
        tools = [
            stack.enter_context(bare_tool(platform, "bare PyLTI1p3, files in memory", "FileSystemCache", memory)),
            stack.enter_context(bare_tool(platform, "bare PyLTI1p3, files on disk", "FileSystemCache", folder)),
            stack.enter_context(bare_tool(platform, "bare PyLTI1p3, memory cache", "SimpleCache", memory)),
        ]
        tools.append(stack.enter_context(our_tool(platform, f"sqlite:///{folder}/a.db", "ours, SQLite", "gthread")))
        if options.granian:
            url = f"sqlite:///{folder}/b.db"
            tools.append(stack.enter_context(our_tool(platform, url, "ours, SQLite, granian", "granian")))
        if options.database_url:
            tools.append(stack.enter_context(our_tool(platform, options.database_url, "ours, PostgreSQL", "gthread")))
        figures: dict[str, list[dict[str, float]]] = {tool.name: [] for tool in tools}
        for number in range(-1, options.rounds):
            for tool in tools:
                print(f"\rround {number + 1} of {options.rounds}: {tool.name:30}", end="", file=sys.stderr)
                result = run_round(tool, platform, options.launches, (number + 1) * options.launches)
                if number >= 0:  # the first round warms up
                    figures[tool.name].append(result)
        print(file=sys.stderr)
        report(figures, tools)


def report(figures: dict[str, list[dict[str, float]]], tools: list[Tool]) -> None:
    bare_in_memory, bare_on_disk = ([one["launch"] for one in figures[tool.name]] for tool in tools[:2])
    print("| tool | CPU ms per launch, median (min-max) | to bare, files in memory | to bare, files on disk ", end="")
    print("| landing page | module page | MiB |")
    print("|---|---|---|---|---|---|---|")
    for tool in tools:
        rounds = figures[tool.name]
        launches = [one["launch"] for one in rounds]
        ratios = [
            f"{statistics.median(a / b for a, b in zip(launches, bare, strict=True)):.2f}"
            for bare in (bare_in_memory, bare_on_disk)
        ]
        pages = [
            f"{statistics.median(one[page] for one in rounds):.2f}" if page in rounds[0] else "-"
            for page in ("landing page", "module page")
        ]
        spread = f"{statistics.median(launches):.2f} ({min(launches):.2f}-{max(launches):.2f})"
        print(f"| {tool.name} | {spread} | {' | '.join([*ratios, *pages])} | {resident_mib(tool.pid):.0f} |")


if __name__ == "__main__":
    main()
