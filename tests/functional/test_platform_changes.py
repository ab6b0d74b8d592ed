"""What one process changes at a platform, every other one knows within five seconds, and reads nothing else again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import Deployment, Municipality
from lti_tool.domain.errors import Code
from lti_tool.services import registrations
from lti_tool.services.audit import Who
from lti_tool.services.platform_addresses import ChangeAddresses
from lti_tool.services.platform_switches import PlatformSwitches
from lti_tool.services.registrations import NewPlatform, RegistrationDirectory, SavePlatform
from tests.databases import PostgresServer
from tests.functional.conftest import Internet, RunningTool, SettableClock, register_platform
from tests.functional.rows import assert_refused

ISSUER, OTHER = "https://lms.example", "https://other.example"
NEW_KEYS = f"{ISSUER}/new/keys"
COPIED = "municipality_id, name, auth_login_url, auth_token_url, jwks_url, private_hosts, active, created_at"
IMPORT = f"""
WITH RECURSIVE town(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM town WHERE number < 1000)
INSERT INTO registration (issuer, client_id, {COPIED})
SELECT issuer, CAST(number AS text), {COPIED} FROM registration, town WHERE id = :like
"""


class Processes:
    """One that keeps platforms in memory, and another one that changes them."""

    def __init__(self, url: str) -> None:
        self.clock, self.seconds = SettableClock(), 0.0
        self.one, self.other = make_engine(url), make_engine(url)
        self.elsewhere: sessionmaker[Session] = make_sessions(self.other)
        self.id, self.other_id = (
            register_platform(url, self.clock, Internet(), issuer=issuer).registration_id for issuer in (ISSUER, OTHER)
        )
        self.directory = RegistrationDirectory(make_sessions(self.one), lambda: self.seconds)
        self.heard: list[str] = []
        event.listen(self.one, "before_cursor_execute", lambda *about: self.heard.append(about[2]))

    def change(self, what: Callable[[Processes, Session], Any]) -> None:
        with self.elsewhere.begin() as session:
            what(self, session)

    def pause(self, session: Session) -> None:
        PlatformSwitches(session, self.clock, Who.COMMAND_LINE).pause(self.id)

    def move_other(self, session: Session) -> None:
        ChangeAddresses(session).change(self.other_id, {"jwks_url": NEW_KEYS})

    def is_active(self, number: int | None = None) -> bool:
        found = self.directory.by_id(number or self.id)
        assert found is not None
        return found.active

    def sent(self, question: Callable[[], Any]) -> list[str]:
        """Return the tables that a question reads."""
        self.heard.clear()
        question()
        return [
            "changes" if "platform_change" in statement else "platform"
            for statement in self.heard
            if statement.startswith("SELECT")
        ]


@pytest.fixture
def processes(database_url: str) -> Iterator[Processes]:
    made = Processes(database_url)
    yield made
    made.one.dispose()
    made.other.dispose()


CHANGES: dict[str, Callable[[Processes, Session], Any]] = {
    "paused": Processes.pause,
    "paused by hand": lambda _, session: session.execute(text("UPDATE registration SET active = false")),
    "other addresses": lambda of, session: ChangeAddresses(session).change(of.id, {"jwks_url": NEW_KEYS}),
    "town closed": lambda of, session: session.execute(update(Municipality).values(closes_at=of.clock())),
    "deployment switched off": lambda _, session: session.execute(update(Deployment).values(active=False)),
    "deployment gone": lambda _, session: session.execute(text("DELETE FROM deployment")),
    "added anew": lambda of, session: SavePlatform(session, of.clock).save(platform("tool-client", ["1", "2"])),
    "second client": lambda of, session: SavePlatform(session, of.clock).save(platform("second-client", ["1"])),
}


def platform(client_id: str, deployments: list[str]) -> NewPlatform:
    addresses = dict.fromkeys(("auth_login_url", "auth_token_url", "jwks_url"), NEW_KEYS)
    return NewPlatform(
        municipality="Stadt Siegen",
        name="Moodle",
        issuer=ISSUER,
        client_id=client_id,
        deployment_ids=deployments,
        **addresses,
    )


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_known_within_five_seconds(
    processes: Processes, change: Callable[[Processes, Session], Any]
) -> None:
    before = processes.directory.by_issuer(ISSUER)
    processes.seconds = 3.0
    processes.change(change)
    processes.seconds = 5.0
    assert processes.directory.by_issuer(ISSUER) is before
    processes.seconds = 5.1
    assert processes.directory.by_issuer(ISSUER) != before


def test_what_stays_as_it_was_is_not_read_again(processes: Processes) -> None:
    def ask() -> None:
        for issuer, number in ((ISSUER, processes.id), (OTHER, processes.other_id)):
            processes.directory.by_issuer(issuer)
            processes.directory.by_id(number)

    assert processes.sent(ask) == ["changes", "platform", "platform"]
    assert processes.sent(ask) == []
    for changed, expected in ((False, ["changes"]), (True, ["changes", "platform"]), (False, ["changes"])):
        if changed:
            processes.change(Processes.pause)
        processes.seconds += 3600
        assert processes.sent(ask) == expected


def test_what_was_read_while_it_changed_is_not_kept(processes: Processes) -> None:
    processes.is_active(processes.other_id)

    def interfere(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM registration" in statement and processes.seconds == 0.0:
            processes.seconds = 6.0
            processes.change(Processes.pause)
            processes.is_active(processes.other_id)  # another thread of this process finds the change

    event.listen(processes.one, "after_cursor_execute", interfere)
    processes.is_active()
    assert not processes.is_active()


def test_another_database_in_its_place_is_read_from_the_start(processes: Processes) -> None:
    for _ in range(3):
        processes.change(Processes.pause)
    assert not processes.is_active()
    processes.change(lambda _, session: session.execute(text("UPDATE registration SET active = true")))
    processes.change(lambda _, session: session.execute(text("UPDATE platform_change SET number = 1")))
    processes.seconds = 6.0
    assert processes.is_active()


def test_an_import_of_a_thousand_platforms_is_not_read_one_by_one(processes: Processes) -> None:
    assert processes.is_active()
    processes.change(lambda of, session: session.execute(text(IMPORT), {"like": of.id}))
    processes.change(Processes.pause)
    processes.seconds = 6.0
    assert not processes.is_active()
    processes.seconds = 12.0
    assert processes.sent(processes.is_active) == ["changes"]


def test_a_change_that_ends_later_than_a_younger_one_is_not_missed(postgres_server: PostgresServer) -> None:
    """PostgreSQL writes at several places at once: what begins first may be seen last."""
    url = postgres_server.create(migrated=True)
    processes = Processes(url)
    assert processes.is_active()
    with processes.elsewhere.begin() as session:
        processes.pause(session)
        processes.change(Processes.move_other)
        processes.seconds = 6.0
        assert processes.is_active()
    processes.seconds = 12.0
    assert not processes.is_active()
    processes.one.dispose()
    processes.other.dispose()
    postgres_server.drop(url)


def test_a_platform_paused_by_another_process_lets_nobody_in(
    tool: RunningTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registrations, "FRESH_SECONDS", -1.0)  # five seconds pass before each question
    assert tool.launch().status_code == 303
    engine = make_engine(tool.settings.database_url)
    asked = tool.login()
    with make_sessions(engine).begin() as session:
        PlatformSwitches(session, tool.clock, Who.COMMAND_LINE).pause(tool.platform.registration_id)
    engine.dispose()
    token = tool.platform.sign(tool.platform.claims(asked["nonce"]))
    response = tool.post_launch({"state": asked["state"], "id_token": token})
    assert_refused(response, Code.LOGIN_REGISTRATION_INACTIVE)
