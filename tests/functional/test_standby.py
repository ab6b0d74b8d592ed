"""Pages that may be some seconds old are read on a streaming standby, and nobody ever notices."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import event, update

from lti_tool import metrics
from lti_tool.cli.doctor.finding import Verdict
from lti_tool.cli.doctor.standby import examine_standby
from lti_tool.db.models import LaunchSession
from lti_tool.db.standby import MOST_READERS, OLDEST_SECONDS, Standby
from lti_tool.restraint.circuits import MemoryCircuits
from lti_tool.web.own_writes import COOKIE
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform, running_tool
from tests.functional.test_class_page import OTHER_COURSE, sessions

TOKEN = "a token only for tests, long enough"


@pytest.fixture(scope="module")
def standby_server(postgres_server):
    with postgres_server.standby() as server:
        yield server


@pytest.fixture
def house(postgres_server, standby_server, clock):
    """A tool with a standby that has everything."""
    url = postgres_server.create(migrated=True)
    replica = standby_server.url(url.partition("?")[0].rpartition("/")[2])
    with running_tool(url, SMARTCITY_DATABASE_REPLICA_URL=replica, SMARTCITY_METRICS_TOKEN=TOKEN) as tool:
        shared = tool.app.extensions["smartcity"]
        standby = Standby(replica, shared.sessions, MemoryCircuits(clock), clock)
        object.__setattr__(shared, "standby", standby)
        catch_up(tool)
        yield tool
        for used in (standby, standby_of(tool)):
            used.engine.dispose()
    postgres_server.drop(url)


class Hands:
    """A clock that only tests move."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def ines(house):
    client = house.browser()
    visit = Visit(client, house.launch_as(client, role="Instructor", sub="77", name="Ines Instruktor"))
    forget_mark(visit)
    catch_up(house)
    return visit


def standby_of(tool):
    return tool.app.extensions["smartcity"].standby


def catch_up(tool):
    """Wait until the standby has what the primary has."""
    with door_to(sessions(tool).kw["bind"], "postgres") as primary:
        [written] = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
    with door_to(standby_of(tool).engine, "postgres") as standby:
        deadline = time.monotonic() + 60
        while not standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [written]).fetchone()[0]:
            assert time.monotonic() < deadline, written


def door_to(engine, database):
    return psycopg.connect(host=engine.url.query["host"], user="postgres", dbname=database, autocommit=True)


def forget_mark(visit):
    """Let the half minute go by in which a browser says what it stored."""
    visit.client.delete_cookie(COOKIE, domain=BASE_URL.partition("//")[2], path=visit.landing.rstrip("/"))


def counted(outcome):
    found = re.search(rf'standby_reads_total{{outcome="{outcome}"}} (\S+)', metrics.exposed().decode())
    return float(found[1]) if found else 0.0


@contextmanager
def told(outcome, times=1):
    before = counted(outcome)
    yield
    assert counted(outcome) - before == times, outcome


@contextmanager
def paused(tool):
    """Let a standby receive and not replay, as one that is busy or far away."""
    with door_to(standby_of(tool).engine, "postgres") as door:
        door.execute("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            door.execute("SELECT pg_wal_replay_resume()")


def doctor_says(tool, **changed):
    [finding] = examine_standby(replace(tool.settings, **changed), sessions(tool))
    return finding.verdict


def class_page(visit):
    answer = visit.client.get(f"{visit.landing}class/", base_url=BASE_URL)
    assert answer.status_code == 200
    return answer.text


def come(tool, **person):
    tool.launch_as(tool.browser(), **person)


@contextmanager
def statements(engine):
    """What is sent to a database within."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_class_page_is_read_on_the_standby_and_the_session_on_the_primary(house, ines):
    come(house, sub="5", name="Lea Lernfeld")
    catch_up(house)
    primary = house.app.extensions["smartcity"].sessions.kw["bind"]
    with told("read"), statements(primary) as asked, statements(standby_of(house).engine) as read:
        assert "Lea Lernfeld" in class_page(ines)
    assert [sent for sent in asked if "launch_session" in sent]
    assert not [sent for sent in asked if "membership" in sent and "launch_session" not in sent]
    assert [sent for sent in read if "membership" in sent]
    assert not [sent for sent in read if "launch_session" in sent]


def test_a_standby_that_lags_is_read_no_longer_than_it_may(house, ines, clock):
    with told("read"):
        class_page(ines)
    with paused(house):
        come(house, sub="5", name="Lea Lernfeld")
        clock.now += OLDEST_SECONDS - 1
        with told("read"):
            assert "Lea Lernfeld" not in class_page(ines)
        clock.now += 2
        with told("behind"):
            assert "Lea Lernfeld" in class_page(ines)
        house_page = house.client.get("/metrics", base_url=BASE_URL, headers={"Authorization": f"Bearer {TOKEN}"}).text
        assert float(re.search(r"^smartcity_standby_behind_bytes (\S+)$", house_page, re.MULTILINE)[1]) > 0
        assert "smartcity_standby_up 1.0" in house_page
    catch_up(house)
    with told("read"):
        assert "Lea Lernfeld" in class_page(ines)


def test_what_a_browser_has_just_stored_is_seen_by_it(house, ines):
    with told("read"):
        class_page(ines)
    with paused(house):
        client = house.browser()
        with told("own_write"):
            new = Visit(client, house.launch_as(client, role="Instructor", sub="77", context=OTHER_COURSE))
        assert "Anderer Kurs" in new.text
        ines.client.post(f"{ines.landing}new-tab", data={"csrf": ines.csrf}, base_url=BASE_URL)
        with told("own_write"):
            class_page(ines)
    catch_up(house)
    with told("read", times=2):
        class_page(ines)
        class_page(new)


def test_a_session_that_ended_is_refused_at_once(house, ines):
    with paused(house):
        with sessions(house).begin() as session:
            session.execute(update(LaunchSession).values(expires_at=house.clock()))
        assert ines.go("class/").status_code == 401


def test_a_standby_that_died_costs_one_try_and_is_found_again(house, ines, clock, standby_server):
    with told("read"):
        class_page(ines)
    standby_server.stop()
    try:
        with told("away", times=3), statements(standby_of(house).engine) as tried:
            for _ in range(3):
                assert "0 Personen" in class_page(ines)
        assert len(tried) == 1
        ready = house.client.get("/readyz", base_url=BASE_URL)
        assert (ready.status_code, ready.json["standby"]) == (200, "away")
        assert doctor_says(house) is Verdict.BAD
    finally:
        standby_server.start()
    clock.now += 60
    catch_up(house)
    assert house.client.get("/readyz", base_url=BASE_URL).json["standby"] == "ok"
    assert doctor_says(house) is Verdict.GOOD
    with told("read"):
        class_page(ines)


@pytest.mark.parametrize(
    ("happens", "then"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", "away"),
        ("DO $$ BEGIN RAISE EXCEPTION 'in the way of the replay' USING ERRCODE = '40001'; END $$", "read"),
    ],
)
def test_a_query_that_fails_on_the_standby_is_asked_of_the_primary(house, ines, happens, then):
    engine, open_ended = standby_of(house).engine, [happens]

    def fail(_connection, _cursor, statement, parameters, *_):
        return (open_ended.pop(), {}) if open_ended and "membership" in statement else (statement, parameters)

    event.listen(engine, "before_cursor_execute", fail, retval=True)
    with told("failed"):
        assert "0 Personen" in class_page(ines)
    with told(then):
        class_page(ines)


def test_towns_stay_apart_there_as_well(house, ines):
    come(house, sub="5", name="Lea Lernfeld")
    other = register_platform(
        house.settings.database_url, house.clock, house.internet, issuer="https://other.example", client_id="other"
    )
    first, house.platform = house.platform, other
    client = house.browser()
    stranger = Visit(client, house.launch_as(client, role="Instructor", sub="77", name="Olaf Anderswo"))
    house.platform = first
    catch_up(house)
    with told("read", times=2):
        assert "Lea Lernfeld" not in class_page(stranger)
        assert "Lea Lernfeld" in class_page(ines)
    assert client.get(f"{ines.landing}class/", base_url=BASE_URL).status_code == 403


def test_a_server_that_is_no_standby_of_this_one_is_not_read(house, ines):
    primary, shared = house.settings.database_url, house.app.extensions["smartcity"]
    wrong = Standby(primary, shared.sessions, MemoryCircuits())
    object.__setattr__(shared, "standby", wrong)
    with told("away"):
        class_page(ines)
    assert doctor_says(house, database_replica_url=primary) is Verdict.BAD


def test_a_standby_that_hangs_holds_up_only_a_few(house, ines):
    hanging = [standby_of(house).lend(0) for _ in range(MOST_READERS)]
    with told("busy"):
        class_page(ines)
    for session in hanging:
        standby_of(house).take_back(session)
    with told("read"):
        class_page(ines)
