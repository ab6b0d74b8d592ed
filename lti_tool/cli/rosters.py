"""Tell which rosters were read, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lti_tool.cli.database import transaction
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.services.registrations import RegistrationReader
from lti_tool.services.rosters import Rosters, RosterState


def roster_lines(number: int) -> Iterator[str]:
    """Yield a line per course of a platform.

    Raises:
        CommandFailed: there is no such platform.
    """
    with transaction(settings_from_environment().database_url) as session:
        platform = next((entry for entry in RegistrationReader(session).all() if entry.id == number), None)
        states = Rosters(session, lambda: datetime.now(UTC)).states(number)
    if platform is None:
        raise CommandFailed(f"Ein LMS mit der Nummer {number} gibt es nicht. Liste: smartcity platform list")
    if not platform.nrps_enabled:
        yield "Teilnehmendenlisten werden nicht gelesen. Einschalten: smartcity platform add … --roster"
    elif not states:
        yield "Noch keine Liste. Sie wird gelesen, wenn eine Lehrkraft den Kurs öffnet und das LMS sie anbietet."
    for state in states:
        yield f"{state.course or state.context_id}: {_numbers(state)}"


def _numbers(state: RosterState) -> str:
    read = f"{state.read_at:%d.%m.%Y %H:%M} UTC" if state.read_at else "noch nie"
    failed = f", zuletzt Fehler {state.reason}" if state.reason else ""
    return f"{state.active} Lernende, {state.inactive} ausgesetzt, gelesen {read}{failed}"
