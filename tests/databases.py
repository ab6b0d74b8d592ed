"""Databases for tests: a PostgreSQL server of our own, and migrated databases made quickly."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from lti_tool.db.upgrade import upgrade

PROGRAMS = "TEST_POSTGRES"  # the folder with `initdb` of the PostgreSQL to be tested with
_TEMPLATE = "template_migrated"
# Nothing in these databases is to survive: no waiting for disks.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "32MB", "jit": "off"}


class PostgresMissingError(Exception):
    """There is no PostgreSQL on this machine; the message says what to install."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server that answers on a Unix socket only."""

    socket_dir: Path
    control: tuple[str | Path, ...]
    options: str
    user: str | None

    def start(self) -> None:
        _run(*self.control, "-o", self.options, "start", user=self.user)

    def stop(self) -> None:
        """End at once, as a power cut would."""
        _run(*self.control, "-m", "immediate", "stop", user=self.user)

    def restart(self) -> None:
        self.stop()
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_dir}"

    def create(self, *, migrated: bool) -> str:
        """Return the URL of a fresh database."""
        name = f"test_{uuid4().hex}"
        template = _TEMPLATE if migrated else "template0"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def standby(self) -> Iterator[PostgresServer]:
        """Start a server that streams what this one writes; stop it and delete it at the end."""
        with tempfile.TemporaryDirectory(prefix="scl-standby-", ignore_cleanup_errors=True) as folder:
            home = Path(folder)
            if self.user:
                os.chown(home, pwd.getpwnam(self.user).pw_uid, pwd.getpwnam(self.user).pw_gid)
            data, binaries = home / "data", Path(self.control[0]).parent
            copying = ("-D", data, "-h", self.socket_dir, "-U", "postgres", "-R", "-c", "fast", "--no-sync")
            _run(binaries / "pg_basebackup", *copying, user=self.user)
            control = (binaries / "pg_ctl", "-D", data, "-w", "-l", home / "log")
            options = self.options.replace(f"-k {self.socket_dir}", f"-k {home}")
            server = PostgresServer(home, control, options, self.user)
            server.start()
            try:
                yield server
            finally:
                with suppress(RuntimeError):  # a test may have stopped it
                    server.stop()

    def make_template(self) -> None:
        self._execute(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self.url(_TEMPLATE))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self.socket_dir} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server in a folder of its own under the temp directory; stop it and delete everything at the end.

    `durable` keeps PostgreSQL's own settings, for measuring what production would pay.
    """
    with tempfile.TemporaryDirectory(prefix="scl-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        user = _unprivileged_user()
        binaries = _binaries(home if user else None)
        if user:
            os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        data = home / "data"
        _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        options = " ".join(f"-c {name}={value}" for name, value in ({} if durable else _FAST).items())
        control = (binaries / "pg_ctl", "-D", data, "-w", "-l", home / "log")
        server = PostgresServer(home, control, f"-c listen_addresses='' -k {home} {options}", user)
        server.start()
        try:
            server.make_template()
            yield server
        finally:
            server.stop()


def _binaries(copy_to: Path | None) -> Path:
    """Return the folder with `initdb`: the one that is named, else Debian's newest, else that of the wheel `pgserver`.

    Args:
        copy_to: where another user may read programs that can lie in a private home folder.
    """
    named = os.environ.get(PROGRAMS)
    if named:
        return _readable(Path(named).resolve(), copy_to)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        raise PostgresMissingError(
            "Install PostgreSQL (Debian: postgresql) or the dependency group: pip install --group postgres"
        )
    package = Path(wheel.origin).parent
    if copy_to is None:
        return package / "pginstall" / "bin"
    copy_to.chmod(0o755)
    for folder in (package, package.with_name("pgserver.libs")):
        shutil.copytree(folder, copy_to / folder.name)
    return copy_to / package.name / "pginstall" / "bin"


def _readable(programs: Path, copy_to: Path | None) -> Path:
    """Return the folder itself, or a copy of it and what lies beside it (`lib`, `share`), unless it belongs to Debian."""
    if copy_to is None or programs.is_relative_to("/usr"):
        return programs
    copy_to.chmod(0o755)
    shutil.copytree(programs.parent, copy_to / "programs", symlinks=True)
    return copy_to / "programs" / programs.name


def _unprivileged_user() -> str | None:
    """Return whom to run the server as when we are root, as it refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(*command: str | Path, user: str | None) -> None:
    group = pwd.getpwnam(user).pw_gid if user else None
    done = subprocess.run(
        [str(word) for word in command],
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")
