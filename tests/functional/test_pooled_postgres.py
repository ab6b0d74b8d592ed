"""PostgreSQL behind a pooler that lends a connection for one transaction."""

from __future__ import annotations

from sqlalchemy import text

from lti_tool.db.engine import make_engine
from tests.databases import PostgresServer


def test_nothing_stays_prepared_in_a_connection_that_the_next_transaction_does_not_get(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.create(migrated=False)
    assert _prepared(f"{url}&prepare_threshold=none") == 0
    assert _prepared(url) > 0
    postgres_server.drop(url)


def _prepared(url: str) -> int:
    """Send one statement often; return how many the server keeps prepared."""
    engine = make_engine(url)
    with engine.connect() as connection:
        for _ in range(20):
            connection.execute(text("SELECT 1"))
        kept = connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    engine.dispose()
    return kept
