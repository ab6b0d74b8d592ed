"""A country in PostgreSQL, and what the tool costs in it: `python -m benchmarks.scale --share 1`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.scale import measuring
from benchmarks.scale.country import Town, towns
from benchmarks.scale.filling import fill
from benchmarks.scale.server import LOADING, SERVING, KeptServer, kept_server
from lti_tool.observability import configure_logging

ROOT = Path(__file__).resolve().parents[2]


SHARES = (0.001, 0.01, 0.1, 1.0)
MOST = 1.2
"""A launch in the full country may cost so many times what it costs in an empty database."""


def main() -> None:
    options = _options()
    configure_logging("error", "text")
    shares = [*(share for share in SHARES if share < options.share), options.share]
    countries = {name_of(share): (share, 0) for share in shares}
    if options.partitions:
        whole = name_of(options.share)
        countries = {whole: (options.share, 0), f"{whole}_split": (options.share, options.partitions)}
    with kept_server(options.data, LOADING) as server:
        for name, (share, partitions) in countries.items():
            if name not in server.databases():
                fill(server, name, share, options.answers_every, partitions)
    if not options.only_fill:
        with kept_server(options.data, SERVING) as server:
            sys.exit(_measure(server, {name: towns(share) for name, (share, _) in countries.items()}, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of 10,800 towns, 1.6 million learners (1)")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "scale", help="where the databases stay")
    parser.add_argument("--answers-every", type=int, default=20, help="keep single answers of one learner in so many")
    parser.add_argument("--partitions", type=int, default=0, help="compare with the largest tables split into so many")
    parser.add_argument("--only-fill", action="store_true", help="measure nothing")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--count", type=int, default=100, help="launches in each round and database")
    parser.add_argument("--scores", type=int, default=1000, help="through the outbox, 0 for none")
    parser.add_argument(
        "--night", action=argparse.BooleanOptionalAction, default=True, help="the worker's jobs as well"
    )
    return parser.parse_args()


def _measure(server: KeptServer, countries: dict[str, list[Town]], options: argparse.Namespace) -> int:
    """Print the tables; return 1 if anything is not as it should be."""
    with measuring.sides(server, countries) as sides:
        measuring.walk(sides, options.rounds, options.count)
        _print(sides)
        for side in sides[1:] if options.night else []:
            measuring.night(side)
        complaints = [f"{side.name}: {fault}" for side in sides[1:] for fault in measuring.judge(side)]
        _print(sides)
        deliveries = [measuring.outbox(side, options.scores) for side in sides if options.scores]
    print(f"load of the machine {os.getloadavg()}", *deliveries, sep="\n")
    full, empty = (measuring.median(side.costs["launch, new person"]).total for side in (sides[-1], sides[0]))
    if full > MOST * empty:
        complaints.append(f"a launch costs {full / empty:.2f} times what it costs in an empty database")
    print(*(complaints or ["every hot statement finds its rows by an index"]), sep="\n")
    return 1 if complaints else 0


def _print(sides: list[measuring.Side]) -> None:
    names = dict.fromkeys(what for side in sides for what in side.costs)
    print("| CPU ms: tool + PostgreSQL |", " | ".join(side.name for side in sides), "|")
    print("|---|", "---|" * len(sides), sep="")
    for what in names:
        cells = [measuring.median(side.costs[what]) if what in side.costs else None for side in sides]
        print(
            f"| {what} |", " | ".join(f"{cost.tool:.2f} + {cost.database:.2f}" if cost else "-" for cost in cells), "|"
        )
    print(*(f"{side.name}: {len(side.heard.statements)} statements heard" for side in sides), sep=", ")


def name_of(share: float) -> str:
    return f"country_{share:g}".replace(".", "_").replace("-", "_")


if __name__ == "__main__":
    main()
