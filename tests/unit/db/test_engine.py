from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
    yield from _impatient(tmp_path)


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[Engine]:
    """An engine that shares nothing with the first one but the file."""
    yield from _impatient(tmp_path)


def _impatient(folder: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{folder}/a.sqlite3")
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


def test_threads_of_a_process_write_in_turns_and_never_find_the_database_busy(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (number INTEGER)")

    def write(_: int) -> None:
        with engine.connect() as connection:
            number = connection.exec_driver_sql("SELECT count(*) FROM thing").scalar_one()
            connection.exec_driver_sql("INSERT INTO thing VALUES (?)", (number,))
            connection.commit()
            connection.exec_driver_sql("INSERT INTO thing VALUES (-1)")  # its turn goes on until it gives back
            connection.rollback()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(200)))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT number FROM thing").scalars().all() == list(range(200))


def test_another_process_that_writes_is_told_as_a_database_away(engine: Engine, other_process: Engine) -> None:
    with engine.connect() as first, other_process.connect() as second:
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
