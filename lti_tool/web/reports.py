"""Where a page reads that may be some seconds old: on the standby where there is one, else on the primary.

Each such page says so itself with `may_be_older`. Who acts is always asked of the primary, before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lti_tool import metrics
from lti_tool.db.standby import Standby, Unfit
from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.own_writes import position_of_own_writes
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db, give_back

P = ParamSpec("P")
R = TypeVar("R")

_READ, _FAILED, _NOT_FOUND = "read", "failed", "not_found"


def db_for_reports() -> Session:
    """Return the session to read with: the standby's within a function that may be older, else the request's own."""
    session: Session | None = g.get("reports")
    return db() if session is None else session


def may_be_older(read: Callable[P, R]) -> Callable[P, R]:
    """Let a function that only reads, before anything is written, use the standby.

    Whatever goes wrong there, it is called again with the primary. So it is if the standby does not know a thing: that
    may just have been made.
    """

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        standby = current_tool().standby
        if standby is None or "reports" in g:
            return read(*args, **kwargs)
        session = _lent(standby)
        if session is None:
            return read(*args, **kwargs)
        try:
            answer = read(*args, **kwargs)
        except DBAPIError as error:
            standby.failed(error)
            _count(_FAILED)
        except Refusal as refusal:
            if refusal.code is not Code.NOT_FOUND:
                raise
            _count(_NOT_FOUND)
        else:
            _count(_READ)
            return answer
        finally:
            g.pop("reports")
            standby.take_back(session)
        return read(*args, **kwargs)

    return reading


def _lent(standby: Standby) -> Session | None:
    give_back()  # whoever waits for one connection should not hold another
    lent = standby.lend(position_of_own_writes())
    if isinstance(lent, Unfit):
        _count(lent)
        return None
    g.reports = lent
    return lent


def _count(outcome: str) -> None:
    metrics.STANDBY_READS.labels(outcome).inc()
