"""CPU of searching 50,000 ideas: in this process, and on PostgreSQL also in the server's, by common and rare words.

Usage: python benchmarks/ideas.py [--database-url URL] [--ideas N]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert, select, text

from lti_tool.db.models import Context, Idea, PublishedIdea
from lti_tool.db.models.idea import make_searchable
from lti_tool.db.upgrade import upgrade
from lti_tool.domain.idea_cards import Cost, Theme
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.ids import new_id
from lti_tool.services.idea_search import IdeaSearch, Wanted
from tests.functional.conftest import RunningTool, running_tool

COMMON = ["Bürger", "Verkehr", "Schule", "Rathaus", "Sensor", "Daten", "Wasser", "Energie", "Antrag", "Straße", "Baum"]
RARE = [f"{begin}{end}" for begin in COMMON for end in ("beteiligung", "amt", "netz", "karte", "projekt", "plan")]
RARE += [f"fachwort{number}" for number in range(5000)]
ROUNDS = 20
SEARCHES = {
    "the newest": Wanted(),
    "a common word": Wanted(words="Schule"),
    "three words": Wanted(words="Schule Wasser Baum"),
    "a rare word": Wanted(words="fachwort77"),
    "no such word": Wanted(words="gibtsnicht"),
    "best first": Wanted(words="Schule", by_relevance=True),
    "word and filters": Wanted(words="Schule", theme=Theme.WATER, cost=Cost.BELOW_1000),
    "only the own course": Wanted(words="Schule", reach=Reach.COURSE),
}


@dataclass(frozen=True)
class Reader:
    registration_id: int
    context_id: UUID


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database_url or f"sqlite:///{folder}/ideas.sqlite3"
        upgrade(url)
        with running_tool(url) as tool:
            tool.launch_as(custom={"content": "ideas"})
            _fill(tool, arguments.ideas)
            _measure(tool, url.partition(":")[0])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url")
    parser.add_argument("--ideas", type=int, default=50_000)
    return parser.parse_args()


def _fill(tool: RunningTool, ideas: int) -> None:
    chance = random.Random(7)
    extension, rows, cards = tool.app.extensions["smartcity"], [], []
    with extension.sessions.begin() as session:
        here = {"registration_id": tool.platform.registration_id, "context_id": session.scalar(select(Context.id))}
        for number in range(ideas):
            key = {**here, "id": new_id(), "number": 1}
            at = tool.clock() - timedelta(minutes=7 * number)
            card = PublishedIdea(
                **key, released_at=at, reach=chance.choice(["all", "all", "all", "town", "course"]), town="Olpe",
                title=_text(chance, 5), problem=_text(chance, 40), solution=_text(chance, 60), effect=_text(chance, 20),
                law="", needs="", links=[], themes=[chance.choice(list(Theme))], competences=[], effort="weeks",
                cost=chance.choice(list(Cost)), signed="town", author_line="",
            )  # fmt: skip
            make_searchable(card)
            rows.append({**key, "created_at": at, "changed_at": at})
            cards.append({column.key: getattr(card, column.key) for column in PublishedIdea.__table__.c})
        session.execute(insert(Idea), rows)
        session.execute(insert(PublishedIdea), cards)
    with extension.sessions.begin() as session:
        session.execute(text("ANALYZE"))


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(COMMON if chance.random() < 0.02 else RARE) for _ in range(words))


def _measure(tool: RunningTool, database: str) -> None:
    with tool.app.extensions["smartcity"].sessions() as session:
        reader = Reader(tool.platform.registration_id, session.scalars(select(Context.id)).one())
        server = session.scalar(text("SELECT pg_backend_pid()")) if database != "sqlite" else None
        search = IdeaSearch(session, reader)
        for name, wanted in SEARCHES.items():
            found = search.find(wanted)
            before = time.process_time() + _seconds_of(server)
            for _ in range(ROUNDS):
                session.expunge_all()
                search.find(wanted)
            each = (time.process_time() + _seconds_of(server) - before) / ROUNDS * 1000
            print(f"{database}: {name}: {each:.1f} ms CPU, {found.count} found", flush=True)


def _seconds_of(pid: int | None) -> float:
    if pid is None:
        return 0.0
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return int(nanoseconds) / 1e9


if __name__ == "__main__":
    main()
