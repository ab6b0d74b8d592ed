"""Fills a database with a country: rows by COPY in two streams, then keys and indexes, then what the planner knows."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing import get_context

from benchmarks.scale import prototype, structure
from benchmarks.scale.country import towns
from benchmarks.scale.rows import Country
from benchmarks.scale.server import KeptServer
from lti_tool.db.upgrade import upgrade

LINES = 500


def fill(server: KeptServer, name: str, share: float, answers_every: int, partitions: int = 0) -> None:
    """Make the database `name`. It bears another name until it is complete: what was interrupted begins anew.

    Args:
        server: with the settings for loading.
        name: of the database.
        share: of the country.
        answers_every: single answers are kept of one learner in so many; their sheets hold the marks of all.
        partitions: into which the largest tables are split by the hash of their tenant; 0 leaves them whole.
    """
    unfinished, began = f"{name}_unfinished", time.monotonic()
    server.drop(name)
    server.drop(unfinished)
    server.create(unfinished)
    upgrade(server.url(unfinished))
    address = server.address(unfinished)
    modules, rows = prototype.make(server.url(unfinished), address)
    with server.connect(unfinished) as connection:
        anew = structure.take_off(connection)
        if partitions:
            structure.split(connection, partitions)
    country = Country(towns(share), [module.id for module in modules], rows, answers_every)
    _load(server, unfinished, country)
    for statement in anew:
        with server.connect(unfinished) as connection:
            _say(f"{name}: {statement[:90]}")
            connection.execute("SET work_mem = '512MB'")
            connection.execute(statement)
    with server.connect(unfinished) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("SELECT setval('registration_id_seq', 1000000), setval('municipality_id_seq', 1000000)")
        connection.execute("CHECKPOINT")
    server.rename(unfinished, name)
    _say(f"{name}: filled in {time.monotonic() - began:.0f} s\n")


def _load(server: KeptServer, name: str, country: Country) -> None:
    """Attempts are more than half of all bytes: they have a process of their own."""
    attempts = get_context("fork").Process(target=_copy, args=(server, name, country, {"attempt": country.attempts}))
    attempts.start()
    try:
        _copy(server, name, country, country.tables)
    finally:
        attempts.join()
    if attempts.exitcode:
        raise RuntimeError("the attempts were not loaded")


def _copy(server: KeptServer, name: str, country: Country, tables: dict[str, Callable[[], Iterator[str]]]) -> None:
    """Each table in one transaction that begins by emptying it: PostgreSQL then writes no log of it."""
    for table, lines in tables.items():
        with server.connect(name) as connection, connection.transaction():
            connection.execute(f"TRUNCATE {table}")
            statement = f"COPY {table} ({country.columns(table)}) FROM STDIN{_frozen(connection, table)}"
            count, told, rows = 0, time.monotonic(), lines()
            with connection.cursor().copy(statement) as copy:
                while batch := list(islice(rows, LINES)):
                    copy.write("".join(batch).encode())
                    count += len(batch)
                    if time.monotonic() - told > 10:
                        told = time.monotonic()
                        _say(f"{name}: {table}: {count:,}")
        _say(f"{name}: {table}: {count:,}\n")


def _frozen(connection, table: str) -> str:
    (kind,) = connection.execute("SELECT relkind::text FROM pg_class WHERE oid = %s::regclass", (table,)).fetchone()
    return "" if kind == "p" else " WITH (FREEZE)"


def _say(words: str) -> None:
    print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
