"""No statement of everyday use reads a large table as a whole: PostgreSQL is asked for its plans, with such reads forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url

from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.outbox import Outbox
from lti_tool.worker.erasing import NightlyErasure
from lti_tool.worker.idea_words import IdeaWords
from lti_tool.worker.overdue import OverdueHandIn
from tests.databases import PostgresServer
from tests.factories.visit import Visit
from tests.functional.conftest import RunningTool, running_tool

LARGE = {
    *("attempt", "response", "page_visit", "module_progress", "score_delivery", "lti_user", "membership"),
    *("resource_link", "line_item", "context", "launch_session", "burnt_state", "registration", "deployment"),
    "platform_change",
}
"""Tables that grow with towns and people."""
ALL_PLATFORMS = ("SELECT registration.id", "DELETE FROM roster WHERE roster.registration_id IN")
"""The worker goes through all platforms on purpose, nightly and every ten minutes: some ten thousand rows."""
VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def tool_on_postgres(postgres_server: PostgresServer) -> Iterator[RunningTool]:
    url = postgres_server.create(migrated=True)
    with running_tool(url) as tool:
        yield tool
    postgres_server.drop(url)


def test_every_hot_statement_can_use_an_index(tool_on_postgres: RunningTool) -> None:
    heard = _listen(tool_on_postgres)
    _learn_and_teach(tool_on_postgres)
    _work(tool_on_postgres)
    assert len(heard) > 60
    url = make_url(tool_on_postgres.settings.database_url)
    with psycopg.connect(host=url.query["host"], user=url.username, dbname=url.database) as connection:
        connection.execute("SET enable_seqscan = off")
        wholes = {statement: _wholes(connection, statement, values) for statement, values in heard.items()}
    assert {statement: tables for statement, tables in wholes.items() if tables} == {}


def _learn_and_teach(tool: RunningTool) -> None:
    learner = Visit(tool.client, tool.launch_as())
    for path in (
        "modules/datenrecht/",
        "modules/datenrecht/grundsaetze",
        "certificates",
        "my-data/",
        "quiz/datenrecht",
    ):
        assert learner.go(path).status_code == 200, path
    learner.press("Quiz beginnen")
    learner.press("Abgabe")
    learner.press("Jetzt abgeben")
    browser = tool.browser()
    teacher = Visit(browser, tool.launch_as(browser, role="Instructor", sub="77"))
    for path in ("class/", "class/questions", "class/way?way=lotse", "class/?q=Lea"):
        assert teacher.go(path).status_code == 200, path


def _work(tool: RunningTool) -> None:
    extension = tool.app.extensions["smartcity"]
    with extension.sessions.begin() as session:
        Housekeeping(session, tool.clock).sweep()
        Outbox(session, tool.clock).lease(20)
    OverdueHandIn(extension.sessions, tool.clock, extension.catalogue)()
    IdeaWords(extension.sessions, tool.clock)()
    tool.clock.turn(days=3000)
    NightlyErasure(extension.sessions, tool.clock).all_at_once()


def _listen(tool: RunningTool) -> dict[str, Any]:
    heard: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().startswith(VERBS) and not statement.startswith(ALL_PLATFORMS):
            heard.setdefault(statement, values[0] if isinstance(values, list) and values else values)

    event.listen(tool.app.extensions["smartcity"].sessions.kw["bind"], "before_cursor_execute", note)
    return heard


def _wholes(connection: psycopg.Connection, statement: str, values: Any) -> list[str]:
    """Return the large tables that PostgreSQL cannot help reading as a whole."""
    ((document,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", values or None).fetchall()
    return [node["Relation Name"] for node in _nodes(document[0]["Plan"]) if _reads_all(node)]


def _reads_all(node: dict[str, Any]) -> bool:
    if node.get("Relation Name") not in LARGE:
        return False
    key = node.get("Index Name", "").startswith(("pk_", "uq_"))
    return node["Node Type"] == "Seq Scan" or (key and "Index Cond" not in node)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
