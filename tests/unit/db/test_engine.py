from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from lti_tool.db import engine as engines
from lti_tool.db.engine import connection_of, make_engine, make_sessions
from tests.databases import PostgresServer

WAITS_FOR_THE_DISK, DOES_NOT_WAIT = 2, 1


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/a.sqlite3")
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=0"))
    yield engine
    engine.dispose()


def test_a_commit_waits_for_the_disk_unless_it_can_be_repeated(engine: Engine) -> None:
    seen = []
    for options in ({}, {"repeatable": True}, {}):
        with engine.connect().execution_options(**options) as connection:
            seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    assert seen == [WAITS_FOR_THE_DISK, DOES_NOT_WAIT, WAITS_FOR_THE_DISK]


def test_who_only_reads_does_not_wait_for_who_writes(engine: Engine) -> None:
    with engine.connect() as writing, engine.connect().execution_options(read_only=True) as reading:
        writing.exec_driver_sql("CREATE TABLE thing (name TEXT)")
        assert reading.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0


def test_a_second_writer_is_refused_as_a_database_away(engine: Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        first.exec_driver_sql("CREATE TABLE thing (name TEXT)")
        with pytest.raises(OperationalError):
            second.exec_driver_sql("SELECT 1")


def test_a_session_that_goes_on_after_its_end_gets_a_new_connection(engine: Engine) -> None:
    with make_sessions(engine)() as session:
        connection_of(session).exec_driver_sql("CREATE TABLE thing (name TEXT)")
        assert connection_of(session) is session.connection()
        session.commit()
        connection_of(session).exec_driver_sql("INSERT INTO thing VALUES ('kept')")
        session.commit()
        connection_of(session).exec_driver_sql("INSERT INTO thing VALUES ('dropped')")
        session.rollback()
        assert connection_of(session).exec_driver_sql("SELECT name FROM thing").scalars().all() == ["kept"]


@pytest.fixture
def on_postgresql(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that takes every connection for idle."""
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    url = postgres_server.create(migrated=False)
    engine = make_engine(url)
    yield engine
    engine.dispose()
    postgres_server.drop(url)


def test_a_connection_that_the_server_has_ended_is_replaced_before_it_is_used(on_postgresql: Engine) -> None:
    with on_postgresql.connect() as connection:
        ended = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    other = make_engine(on_postgresql.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (ended,))
    other.dispose()
    with on_postgresql.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != ended


def test_reading_takes_no_transaction_on_postgresql_and_leaves_writing_as_it_was(on_postgresql: Engine) -> None:
    with on_postgresql.connect() as writing:
        writing.exec_driver_sql("CREATE TABLE thing (name TEXT)")
        writing.commit()
    with on_postgresql.connect().execution_options(read_only=True) as reading:
        started = [reading.exec_driver_sql("SELECT now()").scalar() for _ in range(2)]
        assert started[0] < started[1]
    with on_postgresql.connect() as writing:
        writing.exec_driver_sql("INSERT INTO thing VALUES ('dropped')")
        writing.rollback()
        assert writing.exec_driver_sql("SELECT count(*) FROM thing").scalar() == 0
