"""People of the country in front of the running tool: new ones who launch, known ones who read, instructors."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from benchmarks.scale.country import COURSE, Town
from benchmarks.scale.meters import Cost, DatabaseMeter, ToolMeter
from benchmarks.scale.prototype import CONTAINER, column_of
from benchmarks.scale.rows import issuer_of
from tests.factories.id_token import MEMBERSHIP
from tests.factories.launches import SCORE_SCOPE
from tests.functional.conftest import BASE_URL, Platform, RunningTool

SAMPLE = 60
"""Towns in a walk, by their learners: large ones come up more than once."""


class Walk:
    """Visits of one database. With no towns, all is new: that is the empty tool."""

    def __init__(self, tool: RunningTool, towns: list[Town], database: DatabaseMeter, seed: int) -> None:
        self._tool = tool
        self._random = random.Random(seed)
        self._towns = self._random.choices(towns, [town.learners for town in towns], k=SAMPLE) if towns else []
        self._modules = [
            module for module in tool.app.extensions["smartcity"].catalogue.modules.values() if module.quiz
        ]
        self._database = database
        self.meter = ToolMeter(tool.app)

    def meet(self) -> Cost:
        """Each town's first launch: the process fetches and parses its platform's keys, once an hour."""
        return self._mean([self.launching(town) for town in dict.fromkeys(self._towns or [None])])

    def launches(self, count: int) -> Cost:
        """Launches of people who are new to the tool, in courses it knows: login, launch, landing page."""
        return self._mean([self.launching(self._town()) for _ in range(count)])

    def returns(self, count: int) -> Cost:
        """The same by people who have learned here for years."""
        return self._mean([self.launching(self._town(), known=True) for _ in range(count)])

    def pages(self, count: int, path: str, **launch: object) -> Cost:
        """A page, opened by so many people after their launch."""
        module, ready = self._modules[0], []
        page = path.format(module=module.id, page=module.pages[1].slug)
        for _ in range(count):
            client, tool, claims = self._client_for(self._town(), known="roles" not in launch, **launch)
            landing = urlsplit(tool.launch(client, **claims).location).path
            ready.append((client, landing + page))
        return self._mean([lambda client=client, path=path: _open(client, path) for client, path in ready])

    def _mean(self, asks: list[Callable[[], None]]) -> Cost:
        """The first one warms up and does not count, if there are others."""
        if len(asks) > 1:
            asks.pop(0)()
        before, backend = self.meter.nanoseconds, self._database.nanoseconds
        for ask in asks:
            ask()
        after, times = self._database.nanoseconds, len(asks) * 1e6
        return Cost((self.meter.nanoseconds - before) / times, (after - backend) / times)

    def launching(self, town: Town | None, *, known: bool = False) -> Callable[[], None]:
        """Return a whole launch, to be done later."""
        client, tool, claims = self._client_for(town, known=known)

        def launch() -> None:
            answer = tool.launch(client, **claims)
            assert answer.status_code == 303, answer.text
            _open(client, urlsplit(answer.location).path)

        return launch

    def _town(self) -> Town | None:
        return self._random.choice(self._towns) if self._towns else None

    def _client_for(self, town: Town | None, *, known: bool = False, **changed: object):
        """Return a browser, the tool as that town's platform meets it, and the claims of a launch."""
        learner = self._random.randrange(town.learners) if town else 0
        course, module = learner // COURSE, self._modules[0]
        claims = {
            "sub": str(learner) if known else f"new-{self._random.getrandbits(60)}",
            "roles": [MEMBERSHIP + "Learner"],
            "name": f"Lea Lernfeld {learner}",
            "context": {"id": str(course), "label": "SC1", "title": "Lehrgang Smart City", "type": ["CourseSection"]},
            "resource_link": {"id": f"{course}-0", "title": module.title, "description": ""},
            "custom": {"module": module.id},
            "endpoint": {"scope": [SCORE_SCOPE], "lineitems": CONTAINER, "lineitem": column_of(module.id)},
            **changed,
        }
        if "custom" in changed:
            claims["resource_link"] = {"id": f"{course}-tracker", "title": "Nachweise", "description": ""}
            del claims["endpoint"]
        return self._tool.browser(), self._as(town), claims

    def _as(self, town: Town | None) -> RunningTool:
        own = self._tool.platform
        if town is None:
            return self._tool
        platform = Platform(town.number, issuer_of(town.number), own.client_id, own.key, own.clock)
        self._tool.internet.serve_json(platform.jwks_url, own.key.jwks())
        return replace(self._tool, platform=platform)


def _open(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url=BASE_URL)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:2000]}"
