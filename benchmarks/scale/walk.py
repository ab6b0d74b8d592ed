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


class Walk:
    """Visits of one database. With no towns, all is new: that is the empty tool."""

    def __init__(self, tool: RunningTool, towns: list[Town], database: DatabaseMeter, seed: int) -> None:
        self._tool, self._towns = tool, towns
        self._random = random.Random(seed)
        self._weights = [town.learners for town in towns]
        self._modules = [
            module for module in tool.app.extensions["smartcity"].catalogue.modules.values() if module.quiz
        ]
        self._database = database
        self.meter = ToolMeter(tool.app)

    def town(self) -> Town | None:
        """A learner's town: large ones come up as often as their people do."""
        return self._random.choices(self._towns, self._weights)[0] if self._towns else None

    def launches(self, count: int) -> Cost:
        """Launches of people who are new to the tool, in courses it knows: login, launch, landing page."""
        return self._mean([self._launching(self._client_for(self.town())) for _ in range(count)])

    def returns(self, count: int) -> Cost:
        """The same by people who have learned here for years."""
        return self._mean([self._launching(self._client_for(self.town(), known=True)) for _ in range(count)])

    def pages(self, count: int, path: str, **launch: object) -> Cost:
        """A page, opened by so many people after their launch."""
        module, ready = self._modules[0], []
        page = path.format(module=module.id, page=module.pages[1].slug)
        for _ in range(count):
            client, tool, claims = self._client_for(self.town(), known="roles" not in launch, **launch)
            landing = urlsplit(tool.launch(client, **claims).location).path
            ready.append((client, landing + page))
        return self._mean([lambda client=client, path=path: _open(client, path) for client, path in ready])

    def _mean(self, asks: list[Callable[[], None]]) -> Cost:
        """The first one warms up and does not count."""
        asks[0]()
        before, backend = self.meter.nanoseconds, self._database.nanoseconds
        for ask in asks[1:]:
            ask()
        after, times = self._database.nanoseconds, (len(asks) - 1) * 1e6
        return Cost((self.meter.nanoseconds - before) / times, (after - backend) / times)

    def _launching(self, who: tuple[FlaskClient, RunningTool, dict[str, object]]) -> Callable[[], None]:
        client, tool, claims = who

        def launch() -> None:
            answer = tool.launch(client, **claims)
            assert answer.status_code == 303, answer.text
            _open(client, urlsplit(answer.location).path)

        return launch

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
