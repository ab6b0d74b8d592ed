"""Ready or not: a database that is behind is not, one that is ahead is, as in a rolling upgrade."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.functional.conftest import BASE_URL


@pytest.mark.parametrize(("stands_at", "status"), [("0001", 503), ("9999", 200)])
def test_a_version_is_ready_for_tables_of_its_own_and_of_later_ones(tool, stands_at, status):
    assert tool.client.get("/readyz", base_url=BASE_URL).status_code == 200
    with tool.app.extensions["smartcity"].sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": stands_at})
    answer = tool.client.get("/readyz", base_url=BASE_URL)
    assert answer.status_code == status
    assert answer.json["checks"]["migrations"] is (status == 200)
