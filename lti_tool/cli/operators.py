"""What the operator's console does, on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from lti_tool.cli.acting import acting, moment, now, period
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.services.audit import Who, read_audit_log
from lti_tool.services.audit_chain import AuditChain
from lti_tool.services.identities import Identities
from lti_tool.services.operators import Operators
from lti_tool.services.platform_switches import PlatformSwitches
from lti_tool.services.towns import PAGE, Towns


def make_link(expires: str) -> Iterator[str]:
    """Make a one-time link; yield what to tell the operator."""
    lasts = period(expires)
    settings = settings_from_environment()
    with acting(settings) as session:
        code = Operators(session, now).make_link(lasts)
    yield f"{settings.base_url}/operator/enter/{code}"
    yield f"Der Link gilt einmal, bis {moment(now() + lasts)}. Geben Sie ihn nicht weiter."


def switch_platform(name: str, number: int, deployment_id: str) -> Iterator[str]:
    """Pause, resume, resend, approve or decline; yield what was done."""
    with acting(settings_from_environment()) as session:
        switches = PlatformSwitches(session, now, Who.COMMAND_LINE)
        ways: dict[str, Callable[[], object]] = {
            "pause": lambda: switches.pause(number),
            "resume": lambda: switches.resume(number),
            "resend": lambda: switches.send_failed_again(number),
            "approve": lambda: switches.approve(number, deployment_id),
            "decline": lambda: switches.decline(number, deployment_id),
        }
        outcome = ways[name]()
    yield {
        "pause": f"LMS {number} ist angehalten.",
        "resume": f"LMS {number} läuft wieder; was gewartet hat, wird gesendet.",
        "resend": f"Bewertungen, die erneut gesendet werden: {outcome}.",
        "approve": f"Deployment {deployment_id} von LMS {number} ist freigegeben.",
        "decline": f"Deployment {deployment_id} von LMS {number} ist abgelehnt.",
    }[name]


def town_lines(words: str) -> Iterator[str]:
    """Yield a line per municipality that the search finds."""
    with acting(settings_from_environment()) as session:
        found = Towns(session).find(words)
    if not found.towns:
        yield "Nichts gefunden."
    for town in found.towns:
        yield (
            f"{town.id}  {town.name}: {town.platforms} LMS, {town.paused} angehalten, "
            f"{town.deployments_waiting} Deployments warten, {town.grades_failed} Bewertungen fehlgeschlagen"
        )
    if found.after:
        yield f"… die ersten {PAGE}. Suchen Sie genauer."


def rename_town(number: int, name: str) -> Iterator[str]:
    """Rename a municipality; yield what was done."""
    with acting(settings_from_environment()) as session:
        PlatformSwitches(session, now, Who.COMMAND_LINE).rename_town(number, name)
    yield f"Kommune {number} heißt jetzt {name}."


def audit_lines(limit: int, registration_id: int | None) -> Iterator[str]:
    """Yield a line per entry of the audit log, newest first."""
    with acting(settings_from_environment()) as session:
        entries = read_audit_log(session, limit=limit, registration_id=registration_id)
    if not entries:
        yield "Noch ist nichts geschehen."
    for entry in entries:
        place = f", LMS {entry.registration_id}" if entry.registration_id else ""
        subject = f", {entry.subject}" if entry.subject else ""
        yield f"{entry.id}  {moment(entry.at)}  {entry.who}  {entry.action}{place}{subject}"


def verify_audit(digest: str | None) -> Iterator[str]:
    """Check the chain over the log; yield its length and its last digest.

    Raises:
        CommandFailed: an entry was changed or deleted, or a digest noted earlier is not there any more.
    """
    with acting(settings_from_environment()) as session:
        chain = AuditChain(session)
        checked, held = chain.check(), digest is None or chain.holds(digest)
    if checked.broken is not None:
        raise CommandFailed(
            f"Das Protokoll wurde verändert: Der erste Eintrag, der nicht mehr stimmt, ist Nummer {checked.broken}. "
            f"Die {checked.length} Einträge davor sind unverändert."
        )
    if not held:
        raise CommandFailed("Dieser Prüfwert kommt nicht mehr vor: Vom Ende des Protokolls wurde etwas entfernt.")
    yield f"Unverändert: {checked.length} Einträge."
    if checked.loose:
        yield f"Noch nicht verkettet (aus einer älteren Version): {checked.loose}; der nächste Eintrag holt es nach."
    yield f"Prüfwert: {checked.head}"
    yield "Notieren Sie ihn außerhalb dieses Servers; mit --contains fällt später auf, wenn das Ende fehlt."


def merge_identities(registration_id: int, from_subject: str, to_subject: str) -> Iterator[str]:
    """Merge two identities; yield the merge's id."""
    with acting(settings_from_environment()) as session:
        merge_id = Identities(session, now, Who.COMMAND_LINE).merge(registration_id, from_subject, to_subject)
    yield f"Zusammengeführt. Rückgängig: smartcity identity undo --registration {registration_id} --merge {merge_id}"


def merge_lines(registration_id: int) -> Iterator[str]:
    """Yield a line per merge, newest first."""
    with acting(settings_from_environment()) as session:
        merges = Identities(session, now, Who.COMMAND_LINE).merges(registration_id)
    if not merges:
        yield "Noch wurde nichts zusammengeführt."
    for merge in merges:
        undone = f", rückgängig gemacht {moment(merge.undone_at)}" if merge.undone_at else ""
        yield f"{merge.id}  {moment(merge.merged_at)}  {merge.from_subject} -> {merge.to_subject}{undone}"


def undo_merge(registration_id: int, merge_id: UUID | None) -> Iterator[str]:
    """Undo a merge, the last one if none is named; yield what was done.

    Raises:
        CommandFailed: there is none.
    """
    with acting(settings_from_environment()) as session:
        identities = Identities(session, now, Who.COMMAND_LINE)
        latest = next((merge.id for merge in identities.merges(registration_id) if merge.undone_at is None), None)
        chosen = merge_id or latest
        if chosen is None:
            raise CommandFailed("Für dieses LMS gibt es keine Zusammenführung, die rückgängig zu machen wäre.")
        identities.undo(registration_id, chosen)
    yield "Die Zusammenführung ist rückgängig gemacht."
