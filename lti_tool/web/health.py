"""For load balancers and monitoring: is the process alive, may it get requests?"""

from __future__ import annotations

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.db.revision import is_at_head
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

bp = Blueprint("health", __name__)
_log = structlog.get_logger(__name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; asks nothing else, so that a slow database restarts nobody."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database there, migrations applied, content loaded; 503 names what is missing."""
    checks = {"database": False, "migrations": False, "content": bool(current_tool().catalogue.modules)}
    try:
        checks["migrations"] = is_at_head(db().connection())
        checks["database"] = True
    except SQLAlchemyError as error:
        _log.warning("database not ready", error=type(error).__name__)
    is_ready = all(checks.values())
    told = {"status": "ok" if is_ready else "not ready", "checks": checks, **_standby()}
    return jsonify(told), 200 if is_ready else 503


def _standby() -> dict[str, str]:
    """Tell how the standby is, if there is one; without it everything is read on the primary."""
    standby = current_tool().standby
    return {} if standby is None else {"standby": standby.state().unfit or "ok"}
