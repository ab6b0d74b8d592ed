"""How long PostgreSQL works for a request: not longer than a person waits."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import text

from lti_tool.db.engine import make_engine
from tests.databases import PostgresServer
from tests.functional.conftest import running_tool


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    made = postgres_server.create(migrated=True)
    yield made
    postgres_server.drop(made)


def test_statements_locks_and_idle_transactions_of_requests_end(url: str) -> None:
    with running_tool(url) as tool, tool.app.extensions["smartcity"].sessions() as session:
        limits = {
            name: session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    assert limits == {
        "statement_timeout": "15s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "30s",
    }


def test_what_does_not_end_in_time_is_as_if_the_database_were_away_and_leaves_nothing_half_done(url: str) -> None:
    hurried = f"{url}&options={quote('-c lock_timeout=100ms')}"
    with running_tool(hurried) as tool:
        asked = tool.login()
        form = {"state": asked["state"], "id_token": tool.platform.sign(tool.platform.claims(asked["nonce"]))}
        engine = make_engine(url)
        with engine.begin() as somebody:
            somebody.execute(text("LOCK TABLE launch_session IN SHARE MODE"))
            refused = tool.post_launch(form)
            people = somebody.scalar(text("SELECT count(*) FROM lti_user"))
        engine.dispose()
        assert (refused.status_code, refused.headers["Retry-After"], people) == (503, "10", 0)
        assert tool.post_launch(form).status_code == 303
