"""Every migration goes up and down again, and ends at the tables the code expects, on both databases."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import MetaData, func, insert, inspect, select
from sqlalchemy.types import JSON, Boolean, DateTime, LargeBinary, Numeric, String, Uuid

from lti_tool.db.base import Base
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.upgrade import check_drift, downgrade, upgrade
from lti_tool.services.audit_chain import AuditChain

pytestmark = pytest.mark.both_databases


def _tables(url):
    engine = make_engine(url)
    try:
        names = inspect(engine).get_table_names()
        return {name for name in names if name != "alembic_version" and not name.startswith("fulltext")}
    finally:
        engine.dispose()


def test_an_empty_database_gets_every_table_and_no_other(empty_database_url):
    upgrade(empty_database_url)
    assert _tables(empty_database_url) == set(Base.metadata.tables)


def test_the_migrated_tables_equal_those_in_the_code(database_url):
    check_drift(database_url)


def test_migrating_twice_changes_nothing(database_url):
    upgrade(database_url)
    check_drift(database_url)


def test_all_migrations_go_down_and_up_again(database_url):
    downgrade(database_url, "base")
    assert _tables(database_url) == set()
    upgrade(database_url)
    check_drift(database_url)


def _a_value(column):
    """One value per type, the same everywhere: so every reference finds its row."""
    kind = column.type
    if isinstance(kind, Uuid) or getattr(kind, "length", None) == 32:
        return UUID(int=1) if isinstance(kind, Uuid) else UUID(int=1).hex
    for types, value in (
        (DateTime, datetime(2026, 11, 22, tzinfo=UTC)),
        (Boolean, True),
        (JSON, {}),
        (LargeBinary, b"x"),
        (String, "x"),
        (Numeric, 1),
    ):
        if isinstance(kind, types):
            return value
    return 1


def _fill(url):
    """Put one row into each table."""
    with _connected(url) as (connection, tables):
        for table in tables:
            connection.execute(insert(table).values({column.name: _a_value(column) for column in table.columns}))


def _counts(url):
    with _connected(url) as (connection, tables):
        return {table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables}


@contextmanager
def _connected(url):
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            metadata = MetaData()
            metadata.reflect(connection)
            yield connection, [table for table in metadata.sorted_tables if table.name != "alembic_version"]
    finally:
        engine.dispose()


def test_migrations_keep_every_row_on_the_way_up_and_down(empty_database_url):
    upgrade(empty_database_url, "0001")
    _fill(empty_database_url)
    before = _counts(empty_database_url)
    assert set(before.values()) == {1}

    upgrade(empty_database_url)
    assert {name: count for name, count in _counts(empty_database_url).items() if name in before} == before

    downgrade(empty_database_url, "0001")
    assert _counts(empty_database_url) == before


def test_entries_of_the_log_from_before_the_chain_are_chained(empty_database_url):
    upgrade(empty_database_url, "0005")
    at = datetime(2026, 11, 22, 14, 32, 7, 123456, tzinfo=UTC)
    details = [{}, {"zahl": 1, "äöü": ["b", None]}, {"at": at.isoformat()}]
    with _connected(empty_database_url) as (connection, tables):
        entries = next(table for table in tables if table.name == "audit_entry")
        for number, detail in enumerate(details):
            row = {"actor": "operator", "action": "key.rotated", "subject": f"„{number}“", "detail": detail}
            connection.execute(insert(entries).values(at=at, **row))
    upgrade(empty_database_url)
    engine = make_engine(empty_database_url)
    with make_sessions(engine)() as session:
        checked = AuditChain(session).check()
    engine.dispose()
    assert (checked.length, checked.broken, checked.loose) == (3, None, 0)
