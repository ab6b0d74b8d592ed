"""Export and erasure on the command line, and what goes by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from lti_tool.app import make_files
from lti_tool.cli.acting import acting, now
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.domain.privacy import FEWEST_RETENTION_MONTHS, MOST_RETENTION_MONTHS, Kind
from lti_tool.services.audit import Who
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.kept_statistics import KeptStatistics
from lti_tool.services.personal_data import PersonalData
from lti_tool.services.personal_export import PersonalExport
from lti_tool.services.privacy import Privacy
from lti_tool.services.retention import Retention
from lti_tool.services.town_closing import TownClosing
from lti_tool.settings import Settings
from lti_tool.web.personal_data_words import KINDS
from lti_tool.worker.erasing import NightlyErasure

_STAYS = (
    "Es bleiben: Bewertungen im LMS (dort löschen); Bewertungen, die die Person anderen gegeben hat (deren "
    "Daten, ohne Hinweis auf sie); Zählungen ohne Personenbezug; Sicherungskopien, bis sie überschrieben sind."
)


def export_person(registration_id: int, subject: str, out: Path | None) -> Iterator[str]:
    """Yield the data as JSON, or write them into a file that only its owner may read; yield what was done."""
    settings = settings_from_environment()
    with acting(settings) as session:
        people = PersonalData(session).by_subject(registration_id, subject)
        export = PersonalExport(session, now, make_files(settings))
        content = export.json(people)
        data = PersonalData(session)
        with_files = out is not None and bool(data.files(people) or data.pictures(people))
        number = Privacy(session, now, Who.COMMAND_LINE).note_export(people)
        if out:  # written before the act is noted for good: no entry for a file that is not there
            write_privately(out, content)
            if with_files:
                with export.archive(people) as archive:
                    write_privately(out.with_suffix(".zip"), archive.read())
    if out is None:
        yield content.decode()
        return
    yield f"Geschrieben: {out}"
    if with_files:
        yield f"Mit den abgegebenen Dateien: {out.with_suffix('.zip')}"
    yield f"Im Protokoll als Vorgang {number}, ohne die Person."


def foresee(registration_id: int, subject: str, *, withdraw_proofs: bool) -> Iterator[str]:
    """Yield what erasing takes along, in numbers, and what stays."""
    with acting(settings_from_environment()) as session:
        data = PersonalData(session)
        people = data.by_subject(registration_id, subject)
        counts = data.counts(people)
    if len(people.user_ids) > 1:
        yield f"Zusammengeführte Kennungen, die mit gelöscht werden: {len(people.user_ids)}"
    for kind, count in counts.items():
        if count:
            yield f"{count:>6}  {KINDS[kind].what}"
    if counts[Kind.PROOFS]:
        yield (
            "Die Nachweise werden zurückgenommen."
            if withdraw_proofs
            else "Die Nachweise bleiben prüfbar, ohne Namen; mit --withdraw-proofs gelten sie nicht mehr."
        )
    yield _STAYS


def erase_person(registration_id: int, subject: str, *, withdraw_proofs: bool) -> Iterator[str]:
    """Erase a person and their files; yield what was done."""
    settings = settings_from_environment()
    with acting(settings) as session:
        people = PersonalData(session).by_subject(registration_id, subject)
        erased = Privacy(session, now, Who.COMMAND_LINE).erase(people, withdraw_proofs=withdraw_proofs)
    yield f"Gelöscht: {sum(erased.counts.values())} Einträge. Vorgang {erased.receipt} (steht im Protokoll)."
    yield from delete_files()


def delete_files() -> Iterator[str]:
    """Delete the files of erased people; what does not work now, the worker does later."""
    settings = settings_from_environment()
    store, count = make_files(settings), 0
    try:
        while keys := _due(settings):
            for key in keys:
                store.delete(key)
            with acting(settings) as session:
                DoomedFiles(session, now).strike_off(keys)
            count += len(keys)
    except OSError as error:
        yield f"Dateien ließen sich nicht löschen ({error.strerror}); der Worker versucht es weiter."
    if count:
        yield f"Gelöschte Dateien: {count}"


def _due(settings: Settings) -> Sequence[str]:
    with acting(settings) as session:
        return DoomedFiles(session, now).due()


def retention_lines(registration_id: int, months: int | None) -> Iterator[str]:
    """Change a platform's retention if months are given; yield what holds.

    Raises:
        CommandFailed: there is no such platform, or the months are out of bounds.
    """
    if months is not None and not FEWEST_RETENTION_MONTHS <= months <= MOST_RETENTION_MONTHS:
        raise CommandFailed(f"--months: Möglich sind {FEWEST_RETENTION_MONTHS} bis {MOST_RETENTION_MONTHS} Monate.")
    with acting(settings_from_environment()) as session:
        retention = Retention(session, now)
        if registration_id not in retention.platforms():
            raise CommandFailed("Ein LMS mit dieser Nummer gibt es nicht. Hilfe: smartcity platform list")
        if months is not None:
            Privacy(session, now, Who.COMMAND_LINE).set_retention(registration_id, months)
        term = retention.term(registration_id)
    yield f"LMS {registration_id}: {term.months} Monate ohne Anmeldung, dann wird gelöscht."
    yield f"Personen, die die nächste Nacht löscht: {term.due}"


def night(*, dry_run: bool) -> Iterator[str]:
    """Erase what is due, or only count it; yield how many people and towns."""
    settings = settings_from_environment()
    with acting(settings) as session:
        retention = Retention(session, now)
        due = sum(retention.due(number) for number in retention.platforms())
        towns = len(TownClosing(session, now, Who.COMMAND_LINE).due())
    if not dry_run:
        engine = make_engine(settings.database_url)
        try:
            NightlyErasure(make_sessions(engine), now).all_at_once()
        finally:
            engine.dispose()
    yield f"{'Fällig' if dry_run else 'Gelöscht'}: Personen {due}, geschlossene Kommunen {towns}."
    if not dry_run:
        yield from delete_files()


def statistic_lines(registration_id: int) -> Iterator[str]:
    """Yield CSV: month, module, begun, passed; a dash where fewer than five people would show."""
    yield "Monat;Modul;begonnen;bestanden"
    with acting(settings_from_environment()) as session:
        figures = KeptStatistics(session).figures(registration_id)
    for figure in figures:
        begun, passed = ("-" if count is None else count for count in (figure.begun, figure.passed))
        yield f"{figure.month};{figure.module_id};{begun};{passed}"


def write_privately(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read."""
    with open_privately(path) as file:
        file.write(content)


def open_privately(path: Path) -> IO[bytes]:
    """Open a new file that only its owner may read; never one that is there.

    Raises:
        CommandFailed: it is there, or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandFailed(f"{path} gibt es schon. Nennen Sie eine neue Datei.") from None
    except OSError as error:
        raise CommandFailed(f"{path}: lässt sich nicht schreiben ({error.strerror}).") from None
    return os.fdopen(descriptor, "w+b")
