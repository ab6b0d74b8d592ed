"""CPU of the tracker page for somebody with every module begun and forty attempts.

Usage: python benchmarks/tracker.py [--database-url URL] [--requests N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import event, select

from lti_tool.db.models import Attempt, LtiUser, ModuleProgress, QuizVersion, ResourceLink
from lti_tool.db.upgrade import upgrade
from lti_tool.domain.ids import new_id
from tests.functional.conftest import BASE_URL, RunningTool, running_tool

ATTEMPTS = 40


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database_url or f"sqlite:///{folder}/tracker.sqlite3"
        upgrade(url)
        with running_tool(url) as tool:
            address = tool.launch_as(custom={"content": "tracker"}) + "certificates"
            _learn(tool)
            queries = _count_queries(tool, address)
            milliseconds = _measure(tool, address, arguments.requests)
    print(f"{url.partition(':')[0]}: {milliseconds:.2f} ms CPU, {queries} queries")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url")
    parser.add_argument("--requests", type=int, default=300)
    return parser.parse_args()


def _learn(tool: RunningTool) -> None:
    extension = tool.app.extensions["smartcity"]
    modules = list(extension.catalogue.modules)
    with extension.sessions.begin() as session:
        user, link = session.scalars(select(LtiUser)).one(), session.scalars(select(ResourceLink.id)).one()
        own = {"registration_id": user.registration_id, "user_id": user.id}
        session.add_all(QuizVersion(module_id=name, version="1", body="{}") for name in modules)
        session.add_all(ModuleProgress(**own, module_id=name, updated_at=tool.clock()) for name in modules)
        session.flush()
        session.add_all(
            Attempt(
                **own, id=new_id(), resource_link_id=link, module_id=modules[number % len(modules)], quiz_version="1",
                number=number, started_at=tool.clock(), submitted_at=tool.clock(), points=Decimal(number % 10),
                maximum=Decimal(10), passed=False,
            )
            for number in range(ATTEMPTS)
        )  # fmt: skip


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
