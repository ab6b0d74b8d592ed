"""The audit log can only grow, and shows by itself when somebody changed it all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import AuditEntry
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.audit_chain import AuditChain


@pytest.fixture
def sessions(database_url):
    engine = make_engine(database_url)
    yield make_sessions(engine)
    engine.dispose()


def now():
    return datetime.now(UTC)


def record(sessions, count=3):
    for number in range(count):
        with sessions.begin() as session:
            AuditLog(session, now, Who.OPERATOR).record(Action.KEY_ROTATED, f"key {number}", number=number)


def check(sessions):
    with sessions() as session:
        return AuditChain(session).check()


def triggers_away(session):
    """Do what only somebody with all rights on the database can."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in ("audit_entry_update", "audit_entry_delete", "audit_link_update", "audit_link_delete"):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("audit_entry", "audit_link"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


TAMPERING = [
    *(f"UPDATE audit_entry SET {column} = 'x' WHERE id = 2" for column in ("subject", "actor", "action")),
    "UPDATE audit_entry SET detail = '{}' WHERE id = 2",
    "UPDATE audit_entry SET at = '2026-01-01 00:00:00' WHERE id = 2",
    "UPDATE audit_link SET digest = 'x' WHERE number = 2",
]


def test_the_first_entry_that_somebody_changed_is_named(sessions):
    record(sessions)
    assert (check(sessions).length, check(sessions).broken) == (3, None)
    for statement in TAMPERING:
        with sessions() as session:
            triggers_away(session)
            session.execute(text(statement))
            found = AuditChain(session).check()
            session.rollback()
        assert (found.length, found.broken) == (1, 2), statement
    assert check(sessions).broken is None


def test_an_entry_taken_out_with_its_link_is_named_by_the_next_one(sessions):
    record(sessions)
    with sessions.begin() as session:
        triggers_away(session)
        session.execute(text("DELETE FROM audit_link WHERE number = 2"))
        session.execute(text("DELETE FROM audit_entry WHERE id = 2"))
    assert (check(sessions).length, check(sessions).broken) == (1, 3)


def test_an_end_cut_off_shows_to_whoever_noted_the_digest(sessions):
    record(sessions)
    head = check(sessions).head
    with sessions() as session:
        assert AuditChain(session).holds(head)
        triggers_away(session)
        session.execute(text("DELETE FROM audit_link WHERE number = 3"))
        session.execute(text("DELETE FROM audit_entry WHERE id = 3"))
        assert AuditChain(session).check().broken is None, "the chain itself cannot tell"
        assert not AuditChain(session).holds(head)


def test_the_database_itself_refuses_to_change_or_delete(sessions, database):
    record(sessions, 1)
    statements = ["UPDATE {} SET {}", "DELETE FROM {}"] + ["TRUNCATE {} CASCADE"] * (database == "postgresql")
    for table, value in (("audit_entry", "subject = 'x'"), ("audit_link", "digest = 'x'")):
        for statement in statements:
            with pytest.raises(DBAPIError, match="append-only"), sessions.begin() as session:
                session.execute(text(statement.format(table, value)))
    assert check(sessions).length == 1


def test_entries_of_an_older_version_are_taken_in_by_the_next_one(sessions):
    record(sessions, 1)
    with sessions.begin() as session:
        session.add(AuditEntry(at=now(), actor="operator", action="key.rotated", subject="old", detail={}))
    assert check(sessions).loose == 1
    record(sessions, 1)
    assert (check(sessions).length, check(sessions).loose) == (3, 0)


def test_entries_written_at_once_stand_in_one_chain(sessions):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: record(sessions, 3), range(4)))
    assert (check(sessions).length, check(sessions).broken) == (12, None)
