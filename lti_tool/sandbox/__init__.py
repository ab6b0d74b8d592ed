"""The practice LMS: a small LTI 1.3 platform to try and test the tool without Moodle or ILIAS.

It is written from the specifications and shares no code with the tool's own `lti_tool.lti`, so that neither can
hide the other's mistakes. Production never mounts it; `smartcity run` serves it beside the tool.
"""

from lti_tool.sandbox.app import create_practice_lms
from lti_tool.sandbox.config import PracticeConfig

__all__ = ["PracticeConfig", "create_practice_lms"]
