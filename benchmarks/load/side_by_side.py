"""Launches of our tool beside a minimal PyLTI1p3 tool and ltijs, in turns within one run.

    python benchmarks/load/side_by_side.py [--rounds 5] [--launches 200] [--parallel 16]

Each round sends every tool the same number of launches, first one after the other, then so many at a time from four
processes of this driver. CPU is that of the tool's processes; PostgreSQL's is told apart.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from launch import MEMORY, MODULE, Browser, Tool, bare_tool, launch, our_tool
from ltijs import installed, ltijs_tool
from platform_double import Platform
from processes import cpu_seconds, resident_mib

from tests.databases import PostgresServer, running_postgres

DRIVERS = 4


@dataclass(frozen=True)
class Turn:
    """What one tool did in one round."""

    alone_ms: float
    crowd_ms: float
    postgres_ms: float
    p50: float
    p99: float
    a_second: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--launches", type=int, default=200)
    parser.add_argument("--parallel", type=int, default=16)
    options = parser.parse_args()
    platform = Platform(MODULE)
    with running_postgres(durable=True) as postgres, _tools(platform, postgres) as tools:
        turns: dict[str, list[Turn]] = {tool.name: [] for tool in tools}
        for number in range(-1, options.rounds):
            for tool in tools:
                print(f"\rround {number + 1} of {options.rounds}: {tool.name:30}", end="", file=sys.stderr)
                turn = _turn(tool, platform, postgres, options, f"{number}")
                if number >= 0:  # the first round warms up
                    turns[tool.name].append(turn)
        print(file=sys.stderr)
        _report(turns, tools)


@contextmanager
def _tools(platform: Platform, postgres: PostgresServer) -> Iterator[list[Tool]]:
    with ExitStack() as stack, tempfile.TemporaryDirectory() as disk:
        memory = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY))
        tools = [
            stack.enter_context(bare_tool(platform, "bare PyLTI1p3, files on disk", "FileSystemCache", disk)),
            stack.enter_context(bare_tool(platform, "bare PyLTI1p3, files in memory", "FileSystemCache", memory)),
            stack.enter_context(our_tool(platform, f"sqlite:///{disk}/a.db", "ours, SQLite", "gthread")),
            stack.enter_context(our_tool(platform, postgres.create(migrated=True), "ours, PostgreSQL", "gthread")),
        ]
        if installed():
            tools.append(stack.enter_context(ltijs_tool(platform, postgres, "ltijs, PostgreSQL")))
        yield tools


def _turn(tool: Tool, platform: Platform, postgres: PostgresServer, options: argparse.Namespace, round_: str) -> Turn:
    browser, launches = Browser(tool.url), options.launches
    before = cpu_seconds(tool.pid)
    for number in range(launches):
        launch(tool, platform, browser, f"alone-{round_}-{number}")
    alone = cpu_seconds(tool.pid) - before
    database, before, began = _postmaster(postgres), cpu_seconds(tool.pid), time.monotonic()
    database_before = cpu_seconds(database)
    times = _crowd(tool, platform, launches, options.parallel, round_)
    seconds = time.monotonic() - began
    return Turn(
        alone_ms=alone / launches * 1000,
        crowd_ms=(cpu_seconds(tool.pid) - before) / len(times) * 1000,
        postgres_ms=(cpu_seconds(database) - database_before) / len(times) * 1000,
        p50=statistics.median(times) * 1000,
        p99=sorted(times)[int(len(times) * 0.99)] * 1000,
        a_second=len(times) / seconds,
    )


def _postmaster(postgres: PostgresServer) -> int:
    return int((postgres.socket_dir / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _crowd(tool: Tool, platform: Platform, launches: int, parallel: int, round_: str) -> list[float]:
    """Return the seconds of each launch; so many people are under way at any time."""
    context = multiprocessing.get_context("fork")  # the platform's key goes along
    ends = []
    for driver in range(DRIVERS):
        here, there = context.Pipe(duplex=False)
        arguments = (tool, platform, (launches // DRIVERS, parallel // DRIVERS), f"{round_}-{driver}", there)
        process = context.Process(target=_drive, args=arguments)
        process.start()
        ends.append((process, here))
    times = [seconds for _, here in ends for seconds in here.recv()]
    for process, _ in ends:
        process.join()
    return times


def _drive(tool: Tool, platform: Platform, share: tuple[int, int], name: str, answer: Any) -> None:
    launches, parallel = share

    def one_after_the_other(person: int) -> list[float]:
        browser, times = Browser(tool.url), []
        for number in range(launches // parallel):
            began = time.monotonic()
            launch(tool, platform, browser, f"crowd-{name}-{person}-{number}")
            times.append(time.monotonic() - began)
        return times

    with ThreadPoolExecutor(parallel) as people:
        answer.send([seconds for times in people.map(one_after_the_other, range(parallel)) for seconds in times])


def _report(turns: dict[str, list[Turn]], tools: list[Tool]) -> None:
    names = [tool.name for tool in tools]
    print(
        "| tool | CPU ms per launch, alone | 16 at a time | PostgreSQL's | p50 / p99 ms | p99 / p50 | a second ", end=""
    )
    print("| MiB | " + " | ".join(f"launches per CPU s to {name}" for name in names if "ours" not in name) + " |")
    print("|---" * (8 + sum("ours" not in name for name in names)) + "|")
    for tool in tools:
        own = turns[tool.name]
        ratios = [
            f"{statistics.median(b.alone_ms / a.alone_ms for a, b in zip(own, turns[name], strict=True)):.2f} / "
            f"{statistics.median(b.crowd_ms / a.crowd_ms for a, b in zip(own, turns[name], strict=True)):.2f}"
            for name in names
            if "ours" not in name
        ]
        p50, p99 = (statistics.median(getattr(turn, what) for turn in own) for what in ("p50", "p99"))
        print(
            f"| {tool.name} | {_spread([t.alone_ms for t in own])} | {_spread([t.crowd_ms for t in own])} "
            f"| {statistics.median(t.postgres_ms for t in own):.2f} | {p50:.0f} / {p99:.0f} | {p99 / p50:.1f} "
            f"| {statistics.median(t.a_second for t in own):.0f} | {resident_mib(tool.pid):.0f} "
            f"| {' | '.join(ratios)} |"
        )


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main()
