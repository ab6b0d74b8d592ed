"""The door for application servers: `lti_tool.wsgi:app`, settings from the environment."""

from __future__ import annotations

import os
import sys

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.app import create_app
from lti_tool.curriculum.errors import ContentErrors
from lti_tool.observability import configure_logging
from lti_tool.services.tool_keys import UnreadableKey
from lti_tool.settings import SettingsError, load_settings

_UNUSABLE = (ContentErrors, SettingsError, UnreadableKey)


def made_anew(running: Flask) -> Flask:
    """Return an application with the content as it is now; the running one if that cannot be used.

    Sessions, attempts and caches that matter lie in the database: nobody notices the change.
    """
    try:
        made = create_app(load_settings(os.environ))
    except (*_UNUSABLE, SQLAlchemyError) as error:
        what = type(error).__name__ if isinstance(error, SQLAlchemyError) else str(error)
        structlog.get_logger(__name__).error("content not taken up, the old one stays", problems=what)
        return running
    running.extensions["smartcity"].sessions.kw["bind"].dispose()
    globals()["app"] = made  # or the old one would never be freed
    structlog.get_logger(__name__).info("content taken up")
    return made


try:
    settings = load_settings(os.environ)
    configure_logging(settings.log_level, settings.log_format)
    app = create_app(settings)
except _UNUSABLE as error:
    sys.exit(str(error))  # what an operator can mend is said in full, without a traceback
