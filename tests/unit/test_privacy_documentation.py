"""The tables that data protection officers and staff councils read come from the code and are never stale."""

from __future__ import annotations

import pytest

from scripts.privacy_tables import TABLES, shown


@pytest.mark.parametrize("file", TABLES)
def test_the_table_is_the_one_the_code_gives(file):
    _, table = TABLES[file]
    assert shown(file) == table(), "run: python scripts/privacy_tables.py"
