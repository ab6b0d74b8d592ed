"""The statements that a walk sends, and whether PostgreSQL finds their rows by an index."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import psycopg
from sqlalchemy import Engine, event

ON_PURPOSE = ("SELECT registration.id", "SELECT municipality.id")
"""Once a night all platforms and all towns are looked at: some ten thousand rows."""
_VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


class Heard:
    """Keeps each statement once, with the values it was first sent with."""

    def __init__(self, engine: Engine) -> None:
        self.statements: dict[str, Any] = {}
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(_VERBS):
            self.statements.setdefault(statement, values[0] if isinstance(values, list) and values else values)


def faults(connection: psycopg.Connection, statements: Mapping[str, Any], tables: Collection[str]) -> list[str]:
    """Return what would read a whole table of these, each with its statement."""
    return [
        f"{node['Node Type']} on {node['Relation Name']}: {' '.join(statement.split())}"
        for statement, values in statements.items()
        if not statement.startswith(ON_PURPOSE)
        for node in _nodes(plan(connection, statement, values))
        if reads_all(node) and node["Relation Name"] in tables
    ]


def plan(connection: psycopg.Connection, statement: str, values: Any) -> dict[str, Any]:
    """Return PostgreSQL's plan of one statement."""
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", values or None).fetchone()
    assert row
    document = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return document[0]["Plan"]


def reads_all(node: Mapping[str, Any]) -> bool:
    """Whether a node goes through a whole table, or through a whole index for want of a condition."""
    if node["Node Type"] == "Seq Scan":
        return True
    whole_index = node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    return whole_index and node["Index Name"].startswith(("pk_", "uq_"))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def large_tables(connection: psycopg.Connection, rows: int = 10_000) -> set[str]:
    """Return the tables (and partitions) that nobody may read as a whole while people wait."""
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s AND relnamespace = 'public'::regnamespace"
    )
    return {name for (name,) in connection.execute(query, (rows,))}


def whole_reads(connection: psycopg.Connection) -> dict[str, int]:
    """Return how often each table was read as a whole so far: checks of foreign keys count here as well."""
    return dict(connection.execute("SELECT relname, seq_scan FROM pg_stat_user_tables").fetchall())
