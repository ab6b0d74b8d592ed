"""What a large course costs: its class page, its figures, its export, and a question graded anew for everybody.

2,000 people, 12 modules, all of them taken; in this process, with the clock that the operating system keeps for it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory

from sqlalchemy import event, func, select

from lti_tool.curriculum.model import Part
from lti_tool.db.models import Attempt, Context, Registration, RegradedAttempt
from lti_tool.db.upgrade import upgrade
from lti_tool.domain.actor import Actor
from lti_tool.domain.regrading import Change
from lti_tool.domain.roles import Role
from lti_tool.domain.scores import Delivery
from lti_tool.services.regrades import Regrades
from lti_tool.worker.regrades import Regrader
from tests.factories.classroom import Classroom
from tests.factories.visit import Visit
from tests.functional.conftest import RunningTool, running_tool

PEOPLE, MODULES, ROUNDS = 2000, 12, 20


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--database-url", help="PostgreSQL as well, migrated and empty")
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        upgrade(sqlite)
        for name, url in (("SQLite", sqlite), ("PostgreSQL", given.database_url)):
            if url:
                with running_tool(url) as tool:
                    _measure(name, tool)


def _measure(name: str, tool: RunningTool) -> None:
    client = tool.browser()
    ines = Visit(client, tool.launch_as(client, role="Instructor", sub="77"))
    extension = tool.app.extensions["smartcity"]
    with extension.sessions.begin() as session:
        session.get_one(Registration, tool.platform.registration_id).shows_results = True
        course = session.scalars(select(Context)).one()
        room = Classroom(
            session,
            extension.catalogue,
            registration_id=course.registration_id,
            context_id=course.id,
            now=tool.clock(),
        )
        people = room.people(PEOPLE)
        modules = [module for module in extension.catalogue.modules.values() if module.quiz][:MODULES]
        for number, module in enumerate(modules):
            room.attempts(module, *room.activity(module), people, wrong=number % 4, state=Delivery.SENT)
    queries = _queries(tool, lambda: ines.go("class/"))
    print(f"{name}: {PEOPLE} people x {len(modules)} modules, {queries} queries")
    for what, path in (
        ("class page", "class/"),
        ("search", "class/?q=1999"),
        ("figures", "class/questions"),
        ("ways by name", "class/way?way=manager"),
        ("ways by progress", "class/way?way=manager&order=progress&page=20"),
    ):
        print(f"  {what}: {_cpu(lambda path=path: ines.go(path), ROUNDS):.1f} ms CPU")
    csrf = ines.csrf
    for form in ("csv", "xlsx"):
        print(
            f"  export {form}: {_cpu(lambda form=form: ines.post('class/export', csrf=csrf, form=form), 3):.0f} ms CPU"
        )
    _regrade(tool, course)


def _regrade(tool: RunningTool, course: Context) -> None:
    """10,000 attempts at one module, counted and applied."""
    extension = tool.app.extensions["smartcity"]
    module = extension.catalogue.modules["datenrecht"]
    actor = _instructor(course)
    with extension.sessions.begin() as session:
        room = Classroom(
            session,
            extension.catalogue,
            registration_id=course.registration_id,
            context_id=course.id,
            now=tool.clock(),
        )
        room.attempts(module, *room.activity(module), room.people(8000), wrong=3, state=Delivery.SENT)
        question = module.quiz.questions[1]  # answered wrongly by everybody
        regrade_id = Regrades(session, tool.clock).ask(actor, module.id, Part.QUIZ, question.id, Change())
    regrader = Regrader(extension.sessions, extension.catalogue, tool.clock)
    for what in ("counted", "applied"):
        began, cpu = time.monotonic(), time.process_time()
        while True:
            regrader()
            with extension.sessions() as session:
                view = Regrades(session, tool.clock).one(actor, regrade_id)
            if not view.under_way:
                break
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
        print(f"  {view.total} attempts {what}: {seconds:.1f} s, {cpu:.1f} s CPU")
        if what == "counted":
            with extension.sessions.begin() as session:
                Regrades(session, tool.clock).apply(actor, regrade_id)
    with extension.sessions() as session:
        changed = session.scalar(select(func.count()).select_from(RegradedAttempt))
        total = session.scalar(select(func.count()).select_from(Attempt))
    print(f"  {changed} of {total} attempts in the database changed")


def _instructor(course: Context) -> Actor:
    return Actor(
        registration_id=course.registration_id,
        launch_id=course.id,
        parts=frozenset({Role.INSTRUCTOR}),
        user_id=None,
        context_id=course.id,
        context_title="",
        resource_link_id=None,
        module_id=None,
        kind="quiz",
        line_item_id=None,
        locale="de",
        return_url=None,
        person_name=None,
    )


def _cpu(ask: Callable[[], object], rounds: int) -> float:
    """Mean milliseconds of CPU, after one round to warm up."""
    ask()
    began = time.process_time()
    for _ in range(rounds):
        ask()
    return (time.process_time() - began) * 1000 / rounds


def _queries(tool: RunningTool, ask: Callable[[], object]) -> int:
    ask()
    engine = tool.app.extensions["smartcity"].sessions.kw["bind"]
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


if __name__ == "__main__":
    main()
