"""Make, list and revoke invitations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from lti_tool.cli.acting import moment, now
from lti_tool.cli.database import transaction
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.domain.invitation_terms import LONGEST, host_name, town_name
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.invitations import Invitations, InvitationState

_PERIOD = re.compile(r"(\d{1,3})([dh])")
_STATES = {
    InvitationState.OPEN: "offen",
    InvitationState.USED: "verwendet",
    InvitationState.EXPIRED: "abgelaufen",
    InvitationState.REVOKED: "zurückgezogen",
}


def create_invitation(municipality: str, expires: str, private_hosts: Sequence[str]) -> Iterator[str]:
    """Make an invitation; yield what to tell the operator.

    Raises:
        CommandFailed: an option makes no sense, or the database cannot be used.
    """
    lifetime = _lifetime(expires)
    hosts = [_host(host) for host in private_hosts]
    name = town_name(municipality)
    if name is None:
        raise CommandFailed("--municipality: Nennen Sie die Kommune mit höchstens 255 Zeichen.")
    settings = settings_from_environment()
    with transaction(settings.database_url) as session:
        made = Invitations(session, now).create(name, lifetime=lifetime, private_hosts=hosts)
        AuditLog(session, now, Who.COMMAND_LINE).record(Action.INVITATION_MADE, name, number=made.id)
    address = f"{settings.base_url}/register/{made.token}"
    yield f"Einladung {made.id} für {name}, gültig bis {moment(made.expires_at)}, einmal verwendbar."
    yield f"Registrierungs-URL (Moodle, ILIAS): {address}?lti=1.3"
    yield f"Von Hand eintragen:                 {address}/manual"
    yield "Geben Sie die Adresse nur der Person, die das LMS verwaltet; sie wird nicht noch einmal gezeigt."


def invitation_lines() -> Iterator[str]:
    """Yield a line per invitation, newest first."""
    with transaction(settings_from_environment().database_url) as session:
        listed = Invitations(session, now).all()
    if not listed:
        yield "Noch gibt es keine Einladung. Hilfe: smartcity invite create --help"
    for entry in listed:
        hosts = f", Hausnetz: {', '.join(entry.private_hosts)}" if entry.private_hosts else ""
        became = f", LMS Nummer {entry.registration_id}" if entry.registration_id else ""
        state = _STATES[entry.state]
        yield f"{entry.id}  {entry.municipality}, {state}{became}, gültig bis {moment(entry.expires_at)}{hosts}"


def revoke_invitation(number: int) -> str:
    """End an invitation.

    Raises:
        CommandFailed: there is none of that number that could be ended.
    """
    with transaction(settings_from_environment().database_url) as session:
        revoked = Invitations(session, now).revoke(number)
        if revoked:
            AuditLog(session, now, Who.COMMAND_LINE).record(Action.INVITATION_REVOKED, str(number))
    if not revoked:
        raise CommandFailed(f"Es gibt keine offene Einladung {number}. Alle zeigt: smartcity invite list")
    return f"Einladung {number} ist zurückgezogen."


def _lifetime(expires: str) -> timedelta:
    found = _PERIOD.fullmatch(expires)
    lifetime = timedelta()
    if found:
        amount = int(found[1])
        lifetime = timedelta(days=amount) if found[2] == "d" else timedelta(hours=amount)
    if not timedelta() < lifetime <= LONGEST:
        raise CommandFailed(f"--expires {expires}: Schreiben Sie zum Beispiel 14d (Tage) oder 12h; höchstens 90d.")
    return lifetime


def _host(given: str) -> str:
    host = host_name(given)
    if host is None:
        raise CommandFailed(f"--private-host {given}: Nennen Sie nur den Rechnernamen, ohne https:// und Port.")
    return host
