"""The practice LMS as its own process, told by `run` through the environment who it is."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from lti_tool.sandbox import PracticeConfig, create_practice_lms


def application() -> Flask:
    """Return the application gunicorn serves."""
    return create_practice_lms(
        PracticeConfig(
            base_url=os.environ["PRACTICE_LMS_URL"],
            tool_url=os.environ["PRACTICE_LMS_TOOL_URL"],
            client_id=os.environ["PRACTICE_LMS_CLIENT_ID"],
            deployment_id=os.environ["PRACTICE_LMS_DEPLOYMENT_ID"],
            state_file=Path(os.environ["PRACTICE_LMS_STATE_FILE"]),
        ),
    )
