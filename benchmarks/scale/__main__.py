"""A country in PostgreSQL, and what the tool costs in it: `python -m benchmarks.scale --share 1`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.scale.filling import fill
from benchmarks.scale.server import LOADING, kept_server

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of 10,800 towns, 1.6 million learners (1)")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "scale", help="where the databases stay")
    parser.add_argument("--answers-every", type=int, default=20, help="keep single answers of one learner in so many")
    parser.add_argument("--only-fill", action="store_true")
    options = parser.parse_args()
    shares = [share for share in (0.0001, 0.001, 0.01, 0.1, 1.0) if share < options.share] + [options.share]
    with kept_server(options.data, LOADING) as server:
        for share in shares if not options.only_fill else [options.share]:
            if name_of(share) not in server.databases():
                fill(server, name_of(share), share, options.answers_every, lambda _address: None)


def name_of(share: float) -> str:
    return f"country_{share:g}".replace(".", "_").replace("-", "_")


if __name__ == "__main__":
    main()
