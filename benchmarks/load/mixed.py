"""Mixed load for some minutes: launches, pages, quizzes with grades, 5 % bad launches, and a platform that fails.

    python benchmarks/load/mixed.py [--minutes 5] [--visitors 8] [--sqlite]

Two platforms: one answers at once, the other is silent, slow or broken in turn, and well again at the end. Every answer
of the tool is checked while the load runs; afterwards each grade that the tool acknowledged must be at its platform
exactly once, and the last one of each person must be the right one. Memory is read all along.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from bad_launches import BAD
from launch import MODULE, register
from platform_double import BROKEN, SILENT, SLOW, WELL, Platform
from processes import cpu_seconds, family, free_port, started
from sqlalchemy import func, select, update
from visitor import Visitor

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import ScoreDelivery
from lti_tool.domain.scores import Delivery
from tests.databases import running_postgres
from tests.factories.plain_content import PLAIN_CONTENT
from tests.faults.crowd import expected_percent

BAD_SHARE, AGAIN_SHARE, FAILING_SHARE = 0.05, 0.2, 0.2
SECONDS_PER_STATE = 20
SAMPLE_SECONDS = 5
QUIZ = load_catalogue(PLAIN_CONTENT, "/content").modules[MODULE].quiz


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    options = parser.parse_args()
    well, failing = Platform(MODULE), Platform(MODULE, "localhost")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/a.db"
        if not options.sqlite:
            url = stack.enter_context(running_postgres(durable=True)).create(migrated=True)
        environment = _environment(url)
        for platform in (well, failing):
            register(platform, environment)
        web = stack.enter_context(started(_smartcity("serve"), environment, environment["READY"]))
        with started(_smartcity("worker"), environment) as worker:
            visits, memory = _run(options, environment, (well, failing), {"web": web, "worker": worker})
        failing.state = WELL
        _let_time_pass(url)
        with started(_smartcity("worker"), environment):  # a new one: the old one may leave the failing one alone
            left = _wait_until_sent(url)
    _report(visits, memory, left, _wrong_grades(visits, (well, failing)))


def _smartcity(command: str) -> list[str]:
    return [sys.executable, "-m", "lti_tool.cli", command]


def _environment(url: str) -> dict[str, str]:
    port = free_port()
    return {
        "READY": f"http://127.0.0.1:{port}/readyz",
        "SMARTCITY_BASE_URL": f"http://127.0.0.1:{port}",
        "SMARTCITY_DATABASE_URL": url,
        "SMARTCITY_SECRET_KEY": "only for measuring, but long enough for the check",
        "SMARTCITY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "SMARTCITY_BIND": f"127.0.0.1:{port}",
        "SMARTCITY_CONTENT_DIR": str(PLAIN_CONTENT),  # its quiz asks all its questions, so that marks can be foretold
        "SMARTCITY_WEB_WORKERS": "1",
        "SMARTCITY_LOG_LEVEL": "error",
        **{f"SMARTCITY_{door}_RATE": "1000000/minute" for door in ("LOGIN", "BAD_LAUNCH", "PLATFORM")},
    }


def _run(options: argparse.Namespace, environment: dict[str, str], platforms: Any, pids: dict[str, int]) -> Any:
    """Let all visitors come until the time is over; return what they did and how memory went."""
    context = multiprocessing.get_context("fork")  # the platforms' keys go along
    queue, ends = context.Queue(), time.monotonic() + options.minutes * 60
    visitors = [
        context.Process(target=_visit, args=(number, ends, environment["SMARTCITY_BASE_URL"], platforms, queue))
        for number in range(options.visitors)
    ]
    for visitor in visitors:
        visitor.start()
    states, memory = itertools.cycle((SILENT, SLOW, BROKEN, WELL)), defaultdict(list)
    visits: list[dict[str, Any]] = []
    next_sample = next_state = time.monotonic()
    cpu = {name: cpu_seconds(pid) for name, pid in pids.items()}
    while any(visitor.is_alive() for visitor in visitors) or not queue.empty():
        visits.extend(_taken(queue))
        if time.monotonic() >= next_state:
            platforms[1].state, next_state = next(states), next_state + SECONDS_PER_STATE
        if time.monotonic() >= next_sample:
            next_sample += SAMPLE_SECONDS
            for name, pid in pids.items():
                memory[name].append(_resident_mib(family(pid)[-1]))
            print(f"\r{len(visits)} visits, {max(0, ends - time.monotonic()):.0f} s left ", end="", file=sys.stderr)
    print(file=sys.stderr)
    for name, pid in pids.items():
        print(f"CPU of {name}: {cpu_seconds(pid) - cpu[name]:.1f} s")
    return visits, memory


def _taken(queue: Any) -> Iterator[dict[str, Any]]:
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        try:
            yield queue.get(timeout=0.1)
        except Exception:  # noqa: BLE001 -- nothing there yet
            return


def _visit(number: int, ends: float, tool_url: str, platforms: Any, queue: Any) -> None:
    chance, counter, kinds = random.Random(number), itertools.count(), itertools.cycle(BAD)
    for _ in range(number * 4):
        next(kinds)
    while time.monotonic() < ends:
        failing = chance.random() < FAILING_SHARE
        visitor = Visitor(platforms[failing], tool_url, f"person-{number}-{next(counter)}", MODULE)
        visit: dict[str, Any] = {"platform": int(failing), "subject": visitor.subject, "grades": [], "launches": []}
        try:
            if chance.random() < BAD_SHARE:
                visit["attack"] = kind = next(kinds)
                visitor.attack(kind)
            else:
                _learn(visitor, visit, chance)
        except Exception as error:  # noqa: BLE001 -- counted and shown
            visit["error"] = f"{type(error).__name__}: {error}"
        queue.put(visit)


def _learn(visitor: Visitor, visit: dict[str, Any], chance: random.Random) -> None:
    right = chance.randrange(len(QUIZ.questions))
    for attempt in range(2 if chance.random() < AGAIN_SHARE else 1):
        began = time.monotonic()
        visitor.launch()
        visit["launches"].append(time.monotonic() - began)
        visitor.read()
        visitor.take_quiz(QUIZ, right + attempt)
        visit["grades"].append(right + attempt)


def _resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _let_time_pass(url: str) -> None:
    """Everything that waits is due, and leases have ended."""
    with make_sessions(make_engine(url)).begin() as session:
        due = datetime.now(UTC) - timedelta(seconds=1)
        waiting = ScoreDelivery.state == Delivery.WAITING
        session.execute(update(ScoreDelivery).where(waiting).values(next_try_at=due))


def _wait_until_sent(url: str) -> Counter[str]:
    """Return what is left in the outbox, by state and reason."""
    sessions, deadline = make_sessions(make_engine(url)), time.monotonic() + 120
    unsent = select(ScoreDelivery.state, ScoreDelivery.reason, func.count()).where(ScoreDelivery.state != Delivery.SENT)
    while True:
        with sessions() as session:
            found = session.execute(unsent.group_by(ScoreDelivery.state, ScoreDelivery.reason)).all()
        left = Counter({f"{state} ({reason})": count for state, reason, count in found})
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.2)


def _wrong_grades(visits: list[dict[str, Any]], platforms: Any) -> list[str]:
    """Compare what was acknowledged with what the platforms took."""
    wrong = []
    for number, platform in enumerate(platforms):
        taken: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for score in platform.scores:
            taken[score["userId"]].append(score)
        for visit in (visit for visit in visits if visit["platform"] == number and visit["grades"]):
            scores = taken.pop(visit["subject"], [])
            wanted = float(expected_percent(visit["grades"][-1], QUIZ))
            given = [round(score["scoreGiven"] / score["scoreMaximum"] * 100, 2) for score in scores]
            times = {score["timestamp"] for score in scores}
            right = given and abs(given[-1] - wanted) < 0.02
            if not right or len(scores) > len(visit["grades"]) or len(times) != len(scores):
                wrong.append(
                    f"platform {number}, {visit['subject']}: wanted {wanted:.2f} of {visit['grades']}, taken {given}"
                )
        wrong.extend(f"{subject}: never acknowledged" for subject in taken)
    return wrong


def _report(visits: list[dict[str, Any]], memory: dict[str, list[float]], left: Counter[str], wrong: list[str]) -> None:
    launches = sorted(seconds * 1000 for visit in visits for seconds in visit["launches"])
    errors = [visit["error"] for visit in visits if "error" in visit]
    refused = Counter(visit["attack"] for visit in visits if "attack" in visit and "error" not in visit)
    grades = sum(len(visit["grades"]) for visit in visits)
    print(f"{len(visits)} visits, {len(launches)} launches, {grades} grades acknowledged, {len(errors)} errors")
    print(f"launch with first page: p50 {_at(launches, 0.5):.0f} ms, p99 {_at(launches, 0.99):.0f} ms")
    print(f"{sum(refused.values())} bad launches of {len(refused)} of {len(BAD)} kinds, each refused with its code:")
    print("  " + json.dumps(dict(sorted(refused.items())), ensure_ascii=False))
    for name, sizes in memory.items():
        fifth = max(1, len(sizes) // 5)
        begin, end = statistics.median(sizes[fifth : 2 * fifth] or sizes), statistics.median(sizes[-fifth:])
        print(f"memory of {name}: {begin:.1f} MiB after warming up, {end:.1f} at the end ({end / begin - 1:+.1%})")
    print(f"{left.total()} grades left in the outbox {dict(left)}, {len(wrong)} lost, doubled or wrong")
    for line in [*errors[:5], *wrong[:5]]:
        print(f"  {line}")
    sys.exit(bool(errors or wrong or left))


def _at(values: list[float], share: float) -> float:
    return values[int(len(values) * share)] if values else float("nan")


if __name__ == "__main__":
    main()
