"""PostgreSQL's own programs: pg_dump, pg_restore, psql.

They must be as new as the server, and are told no password on their command line, where others could read it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import make_url

from lti_tool.cli.german import CommandFailed

_DEBIAN = Path("/usr/lib/postgresql")
_TIMEOUT_SINCE = 17
_TIMEOUT = b"SET transaction_timeout = 0;"
"""What pg_restore writes from 17 on, and older servers do not know."""
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class PostgresqlTools:
    """Programs of one version, for one database."""

    folder: Path
    url: str
    server: int

    @classmethod
    def for_server(cls, database_url: str, major: int) -> Self:
        """Find programs that are new enough.

        Raises:
            CommandFailed: there are none.
        """
        folders = _folders()
        if not folders:
            raise CommandFailed(
                f"pg_dump fehlt auf diesem Rechner. Installieren Sie postgresql-client-{major} oder neuer."
            )
        folder = next((folder for version, folder in folders if version >= major), None)
        if folder is None:
            newest = max(version for version, _ in folders)
            raise CommandFailed(
                f"pg_dump {newest} ist älter als der Server (PostgreSQL {major}). Installieren Sie "
                f"postgresql-client-{major}."
            )
        return cls(folder, database_url, major)

    def dump(self, target: Path, snapshot: str) -> None:
        """Write one snapshot of the database in pg_dump's own compressed format."""
        self._run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"
        )

    def restore(self, dump: Path, before: str) -> None:
        """Run statements and then the whole dump in a single transaction: all of it, or nothing."""
        script, plain = dump.with_suffix(".before.sql"), dump.with_suffix(".sql")
        try:
            script.write_text(before, encoding="utf-8")
            self._run("pg_restore", "--no-owner", "--no-privileges", f"--file={plain}", str(dump), connects=False)
            if self.server < _TIMEOUT_SINCE:
                _take_out_timeout(plain)
            files = (f"--file={script}", f"--file={plain}")
            self._run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *files)
        finally:
            script.unlink(missing_ok=True)
            plain.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str, connects: bool = True) -> None:
        url = make_url(self.url).difference_update_query(["prepare_threshold"])  # means nothing to these programs
        address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        command = [str(self.folder / program), *arguments, *([f"--dbname={address}"] if connects else [])]
        environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
        done = subprocess.run(  # noqa: S603 -- PostgreSQL's programs, no shell
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandFailed(f"{program} ist gescheitert: {_last_words(done.stderr)}")


def _take_out_timeout(script: Path) -> None:
    """Make a comment of it where it stands; the file may be large."""
    with script.open("r+b") as file:
        position = file.read(_HEAD).find(_TIMEOUT)
        if position >= 0:
            file.seek(position)
            file.write(b"--")


def _folders() -> Sequence[tuple[int, Path]]:
    """Return (version, folder) of every installation, the oldest first."""
    on_path = shutil.which("pg_dump")
    places = {Path(on_path).parent} if on_path else set()
    places |= {path.parent for path in _DEBIAN.glob("*/bin/pg_dump")}
    found = [(version, place) for place in places if (version := _version(place)) is not None]
    return sorted(found)


def _version(folder: Path) -> int | None:
    told = subprocess.run(  # noqa: S603 -- PostgreSQL's program, no shell
        [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\) (\d+)", told)
    return int(match[1]) if match else None


def _last_words(text: str) -> str:
    lines = text.strip().splitlines()
    return " ".join(lines[-3:]) if lines else "ohne Meldung"
