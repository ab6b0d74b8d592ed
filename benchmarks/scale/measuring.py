"""What the tool costs in an empty database and in countries of several sizes, in turns within one run."""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

import grades
from platform_double import Platform as QuickPlatform

from benchmarks.scale import nightly, plans
from benchmarks.scale.country import Town
from benchmarks.scale.meters import Cost, DatabaseMeter
from benchmarks.scale.server import KeptServer
from benchmarks.scale.walk import Walk
from lti_tool.db.upgrade import upgrade
from lti_tool.packaged import PACKAGED_CONTENT
from tests.factories.id_token import MEMBERSHIP
from tests.functional.conftest import RunningTool, running_tool

EMPTY = "empty"
ENVIRONMENT = {
    "SMARTCITY_CONTENT_DIR": str(PACKAGED_CONTENT),
    "SMARTCITY_SECRET_KEY": "only for measuring, but long enough for the check",
}
INSTRUCTOR = {"roles": [MEMBERSHIP + "Instructor"], "sub": "lehrkraft"}
TRACKER = {"custom": {"content": "tracker"}}


@dataclass
class Side:
    """One database, its running tool, and what was measured with it."""

    name: str
    url: str
    tool: RunningTool
    walk: Walk
    heard: plans.Heard
    watch: psycopg.Connection
    database: DatabaseMeter
    costs: dict[str, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    whole_reads: Counter[str] = field(default_factory=Counter)


@contextmanager
def sides(server: KeptServer, countries: dict[str, list[Town]]) -> Iterator[list[Side]]:
    """Run the tool on an empty database and on each country."""
    server.drop(EMPTY)
    server.create(EMPTY)
    upgrade(server.url(EMPTY))
    with ExitStack() as stack:
        yield [_side(stack, server, name, towns) for name, towns in {EMPTY: [], **countries}.items()]


def _side(stack: ExitStack, server: KeptServer, name: str, towns: list[Town]) -> Side:
    watch = stack.enter_context(server.connect(name))
    tool = stack.enter_context(running_tool(server.url(name), **ENVIRONMENT))
    heard = plans.Heard(tool.app.extensions["smartcity"].sessions.kw["bind"])
    database = DatabaseMeter(watch, name)
    return Side(name, server.url(name), tool, Walk(tool, towns, database, 1), heard, watch, database)


def walk(all_sides: Sequence[Side], rounds: int, count: int) -> None:
    """Launches and pages, each round on every database in turn."""
    for side in all_sides:
        side.costs["launch, first of its platform"].append(side.walk.meet())
    for number in range(rounds + 1):
        for side in all_sides:
            with _whole_reads(side) as reads:
                costs = _round(side, count)
            side.whole_reads.update(reads)
            if number:  # the first round warms up
                for what, cost in costs.items():
                    side.costs[what].append(cost)


def _round(side: Side, count: int) -> dict[str, Cost]:
    costs = {"launch, new person": side.walk.launches(count)}
    if side.name != EMPTY:
        costs["launch, known person"] = side.walk.returns(count)
        costs["module page"] = side.walk.pages(count // 3, "modules/{module}/{page}")
        costs["tracker"] = side.walk.pages(count // 3, "certificates", **TRACKER)
        costs["class page"] = side.walk.pages(count // 3, "class/", **INSTRUCTOR)
    return costs


def night(side: Side) -> None:
    """What the worker does besides grades."""
    prepared = nightly.prepare(side.watch)
    with _whole_reads(side) as reads:
        found = nightly.costs(side.tool, side.database, prepared)
    side.costs.update({what: [cost] for what, cost in found.items()})
    side.whole_reads.update(reads)


def outbox(side: Side, scores: int) -> str:
    """Deliver so many scores by a worker's process."""
    side.watch.execute("UPDATE score_delivery SET state = 'sent' WHERE state = 'waiting'")
    platform = QuickPlatform("datenrecht")
    grades.fill(side.url, platform, scores)
    return grades.measure(side.name, side.url, platform, scores)


def judge(side: Side) -> list[str]:
    """Return hot statements that read a whole table, by their plans and by PostgreSQL's own count."""
    large = plans.large_tables(side.watch)
    found = plans.faults(side.watch, side.heard.statements, large)
    counted = {table: times for table, times in side.whole_reads.items() if table in large}
    return [*found, *(f"{table} was read as a whole {times} times" for table, times in counted.items())]


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.tool for cost in costs), statistics.median(cost.database for cost in costs))


@contextmanager
def _whole_reads(side: Side) -> Iterator[dict[str, int]]:
    before, found = plans.whole_reads(side.watch), dict[str, int]()
    yield found
    time.sleep(1.1)  # idle backends tell their counts after a second
    after = plans.whole_reads(side.watch)
    found.update(
        {table: times - before.get(table, 0) for table, times in after.items() if times > before.get(table, 0)}
    )
