from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from lti_tool.db.engine import make_engine

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
