"""Two hosts with a web server and a worker each on one PostgreSQL: whoever answers next goes on where the other was."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlsplit

import pytest

from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Learner, answers_of
from tests.faults.deployment import OURS, Code, Deployment, answers, deployed, wait_until
from tests.ports import free_port

PEOPLE = 3
MODULE = "datenrecht"
_MODULE = plain_catalogue().modules[MODULE]
QUIZ, PAGE = _MODULE.quiz, _MODULE.pages[0].slug


@dataclass
class Wanderer(Learner):
    """A learner whose every request a load balancer sends to the other host."""

    hosts: dict[str, Iterator[str]] = field(default_factory=dict)

    def host(self, netloc: str) -> str:
        return next(self.hosts[netloc]) if netloc in self.hosts else netloc

    def landing_at(self, site: str, host: str) -> str:
        """What the activity's first page says at one host."""
        self.hosts[site] = cycle([host])
        return self.get(self.launch_url).text


@contextmanager
def second_host(first: Deployment, code: Code = OURS) -> Iterator[str]:
    """Run another web server with the same settings, perhaps of another version."""
    bind = f"127.0.0.1:{free_port()}"
    process = code.serve({**first.environment, "SMARTCITY_BIND": bind})
    try:
        wait_until(lambda: answers(f"http://{bind}/readyz"), "the second host")
        yield bind
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def one_postgres(postgres_server) -> Iterator[str]:
    url = postgres_server.create(migrated=True)
    yield url
    postgres_server.drop(url)


def test_every_launch_quiz_and_grade_wanders_between_two_hosts_and_two_workers(one_postgres, tmp_path):
    with deployed(one_postgres, tmp_path) as first, second_host(first) as second:
        site = urlsplit(first.tool_url).netloc
        assert keys(site) == keys(second) != set()
        ids = first.control(f"/practice/people?count={PEOPLE}", {})["people"]
        with first.worker(), first.worker():
            for number, person in enumerate(ids):
                learner = Wanderer(person, first.lms_url, hosts={site: cycle([site, second])})
                learner.launch("rl-datenrecht")
                learner.get(f"{learner.launch_url}modules/{MODULE}/{PAGE}")
                learner.begin_quiz(MODULE)
                learner.answer(answers_of(number, QUIZ))
                assert learner.submit().status == 200
                shown = [learner.landing_at(site, host) for host in (site, second)]
                assert shown[0] == shown[1], "no host keeps what the other one has changed"
                assert "1 von 6 Seiten" in shown[0]
            wait_until(lambda: len(first.scores()) >= PEOPLE, "the last grade")
        assert Counter(score["user"] for score in first.scores()) == dict.fromkeys(ids, 1)


def keys(host: str) -> set[str]:
    with urllib.request.urlopen(f"http://{host}/lti/jwks", timeout=30) as answer:
        return {key["kid"] for key in json.load(answer)["keys"]}
