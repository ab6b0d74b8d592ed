"""Installs ltijs from npm into an ignored folder, once, and starts it on PostgreSQL. Nothing of it is kept here."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import Tool
from platform_double import Platform
from processes import ROOT, free_port, started

from tests.databases import PostgresServer

PACKAGES = ("ltijs@5.9.9", "ltijs-sequelize@2.4.4")
FOLDER = ROOT / "var" / "bench" / "ltijs"
SCRIPT = Path(__file__).with_name("ltijs_tool.js")


def installed() -> bool:
    """Whether ltijs can be run; installs it if there is npm."""
    if not shutil.which("npm"):
        return False
    if not (FOLDER / "node_modules" / "ltijs-sequelize").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text("{}", encoding="utf-8")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--save-exact", *PACKAGES], cwd=FOLDER, check=True)
    return True


@contextmanager
def ltijs_tool(platform: Platform, postgres: PostgresServer, name: str) -> Iterator[Tool]:
    """Run it as one process, as the other tools."""
    port, ready = free_port(), free_port()
    database = postgres.create(migrated=False).partition("?")[0].rpartition("/")[2]
    environment = {
        "BENCH_PLATFORM": platform.url,
        "BENCH_CLIENT_ID": platform.client_id,
        "BENCH_DATABASE": database,
        "BENCH_SOCKET": str(postgres.socket_dir),
        "BENCH_PORT": str(port),
        "BENCH_READY_PORT": str(ready),
        "NODE_PATH": str(FOLDER / "node_modules"),
        "NODE_ENV": "production",
    }
    with started(["node", str(SCRIPT)], environment, f"http://127.0.0.1:{ready}/") as pid:
        yield Tool(name, f"http://127.0.0.1:{port}", pid, pages=True, redirect=302)
