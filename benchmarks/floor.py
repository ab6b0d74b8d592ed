"""How near a launch comes to the least that Flask can do: three empty pages and the check of one signature.

    python benchmarks/floor.py [--rounds 5] [--launches 200] [--database-url postgresql+psycopg://…]

The empty pages are served by gunicorn's own threads (`gthread`), the signature is checked by PyJWT with a parsed key,
in turns with launches of our tool. CPU is read from the operating system.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import jwt
from launch import MODULE, Browser, Tool, launch, measured, our_tool
from platform_double import Platform
from processes import free_port, started


@contextmanager
def empty_pages() -> Iterator[Tool]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"),
        *("--worker-class", "gthread", "--threads", "8", "--keep-alive", "30", "empty_page:app"),
    ]
    url = f"http://127.0.0.1:{port}"
    with started(command, {"PYTHONPATH": "benchmarks"}, f"{url}/healthz") as pid:
        yield Tool("three empty pages", url, pid, pages=False)


def _pages_ms(tool: Tool, times: int) -> float:
    browser = Browser(tool.url)

    def as_a_launch_does(_: int) -> None:
        for _ in range(2):
            browser.send("POST", f"{tool.url}/", {"state": "x" * 400, "id_token": "x" * 1600})
        browser.send("GET", f"{tool.url}/")

    return measured(tool, times, as_a_launch_does)


def _launch_ms(tool: Tool, platform: Platform, times: int, turn: str) -> float:
    browser = Browser(tool.url)
    return measured(tool, times, lambda number: launch(tool, platform, browser, f"{turn}-{number}"))


def signature_ms(platform: Platform, times: int) -> float:
    token = platform.id_token("nonce", "https://tool.example/lti/launch", "somebody")
    key = jwt.PyJWK(json.loads(platform.jwks)["keys"][0]).key
    began = time.process_time()
    for _ in range(times):
        jwt.decode(token, key, algorithms=["RS256"], audience=platform.client_id)
    return (time.process_time() - began) / times * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--launches", type=int, default=200)
    parser.add_argument("--database-url", help="measure on PostgreSQL, too (an empty database)")
    options = parser.parse_args()
    platform = Platform(MODULE)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        empty = stack.enter_context(empty_pages())
        tools = [stack.enter_context(our_tool(platform, f"sqlite:///{folder}/a.db", "SQLite", "gthread"))]
        if options.database_url:
            tools.append(stack.enter_context(our_tool(platform, options.database_url, "PostgreSQL", "gthread")))
        floors: list[float] = []
        launches: dict[str, list[float]] = {tool.name: [] for tool in tools}
        for number in range(-1, options.rounds):
            floor = _pages_ms(empty, options.launches) + signature_ms(platform, options.launches)
            figures = {tool.name: _launch_ms(tool, platform, options.launches, f"{number}") for tool in tools}
            if number >= 0:  # the first round warms up
                floors.append(floor)
                for name, figure in figures.items():
                    launches[name].append(figure)
    print(f"floor: {_spread(floors)} ms")
    for name, own in launches.items():
        share = statistics.median(floor / one for floor, one in zip(floors, own, strict=True))
        print(f"{name}: {_spread(own)} ms, {share:.0%} of the floor")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main()
