"""The whole examination, in an order in which each point rests on the ones before, and its report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.app import load_keys, make_http
from lti_tool.cli.acting import now
from lti_tool.cli.database import unreachable
from lti_tool.cli.doctor.databases import examine_database
from lti_tool.cli.doctor.delivery import examine_delivery
from lti_tool.cli.doctor.finding import Finding, Verdict, bad, good, hint
from lti_tool.cli.doctor.former_addresses import examine_former_addresses
from lti_tool.cli.doctor.object_store import examine_object_store
from lti_tool.cli.doctor.outside import OutsideView, examine_clock
from lti_tool.cli.doctor.own_keys import examine_keys
from lti_tool.cli.doctor.places import examine_places
from lti_tool.cli.doctor.standby import examine_standby
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Severity
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import Registration
from lti_tool.domain.key_life import KeyState
from lti_tool.lti.probe import ConnectionProbe
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.services.tool_keys import KeyRing
from lti_tool.settings import Settings, SettingsError, load_settings

_SIGNS = {Verdict.GOOD: "gut    ", Verdict.HINT: "Hinweis", Verdict.BAD: "Fehler "}
_PLATFORMS = 20


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield every finding; what cannot be looked at for want of something else is left out."""
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        for fault in error.faults:
            what, _, mend = fault.partition(". ")
            yield bad("settings", f"{what.rstrip('.')}.", mend)
        return
    yield good("settings", "Die Einstellungen sind vollständig.")
    if not (settings.operator_name and settings.operator_contact):
        mend = "Setzen Sie SMARTCITY_OPERATOR_NAME und SMARTCITY_OPERATOR_CONTACT."
        yield hint(
            "settings.operator", "Impressum und Datenschutzseite nennen niemanden, der das Werkzeug betreibt.", mend
        )
    yield from examine_places(settings)
    yield from examine_object_store(settings)
    yield _content(settings)
    yield from _with_database(settings)


def report(findings: Sequence[Finding], *, as_json: bool) -> str:
    """Return what to print."""
    if as_json:
        rows = [{"check": f.check, "verdict": f.verdict, "found": f.found, "mend": f.mend} for f in findings]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    lines = []
    for finding in findings:
        lines.append(f"{_SIGNS[finding.verdict]}  {finding.found}")
        if finding.mend:
            lines.append(f"{'':9}→ {finding.mend}")
    faults = sum(finding.verdict is Verdict.BAD for finding in findings)
    hints = sum(finding.verdict is Verdict.HINT for finding in findings)
    return "\n".join([*lines, f"Fehler: {faults}, Hinweise: {hints}" if faults or hints else "Alles in Ordnung."])


def examine_and_tell(environ: Mapping[str, str], *, as_json: bool) -> int:
    """Print the report; return the exit code: 1 if anything must be mended."""
    findings = list(examine(environ))
    click.echo(report(findings, as_json=as_json))
    return 1 if any(finding.verdict is Verdict.BAD for finding in findings) else 0


def _content(settings: Settings) -> Finding:
    problems = check(settings.content_dir)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    mend = f"`smartcity content check {settings.content_dir}` nennt jede Stelle."
    if errors:
        return bad("content", f"Fehler in den Lerninhalten: {errors}; so startet das Werkzeug nicht.", mend)
    if warnings:
        return hint("content", f"Warnungen zu den Lerninhalten: {warnings}.", mend)
    return good("content", "Die Lerninhalte sind in Ordnung.")


def _with_database(settings: Settings) -> Iterator[Finding]:
    if settings.sqlite_file and not settings.sqlite_file.exists():
        yield bad("database", "Die Datei der Datenbank gibt es noch nicht.", "Führen Sie `smartcity db upgrade` aus.")
        return
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    try:
        with sessions() as session:
            session.connection(execution_options={"read_only": True})
            found = list(examine_database(session))
            yield from found
            if any(finding.verdict is Verdict.BAD and finding.check == "database.migrations" for finding in found):
                return
            yield from examine_standby(settings, sessions)
            keys = list(examine_keys(session, settings))
            yield from keys
            yield from examine_delivery(session)
            published = _published(session, settings)
            platforms = session.scalars(select(Registration.id).where(Registration.active).limit(_PLATFORMS)).all()
        http = make_http(settings)
        if published and not any(finding.verdict is Verdict.BAD for finding in keys):
            directory = RegistrationDirectory(sessions)
            known = [platform for number in platforms if (platform := directory.by_id(number))]
            yield from examine_clock(ConnectionProbe(http, load_keys(sessions, settings, now), now), known)
        yield from OutsideView(settings, http).examine(published)
        yield from examine_former_addresses(settings, http)
    except SQLAlchemyError as error:
        yield bad(
            "database", str(unreachable(error)).partition(". ")[0] + ".", str(unreachable(error)).partition(". ")[2]
        )
    finally:
        engine.dispose()


def _published(session: Session, settings: Settings) -> frozenset[str]:
    lives = KeyRing(session, now, settings.secret_key.get_secret_value()).lives()
    return frozenset(life.kid for life in lives if life.state is not KeyState.GONE)
