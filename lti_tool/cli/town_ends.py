"""The end of a town's contract, on the command line."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from lti_tool.app import make_files
from lti_tool.cli.acting import acting, moment, now
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.personal_data import open_privately
from lti_tool.db.models import LtiUser
from lti_tool.domain.privacy import FEWEST_CLOSED_DAYS, MOST_CLOSED_DAYS
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.personal_data import People
from lti_tool.services.personal_export import PersonalExport
from lti_tool.services.town_closing import TownClosing
from lti_tool.services.towns import Towns


def close_town(number: int, last_day: object, *, at_once: bool, days: int) -> Iterator[str]:
    """Close a municipality; yield what follows.

    Raises:
        CommandFailed: neither or both of day and `at_once`, or a period out of bounds.
    """
    if at_once == isinstance(last_day, datetime):
        raise CommandFailed("Nennen Sie entweder den letzten Tag (--on 2026-12-31) oder --now.")
    if not FEWEST_CLOSED_DAYS <= days <= MOST_CLOSED_DAYS:
        raise CommandFailed(f"--days: Möglich sind {FEWEST_CLOSED_DAYS} bis {MOST_CLOSED_DAYS} Tage.")
    closes_at = _end_of(last_day) if isinstance(last_day, datetime) else now()
    with acting(settings_from_environment()) as session:
        erases_at = TownClosing(session, now, Who.COMMAND_LINE).close(number, closes_at, days)
    yield f"Ab {moment(closes_at)} meldet sich von Kommune {number} niemand mehr an."
    yield f"Bis {moment(erases_at)} gibt `smartcity town export {number}` die Daten heraus; dann gehen sie."
    yield f"Zurücknehmen bis dahin: smartcity town reopen {number}"


def reopen_town(number: int) -> Iterator[str]:
    """Open a municipality again; yield what was done."""
    with acting(settings_from_environment()) as session:
        TownClosing(session, now, Who.COMMAND_LINE).reopen(number)
    yield f"Kommune {number} ist wieder geöffnet."


def export_everybody(number: int, out: Path) -> Iterator[str]:
    """Write one JSON file per person, and their files, into a ZIP archive; yield what was done."""
    settings = settings_from_environment()
    count = 0
    with (
        acting(settings) as session,
        open_privately(out) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        session.connection(execution_options={"read_only": True})  # it may take long: nobody shall wait for it
        Towns(session).name(number)
        export = PersonalExport(session, now, make_files(settings))
        for platform in Towns(session).platforms(number):
            query = select(LtiUser.id, LtiUser.subject).where(LtiUser.registration_id == platform)
            for row in session.execute(query.order_by(LtiUser.id)).all():
                count += 1
                folder = f"lms-{platform}/{row.id}"
                with (
                    export.archive(People(platform, (row.id,), (row.subject,))) as one,
                    zipfile.ZipFile(one) as own,
                ):
                    for name in own.namelist():
                        archive.writestr(f"{folder}/{name}", own.read(name))
    with acting(settings) as session:
        AuditLog(session, now, Who.COMMAND_LINE).record(Action.TOWN_EXPORTED, str(number), people=count)
    yield f"Geschrieben: {out}, Personen: {count}"


def _end_of(last_day: datetime) -> datetime:
    following = last_day.replace(tzinfo=None) + timedelta(days=1)
    return following.replace(tzinfo=TOWN_TIME).astimezone(UTC)
