"""PostgreSQL takes nothing more: its disk is full, or it may only be read. A sentence each, nothing half done, then on.

A trigger that fails as a full disk does stands in for one; `tests/faults/test_full_postgres.py` fills a real one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, make_url, select, text

from lti_tool.cli.doctor.databases import examine_database
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import BurntState, LaunchSession
from lti_tool.domain.errors import Code
from tests.databases import PostgresServer
from tests.functional.conftest import RunningTool, running_tool
from tests.functional.rows import assert_refused

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    made = postgres_server.create(migrated=True)
    yield made
    postgres_server.drop(made)


def tell(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def signed(tool: RunningTool) -> dict[str, str]:
    asked = tool.login()
    return {"state": asked["state"], "id_token": tool.platform.sign(tool.platform.claims(asked["nonce"]))}


def stored(tool: RunningTool) -> list[int]:
    with tool.app.extensions["smartcity"].sessions() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (LaunchSession, BurntState)]


def told_by_doctor(url: str) -> str:
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        session.connection(execution_options={"read_only": True})
        found = {finding.check: finding.found for finding in examine_database(session)}
    engine.dispose()
    return found["database.writable"]


def test_a_full_disk_of_the_server_is_told_as_such_and_the_same_launch_works_with_room(url: str) -> None:
    with running_tool(url) as tool:
        form = signed(tool)
        tell(url, FULL, "CREATE TRIGGER full_disk BEFORE INSERT ON launch_session EXECUTE FUNCTION full_disk()")
        refused = tool.post_launch(form)
        assert_refused(refused, Code.STORAGE_FULL)
        assert "kann gerade nichts speichern" in refused.text
        assert int(refused.headers["Retry-After"]) > 0
        assert stored(tool) == [0, 0]
        tell(url, "DROP TRIGGER full_disk ON launch_session")
        assert tool.post_launch(form).status_code == 303
        assert stored(tool) == [1, 1]


def test_a_server_that_may_only_be_read_is_away_for_a_while_and_the_doctor_says_why(url: str) -> None:
    name = make_url(url).database
    assert told_by_doctor(url) == "In die Datenbank lässt sich schreiben."
    with running_tool(url) as tool:
        form = signed(tool)
        tell(url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        assert told_by_doctor(url) == "Die Datenbank lässt sich nur lesen."
        tool.app.extensions["smartcity"].sessions.kw["bind"].dispose()
        refused = tool.post_launch(form)
        assert_refused(refused, Code.TEMPORARILY_UNAVAILABLE)
        assert int(refused.headers["Retry-After"]) > 0
        tell(url, "SET transaction_read_only = off", f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        answers = [
            tool.post_launch(form).status_code for _ in range(2)
        ]  # the refusal's page may have connected as well
        assert 303 in answers, "a connection is given up once it refuses"
        assert stored(tool) == [1, 1]
