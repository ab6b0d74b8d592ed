"""A PostgreSQL server whose data stay where they are, so that a country need not be made anew for each measurement."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.databases import PostgresServer, _binaries, _run, _unprivileged_user

_ALWAYS = {"shared_buffers": "2GB", "jit": "off", "timezone": "UTC", "max_wal_size": "8GB"}
LOADING = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "maintenance_work_mem": "1GB",
}
"""Nothing is written twice while a database is filled; a crash then means to begin anew."""
SERVING: dict[str, str] = {}
"""PostgreSQL's own settings: every commit waits for the disk."""


@dataclass(frozen=True)
class KeptServer:
    """The server and where it answers."""

    server: PostgresServer
    folder: Path

    def url(self, database: str) -> str:
        return self.server.url(database)

    def address(self, database: str) -> str:
        return f"host={self.folder} user=postgres dbname={database}"

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.address(database), autocommit=True)

    def databases(self) -> set[str]:
        with self.connect("postgres") as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def drop(self, name: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, old: str, new: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def create(self, name: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')

    @property
    def process(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def kept_server(folder: Path, settings: dict[str, str]) -> Iterator[KeptServer]:
    """Start the server with its data in this folder, making it at the first time; stop it cleanly at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    user = _unprivileged_user()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    binaries, data = _binaries(None), folder / "data"
    if not (data / "PG_VERSION").exists():
        _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
    control = (binaries / "pg_ctl", "-D", data, "-w", "-t", "600", "-l", folder / "log")
    options = " ".join(f"-c {name}={value}" for name, value in {**_ALWAYS, **settings}.items())
    server = PostgresServer(folder, control, f"-c listen_addresses='' -k {folder} {options}", user)
    subprocess.run([*map(str, control), "-m", "fast", "stop"], user=user, capture_output=True, check=False)
    server.start()
    try:
        yield KeptServer(server, folder)
    finally:
        _run(*control, "-m", "fast", "stop", user=user)
