"""The tool behind PgBouncer in transaction mode, with fewer connections to PostgreSQL than it has threads.

    python -m benchmarks.scale.pooler --data FOLDER --database country_0_001

Needs Debian's `pgbouncer`. Tells what fails with the database's plain address, and with `prepare_threshold`.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import choices

from benchmarks.scale.country import towns
from benchmarks.scale.measuring import ENVIRONMENT
from benchmarks.scale.meters import DatabaseMeter
from benchmarks.scale.server import SERVING, KeptServer, kept_server
from benchmarks.scale.walk import Walk
from lti_tool.observability import configure_logging
from tests.databases import _unprivileged_user
from tests.functional.conftest import running_tool

PORT, CONNECTIONS, THREADS = 6432, 4, 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database", default="country_0_001")
    parser.add_argument("--share", type=float, default=0.001)
    parser.add_argument("--launches", type=int, default=200)
    options = parser.parse_args()
    configure_logging("critical", "text")
    with kept_server(options.data, SERVING) as server, _pooler(server):
        for words in ("", "&prepare_threshold=none"):
            url = f"postgresql+psycopg://postgres@/{options.database}?host={server.folder}&port={PORT}{words}"
            print(words or "plain address", dict(_launches(server, url, options)), flush=True)
        with server.connect(options.database) as watch:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            print("connections to PostgreSQL:", *watch.execute(query, (options.database,)).fetchone())


def _launches(server: KeptServer, url: str, options: argparse.Namespace) -> Counter[str]:
    """Let so many people launch from many threads at once; count how it ended."""
    with server.connect(options.database) as watch, running_tool(url, **ENVIRONMENT) as tool:
        walk = Walk(tool, towns(options.share), DatabaseMeter(watch, options.database), 2)
        asks = [walk.launching(town) for town in choices(towns(options.share), k=options.launches)]

        def run(ask) -> str:
            try:
                ask()
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is counted
                return type(error).__name__
            return "ok"

        with ThreadPoolExecutor(THREADS) as pool:
            return Counter(pool.map(run, asks))


@contextmanager
def _pooler(server: KeptServer) -> Iterator[None]:
    folder = server.folder
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={folder} user=postgres\n[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\n"
        f"unix_socket_dir = {folder}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = {CONNECTIONS}\n"
        f"max_client_conn = 500\nlogfile = {folder}/pgbouncer.log\n"
    )
    settings.chmod(0o644)
    process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", settings], user=_unprivileged_user(), cwd="/")
    time.sleep(1)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
