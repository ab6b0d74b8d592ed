"""CPU of the tool and of its PostgreSQL backends, apart from the driver's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU."""

    tool: float
    database: float

    @property
    def total(self) -> float:
        return self.tool + self.database


class ToolMeter:
    """Counts what the application itself takes, not the test client around it."""

    def __init__(self, app: Flask) -> None:
        self._app = app.wsgi_app
        self.nanoseconds = 0
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        began = time.process_time_ns()
        answer = self._app(environ, start_response)
        parts = list(answer)
        if hasattr(answer, "close"):
            answer.close()
        self.nanoseconds += time.process_time_ns() - began
        return parts


class DatabaseMeter:
    """Reads what the kernel counted for the backends of one database; they are pooled and stay for a measurement."""

    def __init__(self, connection: psycopg.Connection, database: str) -> None:
        self._connection = connection
        self._database = database

    @property
    def nanoseconds(self) -> int:
        pids = [pid for (pid,) in self._connection.execute(_BACKENDS, (self._database,))]
        return sum(_cpu(pid) for pid in pids if pid != self._connection.info.backend_pid)


def _cpu(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return 0


def process_cost(run: Callable[[], Any], database: DatabaseMeter, times: int = 1) -> Cost:
    """What something costs that runs in this process, without the web."""
    began, backend = time.process_time_ns(), database.nanoseconds
    run()
    ended, after = time.process_time_ns(), database.nanoseconds
    return Cost((ended - began) / 1e6 / times, (after - backend) / 1e6 / times)
