"""People's data and a town's end on the command line."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text, update

from lti_tool.cli.acting import now
from lti_tool.cli.commands import smartcity
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import AuditEntry, LtiUser, Municipality
from lti_tool.services.launches import Placement, StoreLaunch
from tests.factories.launches import learner_launch
from tests.factories.whole_person import Registry
from tests.unit.cli.test_commands import PLATFORM

ERASE = ("privacy", "erase", "--registration", "1", "--sub", "kim")


@pytest.fixture
def sessions(complete):
    engine = make_engine(complete["DATABASE_URL"])
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def ready(complete, sessions, tmp_path):
    """A platform, a person with something in every table, and a function that types a command."""
    settings = {f"SMARTCITY_{name}": value for name, value in complete.items()}
    settings["SMARTCITY_FILES_DIR"] = str(tmp_path / "files")

    def type_(*words, stdin=""):
        """In this process: a program of its own for each of two dozen commands would take half a minute."""
        done = CliRunner(env=settings).invoke(smartcity, words, input=stdin, prog_name="smartcity")
        return done.stdout if done.exit_code == 0 else f"{done.exit_code}: {done.stderr}"

    assert type_(*PLATFORM).startswith("Gespeichert als Nummer 1.")
    for subject in ("kim", "other"):
        with sessions.begin() as session:
            launch = learner_launch(1, subject=subject, name=f"{subject} Klar")
            StoreLaunch(session, now).store(launch, Placement("module", "datenrecht", "de"))
    with sessions.begin() as session:
        registry = Registry(session, 1, datetime.now(UTC))
        registry.surroundings()
        registry.person("kim", "Kim Klar", marked_by="other", file_key=f"1/{'a' * 32}")
    (tmp_path / "files" / "1").mkdir(parents=True)
    (tmp_path / "files" / "1" / ("a" * 32)).write_bytes(b"mine")

    return type_


def subjects(sessions):
    with sessions() as session:
        return session.scalars(select(LtiUser.subject)).all()


def test_a_person_is_exported_foreseen_and_erased(ready, sessions, tmp_path):
    out = tmp_path / "kim.json"
    exported = ready("privacy", "export", "--registration", "1", "--sub", "kim", "--out", str(out))
    assert f"Geschrieben: {out}" in exported
    assert out.stat().st_mode & 0o077 == 0
    assert json.loads(out.read_text())["identities"] == ["kim"]
    assert any(name.startswith("dateien/") for name in zipfile.ZipFile(tmp_path / "kim.zip").namelist())
    assert "gibt es schon" in ready("privacy", "export", "--registration", "1", "--sub", "kim", "--out", str(out))

    foreseen = ready(*ERASE, "--dry-run")
    assert "     2  Versuche mit Ergebnis" in foreseen
    assert "Nachweise bleiben prüfbar" in foreseen
    assert "kim" in subjects(sessions)

    assert ready(*ERASE) == "1: Fehler: Nichts gelöscht.\n"
    assert ready(*ERASE, stdin="nein\n") == "1: Fehler: Nichts gelöscht.\n"
    erased = ready(*ERASE, stdin="ja\n")
    assert "Vorgang " in erased
    assert "Gelöschte Dateien: 1" in erased
    assert subjects(sessions) == ["other"]
    assert not (tmp_path / "files" / "1" / ("a" * 32)).exists()
    assert "hat sich über dieses LMS noch nie angemeldet" in ready(*ERASE, "--yes")
    with sessions() as session:
        logged = session.scalars(select(AuditEntry).where(AuditEntry.action.like("person.%"))).all()
    assert [entry.action for entry in logged] == ["person.exported", "person.erased"]
    assert not any("kim" in f"{entry.subject} {entry.detail}".lower() for entry in logged)


def test_a_platforms_time_is_set_and_the_night_can_be_had_at_once(ready, sessions):
    retention = ("privacy", "retention", "--registration", "1")
    assert "1: 24 Monate" in ready(*retention)
    assert "3 bis 120" in ready(*retention, "--months", "2")
    assert "1: 3 Monate" in ready(*retention, "--months", "3")
    with sessions.begin() as session:
        session.execute(
            update(LtiUser).where(LtiUser.subject == "kim").values(seen_in=datetime(2020, 1, 1, tzinfo=UTC))
        )
    assert "Fällig: Personen 1" in ready("privacy", "nightly", "--dry-run")
    assert len(subjects(sessions)) == 2
    assert "Gelöscht: Personen 1" in ready("privacy", "nightly")
    assert subjects(sessions) == ["other"]
    assert "datenrecht;-;-" in ready("privacy", "statistics", "--registration", "1")


def test_a_town_is_closed_exported_and_reopened(ready, sessions, tmp_path):
    assert "entweder den letzten Tag" in ready("town", "close", "1")
    assert "30 bis 365" in ready("town", "close", "1", "--now", "--days", "5")
    assert "01.01.2030, 00:00 Uhr" in ready("town", "close", "1", "--on", "2029-12-31")
    out = tmp_path / "town.zip"
    assert "Personen: 2" in ready("town", "export", "1", "--out", str(out))
    names = zipfile.ZipFile(out).namelist()
    assert sum(name.endswith("daten.json") for name in names) == 2
    assert "ist wieder geöffnet" in ready("town", "reopen", "1")
    ready("town", "close", "1", "--now")
    with sessions.begin() as session:
        session.execute(update(Municipality).values(erases_at=datetime.now(UTC) - timedelta(days=1)))
    assert "werden gelöscht" in ready("town", "reopen", "1")
    assert "geschlossene Kommunen 1" in ready("privacy", "nightly")
    assert subjects(sessions) == []
    assert "ist wieder geöffnet" in ready("town", "reopen", "1")


def test_the_log_is_verified_and_the_first_broken_entry_named(ready, sessions):
    for months in ("6", "7", "8"):
        ready("privacy", "retention", "--registration", "1", "--months", months)
    told = ready("audit", "verify")
    assert told.startswith("Unverändert: ")
    digest = told.partition("Prüfwert: ")[2][:64]
    assert "Unverändert" in ready("audit", "verify", "--contains", digest)
    assert "Vom Ende" in ready("audit", "verify", "--contains", "f" * 64)
    with sessions.begin() as session:
        session.execute(text("DROP TRIGGER audit_entry_update"))
        last = session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
        session.execute(text("UPDATE audit_entry SET detail = '{}' WHERE id = :id"), {"id": last - 1})
    assert f"nicht mehr stimmt, ist Nummer {last - 1}." in ready("audit", "verify")
