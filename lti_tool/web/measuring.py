"""Counts and times requests, and shows Prometheus what was counted.

The page is closed to everybody unless the operator set a token, and then open to whoever sends it.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator
from functools import cache

import structlog
from flask import Blueprint, Flask, Response, g, has_app_context, request
from flask.typing import ResponseReturnValue
from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import Metric
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from lti_tool import metrics
from lti_tool.db.engine import MOST_CONNECTIONS
from lti_tool.db.standby import Standby, Unfit
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.house_figures import HouseFigures
from lti_tool.web.tool import Tool, current_tool
from lti_tool.web.unit_of_work import db

bp = Blueprint("metrics", __name__)
_log = structlog.get_logger(__name__)

_DOORS = {"lti.login": metrics.LOGINS, "lti.launch": metrics.LAUNCHES}
_NO_PAGE = "none"
_SLOW_SECONDS = 2.0


def install(app: Flask, tool: Tool) -> None:
    """Measure every request, and how many connections of the database are in use."""

    def begin() -> None:
        g.begun = time.perf_counter()

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.begun
        route = request.endpoint or _NO_PAGE
        _timer(route).observe(seconds)
        _counter(route, response.status_code // 100).inc()
        if seconds > _SLOW_SECONDS:
            _log.warning("slow request", route=route, status=response.status_code, seconds=round(seconds, 2))
        if route in _DOORS:
            _DOORS[route].labels(g.get("outcome", "ok")).inc()
        return response

    app.before_request(begin)
    app.after_request(end)
    _watch_connections(tool.sessions.kw["bind"])


@cache
def _timer(route: str) -> Histogram:
    return metrics.REQUEST_SECONDS.labels(route)


@cache
def _counter(route: str, hundreds: int) -> Counter:
    return metrics.REQUESTS.labels(route, f"{hundreds}xx")


@bp.get("/metrics")
def show() -> ResponseReturnValue:
    """Everything that was counted, in Prometheus's text format."""
    expected = current_tool().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if expected is None or not hmac.compare_digest(given.encode(), expected.get_secret_value().encode()):
        raise Refusal(Code.NOT_FOUND)
    return Response(metrics.exposed(_asked()), content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _asked() -> Iterator[Metric]:
    """What is told now: by the database, and about the content."""
    tool = current_tool()
    yield from _standby(tool.standby)
    warnings = tool.catalogue.warnings_on(tool.clock().date())
    yield metrics.gauge("content_warnings", "Warnings of the content check.", warnings)
    try:
        found = HouseFigures(db(), tool.clock).read()
    except SQLAlchemyError:
        yield metrics.gauge("database_up", "Whether the database answers.", 0)
        return
    yield metrics.gauge("database_up", "Whether the database answers.", 1)
    yield metrics.gauge("outbox_waiting", "Grades on their way to a platform.", found.waiting)
    yield metrics.gauge("outbox_oldest_seconds", "Seconds the oldest of them has waited.", found.oldest_waiting)
    yield metrics.gauge("outbox_failed", "Grades that failed and wait for a person.", found.failed)
    yield metrics.gauge("workers", "Worker processes heard lately.", found.workers)
    if found.silent is not None:
        yield metrics.gauge("worker_silent_seconds", "Seconds since any worker was heard.", found.silent)


def _standby(standby: Standby | None) -> Iterator[Metric]:
    state = standby.state() if standby else None
    up = None if state is None else state.unfit is not Unfit.AWAY
    yield metrics.gauge("standby_up", "Whether the standby of the database answers.", up)
    waiting = (state.behind_bytes, state.behind_seconds) if state and up else (None, None)
    yield metrics.gauge("standby_behind_bytes", "What the standby has not replayed yet.", waiting[0])
    yield metrics.gauge("standby_behind_seconds", "Age of what a late standby replayed last.", waiting[1])


def _watch_connections(engine: Engine) -> None:
    def in_use() -> int:
        return int(engine.pool.checkedout())  # type: ignore[attr-defined]  # every pool of ours counts

    def note_made(*_: object) -> None:
        if has_app_context():  # not while the server starts: its first process answers nobody
            metrics.CONNECTIONS_LIMIT.set(MOST_CONNECTIONS)

    def note_taken(*_: object) -> None:
        metrics.CONNECTIONS.set(in_use())

    def note_returned(*_: object) -> None:
        metrics.CONNECTIONS.set(in_use() - 1)  # the one that comes back still counts

    event.listen(engine, "connect", note_made)
    event.listen(engine, "checkout", note_taken)
    event.listen(engine, "checkin", note_returned)
