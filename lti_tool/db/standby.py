"""A streaming standby of PostgreSQL, read only as far as it is known to be in date.

PostgreSQL replays what was written in order. So one number, the position in its log, tells exactly what a standby has:
once a second this process notes where the primary stands, and a standby that has come past a note is at most as old as
that note. No clocks are compared and no rights are needed, and a quiet primary is never taken for a late standby.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from threading import BoundedSemaphore, Lock
from typing import NamedTuple

import structlog
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.restraint.circuits import Circuits, Patience

OLDEST_SECONDS = 10.0
"""What is read on a standby is at most so old."""
MOST_READERS = 4
"""Of one process at the same time: a standby that hangs holds up no more than these."""
UNKNOWN = 2**63 - 1
"""A position nobody has come past: whoever must see it reads on the primary."""
_NOTE_SECONDS = 1.0
_NAME = "standby"
_PATIENCE = Patience(failures=1, first=5.0, longest=60.0)
_CONFLICTS = frozenset({"40001", "40P01"})
_WAITING = {"connect_timeout": "2", "tcp_user_timeout": "3000", "keepalives_idle": "5", "keepalives_interval": "2"}
_LIMITS = "-c statement_timeout=5s -c idle_in_transaction_session_timeout=30s"
_WRITTEN = text(
    "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bigint), system_identifier"
    " FROM pg_control_system()"
)
_REPLAYED = text(
    "SELECT CASE WHEN pg_is_in_recovery() THEN"
    " CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS bigint) END, system_identifier"
    " FROM pg_control_system()"
)
_LAST_REPLAYED = text("SELECT EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())")
_log = structlog.get_logger(__name__)


class Unfit(StrEnum):
    """Why a standby is not read."""

    AWAY = "away"
    """No answer, or one that is no standby of this primary."""
    BEHIND = "behind"
    BUSY = "busy"
    """Enough read there already, or hang."""
    OWN_WRITE = "own_write"
    """It lacks what this very browser has stored a moment ago."""


@dataclass(frozen=True, slots=True)
class StandbyState:
    """How a standby is, for whoever watches."""

    unfit: Unfit | None
    behind_bytes: int = 0
    behind_seconds: float = 0.0


class _Note(NamedTuple):
    at: float
    position: int
    cluster: int


class Standby:
    """Lends sessions that read on the standby; for all threads of a process."""

    def __init__(
        self,
        url: str,
        primary: sessionmaker[Session],
        circuits: Circuits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = make_standby_engine(url)
        self._sessions = make_sessions(self.engine)
        self._primary = primary
        self._circuits = circuits
        self._monotonic = monotonic
        self._lock = Lock()
        self._readers = BoundedSemaphore(MOST_READERS)
        self._notes: deque[_Note] = deque()

    def lend(self, seen: int) -> Session | Unfit:
        """Return a session on a standby that is young enough and has all up to a position; or why there is none."""
        session = self._borrow()
        if isinstance(session, Unfit):
            return session
        unfit: Unfit | None = Unfit.AWAY
        try:
            unfit = self._unfit(session, seen)
        except SQLAlchemyError as error:
            self.failed(error)
        finally:
            if unfit:
                self.take_back(session)
        return unfit or session

    def take_back(self, session: Session) -> None:
        """End a session that was lent."""
        try:
            session.close()
        finally:
            self._readers.release()

    def failed(self, error: SQLAlchemyError) -> None:
        """Take note of a failure. A query that stood in the way of the replay says nothing against the standby."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if getattr(cause, "sqlstate", None) not in _CONFLICTS:
            self._leave_alone(type(cause).__name__)

    def position_written(self) -> int:
        """Return how far the primary has written: whoever has that has all that was stored before."""
        return self._ask_primary().position

    def state(self) -> StandbyState:
        """Ask both how they are; a standby that is left alone counts as away without being asked."""
        session = self._borrow()
        if isinstance(session, Unfit):
            return StandbyState(session)
        try:
            written = self._ask_primary()
            position = self._replayed(session, written)
            if position is None:
                return StandbyState(Unfit.AWAY)
            if position >= written.position:
                return StandbyState(None)
            seconds = max(float(session.execute(_LAST_REPLAYED).scalar() or 0), 0.0)
        except SQLAlchemyError as error:
            self.failed(error)
            return StandbyState(Unfit.AWAY)
        finally:
            self.take_back(session)
        unfit = Unfit.BEHIND if seconds > OLDEST_SECONDS else None
        return StandbyState(unfit, written.position - position, seconds)

    def _borrow(self) -> Session | Unfit:
        if self._circuits.seconds_to_pause(_NAME):
            return Unfit.AWAY
        return self._sessions() if self._readers.acquire(blocking=False) else Unfit.BUSY

    def _unfit(self, session: Session, seen: int) -> Unfit | None:
        """Say why the standby is not to be read."""
        oldest = self._oldest_note()
        position = self._replayed(session, oldest)
        if position is None:
            return Unfit.AWAY
        if position < seen:
            return Unfit.OWN_WRITE
        return Unfit.BEHIND if position < oldest.position else None

    def _replayed(self, session: Session, note: _Note) -> int | None:
        """Ask a standby how far it is, None if it is none of this primary."""
        session.connection(execution_options={"read_only": True})
        position, cluster = session.execute(_REPLAYED).one()
        if position is None or cluster != note.cluster:
            self._leave_alone("no standby of this primary")
            return None
        self._circuits.answered(_NAME)
        return int(position)

    def _oldest_note(self) -> _Note:
        """Return the oldest note that is young enough; the primary is asked for a new one once a second."""
        with self._lock:
            now = self._monotonic()
            if not self._notes or now - self._notes[-1].at >= _NOTE_SECONDS:
                self._notes.append(self._ask_primary())
            while self._notes[0].at < now - OLDEST_SECONDS:
                self._notes.popleft()
            return self._notes[0]

    def _ask_primary(self) -> _Note:
        at = self._monotonic()  # before it is asked: what it answers is at least so young
        with closing(self._primary()) as session:
            session.connection(execution_options={"read_only": True})
            position, cluster = session.execute(_WRITTEN).one()
        return _Note(at, position, cluster)

    def _leave_alone(self, why: str) -> None:
        seconds = self._circuits.failed(_NAME, _PATIENCE)
        _log.warning("standby away", error=why, seconds=seconds)


def make_standby_engine(url: str) -> Engine:
    """Return an engine that gives up soon: whoever waits for a standby would have had the answer from the primary."""
    address = make_url(url)
    defaults = dict(_WAITING)
    if "prepare_threshold" not in address.query:  # else a pooler is in between, which takes no options
        defaults["options"] = _LIMITS
    missing = {name: value for name, value in defaults.items() if name not in address.query}
    return make_engine(address.update_query_dict(missing).render_as_string(hide_password=False))
