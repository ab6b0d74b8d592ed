from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from lti_tool.sandbox.access import AccessTokens
from lti_tool.sandbox.config import PracticeConfig
from lti_tool.sandbox.course import Activity, Course
from lti_tool.sandbox.dialogs import Dialogs
from lti_tool.sandbox.errors import PageRefused
from lti_tool.sandbox.faults import FaultBox
from lti_tool.sandbox.invitations import Invitations
from lti_tool.sandbox.journal import Journal
from lti_tool.sandbox.launches import PendingLaunches
from lti_tool.sandbox.once import Once
from lti_tool.sandbox.records import Records
from lti_tool.sandbox.signing import PlatformKey, platform_key
from lti_tool.sandbox.state import State
from lti_tool.sandbox.tool_keys import ToolKeys
from lti_tool.sandbox.tools import Tool, preset_tool

EXTENSION = "practice_lms"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeLms:
    """The parts of one practice LMS.

    Attributes:
        now: the platform's time, which may go wrong on purpose.
        used: `jti` and `nonce` values seen, each of which counts once.
    """

    config: PracticeConfig
    now: Callable[[], datetime]
    state: State
    key: PlatformKey
    tool_keys: ToolKeys
    faults: FaultBox
    journal: Journal
    launches: PendingLaunches
    access_tokens: AccessTokens
    dialogs: Dialogs
    invitations: Invitations
    used: Once

    def course(self, course_id: str | None) -> Course:
        course = self.state.courses.get(course_id)
        if course is None:
            raise PageRefused(404, "Diesen Kurs gibt es hier nicht.")
        return course

    def activity(self, activity_id: str | None) -> Activity:
        activity = self.state.activities.get(activity_id)
        if activity is None:
            raise PageRefused(404, "Diese Aktivität gibt es im Kurs nicht.")
        return activity

    def active_tool(self, client_id: str | None) -> Tool:
        tool = self.state.tools.get(client_id)
        if tool is None or not tool.active:
            raise PageRefused(404, "Dieses Werkzeug ist hier nicht eingerichtet oder noch nicht aktiviert.")
        return tool


def assemble(config: PracticeConfig) -> PracticeLms:
    """Make the parts and join them."""
    records = Records(config.state_file)
    faults = FaultBox()

    def now() -> datetime:
        return config.clock() + timedelta(seconds=faults.now.clock_skew_seconds)

    return PracticeLms(
        config=config,
        now=now,
        state=State(records, preset_tool(config.tool_url, config.client_id, config.deployment_id)),
        key=platform_key(records, config.signing_key_pem),
        tool_keys=ToolKeys(config.fetch_keys, now),
        faults=faults,
        journal=Journal(),
        launches=PendingLaunches(),
        access_tokens=AccessTokens(),
        dialogs=Dialogs(),
        invitations=Invitations(),
        used=Once(),
    )


def current_lms() -> PracticeLms:
    lms: PracticeLms = current_app.extensions[EXTENSION]
    return lms
