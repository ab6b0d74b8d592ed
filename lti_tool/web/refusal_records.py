"""Keeps refused logins and launches, so that an administrator can look up a reference number.

Anybody can have a login refused, so a flood of them must not fill the disk: each process keeps so many a minute for
each registration, and as many for all that belong to none.
"""

from __future__ import annotations

import structlog
from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.domain.errors import Refusal
from lti_tool.restraint.rates import MemoryRates, Quota
from lti_tool.services.refused_launches import RefusedLaunches
from lti_tool.web.tool import current_tool
from lti_tool.web.tracing import reference
from lti_tool.web.unit_of_work import commit, db_for_writing

MOST = Quota(30, 60.0)

_LIMIT = "refusal-records"
_DOORS = frozenset({"lti.login", "lti.launch"})
_log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Give the app a count of its own."""
    app.extensions[_LIMIT] = MemoryRates()


def record(refusal: Refusal) -> None:
    """Keep a refusal of one of the protocol's doors; a database that is away changes nothing of the answer."""
    if request.endpoint not in _DOORS:
        return
    rates: MemoryRates = current_app.extensions[_LIMIT]
    if rates.seconds_to_wait(str(refusal.registration_id), MOST):
        return
    try:
        refused = RefusedLaunches(db_for_writing(), current_tool().clock)
        refused.keep(refusal.code.slug, reference(), refusal.registration_id)
        commit()
    except SQLAlchemyError as error:
        _log.warning("refusal not kept", error=type(error).__name__)
