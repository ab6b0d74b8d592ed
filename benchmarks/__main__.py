"""Run all benchmarks on SQLite and on a PostgreSQL server of their own: `python -m benchmarks`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.databases import running_postgres

FOLDER = Path(__file__).parent


def main() -> None:
    with running_postgres(durable=True) as server:
        scripts = (
            ("launch.py", ["--granian"]),
            *(
                (f"{name}.py", [])
                for name in ("floor", "grades", "answers", "tracker", "dates", "proofs", "course", "ideas", "contents")
            ),
        )
        for script, options in scripts:
            print(f"== {script}", flush=True)
            database = ["--database-url", server.create(migrated=True)]
            subprocess.run([sys.executable, FOLDER / script, *options, *database, *sys.argv[1:]], check=True)
    print("== packages.py", flush=True)
    subprocess.run([sys.executable, FOLDER / "packages.py"], check=True)


if __name__ == "__main__":
    main()
