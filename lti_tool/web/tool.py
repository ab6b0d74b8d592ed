"""What `app.py` hands to the pages: settings, content, and the ready-made adapters."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.credentials.badge import Badges
from lti_tool.credentials.transcript import TranscriptFiles
from lti_tool.curriculum.model import Catalogue
from lti_tool.db.standby import Standby
from lti_tool.lti.deep_linking import DeepLinkingResponder
from lti_tool.lti.dynamic_registration import DynamicRegistration
from lti_tool.lti.endpoint_probe import EndpointProbe
from lti_tool.lti.login import LoginStarter
from lti_tool.lti.notices import NoticeReader
from lti_tool.lti.validate import LaunchValidator
from lti_tool.restraint.rates import Rates
from lti_tool.services.ports import Clock, FileStore
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.services.self_test import Probe
from lti_tool.services.tool_keys import ToolKeys
from lti_tool.settings import Settings

_EXTENSION = "smartcity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Everything that lives as long as the process and may be shared between threads."""

    settings: Settings
    catalogue: Catalogue
    clock: Clock
    sessions: sessionmaker[Session]
    standby: Standby | None
    registrations: RegistrationDirectory
    tool_keys: ToolKeys
    probe: Probe
    login_starter: LoginStarter
    launch_validator: LaunchValidator
    notice_reader: NoticeReader
    dynamic_registration: DynamicRegistration
    endpoint_probe: EndpointProbe
    deep_linking: DeepLinkingResponder
    badges: Badges
    transcripts: TranscriptFiles
    files: FileStore
    rates: Rates


def install(app: Flask, tool: Tool) -> None:
    """Make the tool known to the app's requests."""
    app.extensions[_EXTENSION] = tool


def current_tool() -> Tool:
    """Return the tool of the app that answers this request."""
    tool: Tool = current_app.extensions[_EXTENSION]
    return tool
