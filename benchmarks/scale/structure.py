"""Takes keys, indexes and triggers off the tables while they are filled, and puts them back as they were."""

from __future__ import annotations

import psycopg

LARGEST = ("attempt", "response", "page_visit", "module_progress", "score_delivery")
"""Tables that are split by tenant where partitioning is tried."""
WATCHED = ("registration", "deployment", "municipality")
"""Tables whose triggers number their changes."""

_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'u', 'p') AND conparentid = 0
AND conrelid <> 'alembic_version'::regclass ORDER BY contype = 'f' DESC, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'p'))
"""


def take_off(connection: psycopg.Connection) -> list[str]:
    """Drop keys and indexes, still the triggers; return what makes them anew: foreign keys last, and checked."""
    constraints = connection.execute(_CONSTRAINTS).fetchall()
    indexes = connection.execute(_INDEXES).fetchall()
    for table, name, _, _ in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table in WATCHED:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    made: dict[bool, list[str]] = {True: [], False: []}
    for table, name, text, kind in constraints:
        made[kind == "f"].append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
    watching = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in WATCHED]
    return [*made[False], *(text for _, text in indexes), *made[True], *watching]


def split(connection: psycopg.Connection, partitions: int) -> None:
    """Put partitioned tables in the place of the largest ones, which are empty and bare; nothing else changes."""
    for table in LARGEST:
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
        connection.execute(
            f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL) PARTITION BY HASH (registration_id)"
        )
        for number in range(partitions):
            values = f"MODULUS {partitions}, REMAINDER {number}"
            connection.execute(f"CREATE TABLE {table}_{number} PARTITION OF {table} FOR VALUES WITH ({values})")
        connection.execute(f"DROP TABLE {table}_whole")
