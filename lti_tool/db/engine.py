"""Engines and sessions for both databases."""

from __future__ import annotations

import time
from functools import partial
from sqlite3 import SQLITE_FULL, SQLITE_IOERR_WRITE
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from sqlite3 import OperationalError as SQLiteBusy
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 10_000
MOST_CONNECTIONS = 32
"""Of one process at the same time."""
_KEPT_OPEN = 16
IDLE_SECONDS = 1.0
"""After so long a connection is asked whether it is still alive before it is used."""
_LIMITS = "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s"
"""Of requests. SQLite has its busy timeout, and no statement of ours reads so much there."""
_DISK_FULL = "53100"
_READ_ONLY = "25006"
_HELD = "connection"
_THRESHOLD = "prepare_threshold"
_USED_AT = "used at"
_TURN = "turn to write"


def make_engine(url: str, *, in_requests: bool = False) -> Engine:
    """Return an engine for `sqlite:///…` or `postgresql+psycopg://…`.

    SQLite runs in WAL mode with full synchronisation: what was committed survives a crash of the machine. Its
    transactions take the write lock when they begin (`BEGIN IMMEDIATE`), as a lock taken later can only fail. Threads
    of a process wait for it in turns: SQLite would let them ask again and again, and some for long.

    Two execution options of a connection say otherwise for one transaction: `read_only` takes no write lock, and
    `repeatable` does not wait for the disk. What a repeatable transaction wrote survives a crash of the tool; a loss of
    power may take the newest of it, though nothing that a later durable commit builds on (the log is in one piece).

    PostgreSQL gives each statement a snapshot of its own, so what only reads needs no transaction there at all. That
    spares a page two round trips; a third one is spared by asking only idle connections whether they are still alive.
    Behind a pooler that lends a server connection for one transaction, as PgBouncer can, statements must not stay
    prepared in it: the address then ends with `prepare_threshold=none`.

    With `in_requests` PostgreSQL ends what a person has stopped waiting for: the statement fails as if the database
    were away, the transaction is rolled back, and the connection is free for others. A pooler does not hand on such
    limits, and an address with `options=` of its own is taken as it is.
    """
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
            pool_size=_KEPT_OPEN,
            max_overflow=MOST_CONNECTIONS - _KEPT_OPEN,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        turn = Lock()
        event.listen(engine, "begin", partial(_begin_sqlite, turn))
        event.listen(engine, "checkin", partial(_end_turn, turn))
        return engine
    address, arguments = _without_preparing(make_url(url))
    if in_requests and not arguments and "options" not in address.query:
        arguments["options"] = _LIMITS
    engine = create_engine(
        address,
        connect_args=arguments,
        pool_size=_KEPT_OPEN,
        max_overflow=MOST_CONNECTIONS - _KEPT_OPEN,
    )
    event.listen(engine, "set_connection_execution_options", _read_without_transaction)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ask_if_idle, engine))
    event.listen(engine, "handle_error", _leave_standby)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions; a session that is not committed is rolled back."""
    return sessionmaker(engine, expire_on_commit=False)


def connection_of(session: Session) -> Connection:
    """Return the connection of the session's transaction; asking again for each query costs more."""
    held: Connection | None = session.info.get(_HELD)
    if held is None or held.closed:
        held = session.info[_HELD] = session.connection()
    return held


def begin(session: Session, **options: bool) -> None:
    """Begin a transaction with options of `make_engine`."""
    session.info[_HELD] = session.connection(execution_options=options)


def is_full(error: Exception) -> bool:
    """Whether a database refused to write because its disk is full."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, SQLiteError):
        return getattr(cause, "sqlite_errorcode", None) in {SQLITE_FULL, SQLITE_IOERR_WRITE}
    return getattr(cause, "sqlstate", None) == _DISK_FULL


def is_read_only(error: Exception) -> bool:
    """Whether PostgreSQL took nothing that writes: it is a standby by now, or locked, as for want of room."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _READ_ONLY


def _leave_standby(context: ExceptionContext) -> None:
    """Connect afresh next time: the address may lead to a server that writes by then."""
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def _without_preparing(url: URL) -> tuple[URL, dict[str, Any]]:
    """Take `prepare_threshold=none` out of an address: the driver wants None, and libpq does not know the word."""
    if url.query.get(_THRESHOLD) != "none":
        return url, {}
    return url.difference_update_query([_THRESHOLD]), {_THRESHOLD: None}


def _prepare_sqlite(connection: SQLiteConnection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _end_turn(turn: Lock, _connection: Any, record: Any) -> None:
    if record.info.pop(_TURN, False):
        turn.release()


def _read_without_transaction(_connection: Connection, options: dict[str, Any]) -> None:
    if options.get("read_only"):
        options["isolation_level"] = "AUTOCOMMIT"


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED_AT] = time.monotonic()


def _ask_if_idle(engine: Engine, connection: Any, record: Any, _lent: Any) -> None:
    """Find out whether the server has ended a connection meanwhile; the pool then makes new ones."""
    if time.monotonic() - record.info.get(_USED_AT, time.monotonic()) < IDLE_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _begin_sqlite(turn: Lock, connection: Connection) -> None:
    """Say to the driver itself how a transaction begins: SQLAlchemy's way to it costs more than these statements."""
    options = connection.get_execution_options()
    driver: Any = connection.connection.dbapi_connection
    if options.get("read_only"):
        driver.execute("BEGIN")
        return
    driver.execute("PRAGMA synchronous=NORMAL" if options.get("repeatable") else "PRAGMA synchronous=FULL")
    if _TURN not in connection.info:
        connection.info[_TURN] = turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000)  # else SQLite says that it is busy
    try:
        driver.execute("BEGIN IMMEDIATE")
    except SQLiteBusy as busy:
        raise OperationalError("BEGIN IMMEDIATE", None, busy) from busy
