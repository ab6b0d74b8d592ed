"""The door for application servers: `lti_tool.wsgi:app`, settings from the environment."""

from __future__ import annotations

import os
import sys

from lti_tool.app import create_app
from lti_tool.curriculum.errors import ContentErrors
from lti_tool.observability import configure_logging
from lti_tool.services.tool_keys import UnreadableKey
from lti_tool.settings import SettingsError, load_settings

try:
    settings = load_settings(os.environ)
    configure_logging(settings.log_level, settings.log_format)
    app = create_app(settings)
except (ContentErrors, SettingsError, UnreadableKey) as error:
    sys.exit(str(error))  # what an operator can mend is said in full, without a traceback
