"""Files whose rows are gone: deleted at once where that works; else the worker does it, as they are noted."""

from __future__ import annotations

import structlog

from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

log = structlog.get_logger(__name__)


def delete_doomed_files() -> None:
    """Delete some of what is due, the rest is the worker's. No transaction is open while the store is asked."""
    doomed = DoomedFiles(db(), current_tool().clock)
    try:
        if keys := doomed.due():
            commit()
            for key in keys:
                current_tool().files.delete(key)
            doomed.strike_off(keys)
            commit()
    except OSError as error:
        log.warning("files.not_deleted", error=type(error).__name__, detail=str(error))
