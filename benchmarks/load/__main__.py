"""Everything about load, one after the other: `python -m benchmarks.load [--minutes 30] [--rounds 9]`.

Launches side by side, grades through the outbox, the start, then mixed load. Ends with 1 if a grade was lost, doubled
or wrong, a bad launch was let in, or an answer was not as it must be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.databases import running_postgres

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", default="30", help="of mixed load")
    parser.add_argument("--rounds", default="9", help="of launches side by side")
    parser.add_argument("--launches", default="200", help="of each round")
    parser.add_argument("--python", default=sys.executable, help="of a plain installation, for start and memory")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning", flush=True)
    failed = _run("load/side_by_side.py", "--rounds", options.rounds, "--launches", options.launches)
    with running_postgres(durable=True) as server:
        failed += _run("grades.py", "--grades", "2000", "--database-url", server.create(migrated=True))
    failed += _run("load/start.py", "--python", options.python)
    failed += _run("load/mixed.py", "--minutes", options.minutes)
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    sys.exit(bool(failed))


def _run(script: str, *options: str) -> int:
    print(f"== {script}", flush=True)
    return subprocess.run([sys.executable, HERE.parent / script, *options], check=False).returncode


if __name__ == "__main__":
    main()
