"""The worker as a command."""

from __future__ import annotations

from functools import partial
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from lti_tool.app import make_worker
from lti_tool.cli.database import unreachable
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.worker_metrics import show_metrics
from lti_tool.observability import configure_logging
from lti_tool.services.tool_keys import UnreadableKey
from lti_tool.settings import Settings
from lti_tool.worker.command import run_until_told_to_stop
from lti_tool.worker.loop import Worker


def deliver_until_stopped() -> None:
    """Deliver grades until this process is told to stop.

    Raises:
        CommandFailed: the settings, the database or the keys are unusable at the start.
    """
    settings = settings_from_environment()
    configure_logging(settings.log_level, settings.log_format)
    try:
        run_until_told_to_stop(partial(_make_worker, settings))
    except SQLAlchemyError as error:
        raise unreachable(error) from None
    except UnreadableKey as error:
        raise CommandFailed(str(error)) from None


def _make_worker(settings: Settings, stop: Event) -> Worker:
    """Make the worker, and show its figures: only now, as a thread started earlier would die of the ending signal."""
    show_metrics(settings)
    return make_worker(settings, stop)
