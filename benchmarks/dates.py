"""CPU of the month view with twenty dates, each with thirty seats taken and twenty people waiting.

Usage: python benchmarks/dates.py [--database-url URL] [--requests N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import event, insert, select

from lti_tool.db.models import Context, LtiUser, SignUp
from lti_tool.db.upgrade import upgrade
from lti_tool.services.date_planning import DatePlanning, Planner
from tests.factories.classroom import Classroom
from tests.factories.dates import plan
from tests.functional.conftest import BASE_URL, RunningTool, running_tool

DATES, SEATS, WAITING = 20, 30, 20


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database_url or f"sqlite:///{folder}/dates.sqlite3"
        upgrade(url)
        with running_tool(url) as tool:
            address = tool.launch_as(custom={"content": "dates"})
            month = _offer(tool)
            address += f"dates/?month={month}"
            queries = _count_queries(tool, address)
            milliseconds = _measure(tool, address, arguments.requests)
    print(f"{url.partition(':')[0]}: {milliseconds:.2f} ms CPU, {queries} queries")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url")
    parser.add_argument("--requests", type=int, default=300)
    return parser.parse_args()


def _offer(tool: RunningTool) -> str:
    """Fill next month; the visitor waits for the first date and has a seat at the second."""
    extension, here = tool.app.extensions["smartcity"], tool.platform.registration_id
    first = (tool.clock().replace(day=1) + timedelta(32)).replace(day=1, hour=9)
    with extension.sessions.begin() as session:
        me, context = session.scalars(select(LtiUser.id)).one(), session.scalars(select(Context.id)).one()
        room = Classroom(session, extension.catalogue, registration_id=here, context_id=context, now=tool.clock())
        people = room.people(SEATS + WAITING)
        usual = plan(tool.clock(), seats=SEATS)
        plans = []
        for number in range(DATES):
            start = first + timedelta(days=number % 28, hours=number // 28)
            times = {"starts_at": start, "ends_at": start + timedelta(minutes=45), "sign_up_until": start}
            plans.append(replace(usual, title=f"Sprechstunde {number}", **times))
        dates = DatePlanning(session, tool.clock, Planner(here, context)).make(plans)
        for number, date_id in enumerate(dates):
            listed = [*people, me] if number == 0 else [me, *people] if number == 1 else people
            session.execute(
                insert(SignUp),
                [
                    {
                        "registration_id": here, "date_id": date_id, "user_id": person, "number": place,
                        "state": "seat" if place <= SEATS else "waiting", "signed_up_at": tool.clock(),
                        "changed_at": tool.clock(), "news": None,
                    }
                    for place, person in enumerate(listed, start=1)
                ],
            )  # fmt: skip
    return f"{first:%Y-%m}"


def _count_queries(tool: RunningTool, address: str) -> int:
    asked: list[str] = []
    engine = tool.app.extensions["smartcity"].sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    _ask(tool, address)
    return len([line for line in asked if not line.startswith(("BEGIN", "PRAGMA"))])


def _measure(tool: RunningTool, address: str, requests: int) -> float:
    for _ in range(20):
        _ask(tool, address)
    before = time.process_time()
    for _ in range(requests):
        _ask(tool, address)
    return (time.process_time() - before) / requests * 1000


def _ask(tool: RunningTool, address: str) -> None:
    answer = tool.client.get(address, base_url=BASE_URL)
    if answer.status_code != 200:
        raise RuntimeError(answer.text)


if __name__ == "__main__":
    main()
