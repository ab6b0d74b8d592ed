"""What a standby takes off the primary: statements and CPU of a mix in which instructors look at their courses.

Twenty courses of forty people with five modules each, on two PostgreSQL servers of this machine. A round is a class
page of each course, a module page for each of twenty learners, and four launches. Rounds with and without the standby
take turns.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Engine, event, select

from benchmarks.scale.meters import DatabaseMeter
from lti_tool.db.models import Context
from lti_tool.domain.scores import Delivery
from tests.databases import PostgresServer, running_postgres
from tests.factories.classroom import Classroom
from tests.factories.visit import Visit
from tests.functional.conftest import RunningTool, running_tool

COURSES, PEOPLE, MODULES, ROUNDS = 20, 40, 5, 10
MODULE = {"module": "datenrecht", "content": "module"}


@dataclass
class House:
    """A tool on two servers, with people in it."""

    tool: RunningTool
    meters: dict[str, DatabaseMeter]
    instructors: list[Visit] = field(default_factory=list)
    learners: list[Visit] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)

    def round(self) -> Counter[str]:
        """Return statements sent, and milliseconds of CPU, of both servers."""
        self.sent.clear()
        before = {name: meter.nanoseconds for name, meter in self.meters.items()}
        for number in range(COURSES):
            self.instructors[number].go("class/")
            self.learners[number].go("")
            if number % 5 == 0:
                learn(self.tool, number, f"new-{time.monotonic_ns()}")
        spent = {f"{name} ms": (meter.nanoseconds - before[name]) / 1e6 for name, meter in self.meters.items()}
        return Counter({**self.sent, **spent})


def main() -> None:
    with running_postgres(durable=True) as primary, primary.standby() as standby:
        url = primary.create(migrated=True)
        name = url.partition("?")[0].rpartition("/")[2]
        with (
            running_tool(url, SMARTCITY_DATABASE_REPLICA_URL=standby.url(name)) as tool,
            metering(primary, name) as first,
            metering(standby, name) as second,
        ):
            house = House(tool, {"primary": first, "standby": second})
            fill(house)
            compare(house)


def compare(house: House) -> None:
    shared = house.tool.app.extensions["smartcity"]
    standby = shared.standby
    count(house.sent, "primary", shared.sessions.kw["bind"])
    count(house.sent, "standby", standby.engine)
    rounds: dict[bool, list[Counter[str]]] = {False: [], True: []}
    for number in range(2 * ROUNDS + 2):
        with_standby = bool(number % 2)
        object.__setattr__(shared, "standby", standby if with_standby else None)
        told = house.round()
        if number > 1:
            rounds[with_standby].append(told)
    standby.engine.dispose()
    for with_standby, told in rounds.items():
        print("with the standby:" if with_standby else "primary alone:")
        for name in ("primary", "standby", "primary ms", "standby ms"):
            print(f"  {name}: {median(one[name] for one in told):.0f}")


def fill(house: House) -> None:
    tool = house.tool
    extension = tool.app.extensions["smartcity"]
    for number in range(COURSES):
        client = tool.browser()
        person: dict[str, Any] = {"sub": f"i{number}", "context": course(number), "custom": MODULE}
        house.instructors.append(Visit(client, tool.launch_as(client, role="Instructor", **person)))
        house.learners.append(learn(tool, number, f"l{number}"))
    with extension.sessions.begin() as session:
        modules = [module for module in extension.catalogue.modules.values() if module.quiz][:MODULES]
        for row in session.scalars(select(Context)).all():
            place = {"registration_id": row.registration_id, "context_id": row.id}
            room = Classroom(session, extension.catalogue, **place, now=tool.clock())
            people = room.people(PEOPLE)
            for wrong, module in enumerate(modules):
                room.attempts(module, *room.activity(module), people, wrong=wrong % 4, state=Delivery.SENT)
    with extension.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def learn(tool: RunningTool, number: int, subject: str) -> Visit:
    client = tool.browser()
    return Visit(client, tool.launch_as(client, sub=subject, context=course(number), custom=MODULE))


def course(number: int) -> dict[str, str]:
    return {"id": f"c{number}", "label": f"K{number}", "title": f"Kurs {number}"}


def count(sent: Counter[str], name: str, engine: Engine) -> None:
    def note(*_: object) -> None:
        sent[name] += 1

    event.listen(engine, "before_cursor_execute", note)


@contextmanager
def metering(server: PostgresServer, database: str) -> Iterator[DatabaseMeter]:
    with psycopg.connect(host=str(server.socket_dir), user="postgres", dbname=database, autocommit=True) as connection:
        yield DatabaseMeter(connection, database)


if __name__ == "__main__":
    main()
