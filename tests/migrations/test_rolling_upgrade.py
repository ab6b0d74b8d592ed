"""While a new version is rolled out, the old one goes on with the new tables: every migration only adds.

A migration that takes something away waits until no version that uses it runs any more, and says so in its first
lines: `Contract: …` (decision 0036).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from lti_tool.db import revision
from lti_tool.db.upgrade import upgrade

VERSIONS = Path(revision.__file__).with_name("migrations") / "versions"
SINCE = "0013"  # older ones were made before anybody ran the tool
NUMBERS = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py") if path.name[:4] >= SINCE)


def _tables(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        look = inspect(connection)
        found = {
            name: (
                {column["name"]: column for column in look.get_columns(name)},
                {tuple(unique["column_names"]) for unique in look.get_unique_constraints(name)}
                | {tuple(index["column_names"]) for index in look.get_indexes(name) if index["unique"]},
            )
            for name in look.get_table_names()
        }
    engine.dispose()
    return found


def _offences(before, after):
    """What breaks code that knows only the tables before."""
    for table, (columns, uniques) in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        now, unique_now = after[table]
        for name, column in columns.items():
            if name not in now:
                yield f"{table}.{name} is gone"
            elif str(now[name]["type"]) != str(column["type"]):
                yield f"{table}.{name} has another type"
            elif column["nullable"] and not now[name]["nullable"]:
                yield f"{table}.{name} must be filled from now on"
        for name in now.keys() - columns.keys():
            if not now[name]["nullable"] and now[name]["default"] is None:
                yield f"{table}.{name} is new, must be filled, and has no default"
        yield from (f"{table} has a new unique rule {columns}" for columns in unique_now - uniques)


def _may_take_away(number):
    (path,) = VERSIONS.glob(f"{number}_*.py")
    return re.search(r"^Contract: .{20}", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_every_migration_only_adds(tmp_path):
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    upgrade(url, NUMBERS[0])
    before, found = _tables(url), []
    for number in NUMBERS[1:]:
        upgrade(url, number)
        after = _tables(url)
        if not _may_take_away(number):
            found += [f"{number}: {offence}" for offence in _offences(before, after)]
        before = after
    assert found == []


@pytest.mark.parametrize(
    ("change", "offence"),
    [
        ("DROP TABLE a", "a is gone"),
        ("ALTER TABLE a DROP COLUMN y", "a.y is gone"),
        ("ALTER TABLE a RENAME COLUMN y TO z", "a.y is gone"),
        ("ALTER TABLE a ADD COLUMN z INTEGER NOT NULL DEFAULT 0", None),
        ("ALTER TABLE a ADD COLUMN z INTEGER", None),
        ("CREATE TABLE b (x INTEGER NOT NULL)", None),
    ],
)
def test_the_rule_tells_adding_from_taking_away(tmp_path, change, offence):
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a (x INTEGER PRIMARY KEY, y INTEGER)")
        before = _tables(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    engine.dispose()
    assert list(_offences(before, _tables(url))) == ([offence] if offence else [])


def test_what_must_be_filled_without_a_default_is_an_offence():
    whole = {"x": {"type": "INTEGER", "nullable": True, "default": None}}
    needed = {"type": "INTEGER", "nullable": False, "default": None}
    assert list(_offences({"a": (whole, set())}, {"a": (whole | {"y": needed}, set())}))
    assert list(_offences({"a": (whole, set())}, {"a": ({"x": needed}, set())}))
    assert list(_offences({"a": (whole, set())}, {"a": (whole, {("x",)})}))
