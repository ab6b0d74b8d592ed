"""A real older version runs while the tables become ours, then both serve the same people, then the older one again.

`make test-upgrade OLD=REVISION` fetches that version from the history and installs it. People's every request goes to
the host of the other version; a worker of each sends grades.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.db.upgrade import check_drift, upgrade
from tests.factories.plain_content import PLAIN_QUIZ, content_with
from tests.faults.crowd import Learner, answers_of
from tests.faults.deployment import OURS, Code, Deployment, answers, deployed, wait_until
from tests.faults.test_no_proof_is_doubled import form_of, issue
from tests.faults.test_two_hosts import Wanderer, second_host

MODULE = "datenrecht"
MIGRATIONS_ONLY_ADD = Path("docs/decisions/0036-migrations-only-add.md")
"""Versions from before this decision leave the load balancer at a newer migration, but must serve on."""


@pytest.fixture
def old(pytestconfig: pytest.Config) -> Code:
    folder = pytestconfig.getoption("old_code").resolve()
    return Code(folder, f"{folder}/.venv/bin/python")


@pytest.fixture
def house(postgres_server, tmp_path, old) -> Iterator[Deployment]:
    """The older version with its own tables and content."""
    url = postgres_server.create(migrated=False)
    content = content_with(PLAIN_QUIZ, old.folder / "lti_tool" / "content")
    with deployed(url, tmp_path, old, SMARTCITY_CONTENT_DIR=str(content)) as running:
        yield running
    postgres_server.drop(url)


class Walk:
    """What somebody does from the launch to the confirmation, of which the first part can be done before the rest."""

    def __init__(self, house: Deployment, learner: Learner) -> None:
        self.learner = learner
        self.module = load_catalogue(Path(house.environment["SMARTCITY_CONTENT_DIR"])).modules[MODULE]
        self.sheet = answers_of(len(self.module.quiz.questions), self.module.quiz)

    def begin(self) -> None:
        self.learner.launch("rl-datenrecht")
        self.learner.begin_quiz(MODULE)
        self.learner.answer(dict(list(self.sheet.items())[:2]))

    def finish(self) -> str:
        """Hand in, read everything, take the confirmation; return its address."""
        self.learner.answer(dict(list(self.sheet.items())[2:]))
        assert "16 von 16 Punkten" in self.learner.submit().text
        for page in self.module.pages:
            assert self.learner.get(f"{self.learner.launch_url}modules/{MODULE}/{page.slug}").status == 200
        _, fields = self.learner.get(form_of(self.learner)).form()
        self.learner.csrf = fields["csrf"]
        issued = issue(self.learner)
        assert issued.status == 200, issued.text[:500]
        return re.search(r"/v/[\w-]{22}", issued.text).group()


def test_an_older_version_and_ours_share_people_grades_and_confirmations(house):
    url, site = house.environment["SMARTCITY_DATABASE_URL"], urlsplit(house.tool_url).netloc
    ids = house.control("/practice/people?count=5", {})["people"]
    addresses = []
    with house.worker():
        early = Walk(house, Learner(ids[0], house.lms_url))
        early.begin()
        upgrade(url)
        check_drift(url)
        if (house.code.folder / MIGRATIONS_ONLY_ADD).exists():
            assert answers(f"{house.tool_url}/readyz"), "the older version stays in the load balancer"
        addresses.append(early.finish())
        with second_host(house, OURS) as ours:
            worker = OURS.start(["-m", "lti_tool.cli", "worker"], house.environment)
            try:
                for number, person in enumerate(ids[1:4]):
                    hosts = [site, ours] if number % 2 else [ours, site]
                    walk = Walk(house, Wanderer(person, house.lms_url, hosts={site: cycle(hosts)}))
                    walk.begin()
                    addresses.append(walk.finish())
                shown = [Wanderer(ids[4], house.lms_url, hosts={site: cycle([host])}) for host in (site, ours)]
                for address in addresses:
                    assert ["Gültig" in one.get(house.tool_url + address).text for one in shown] == [True, True]
            finally:
                worker.terminate()
                worker.wait(30)
        back = Walk(house, Learner(ids[4], house.lms_url))
        back.begin()
        back.finish()
        wait_until(lambda: len(house.scores()) >= len(ids), "the last grade")
    assert Counter(score["user"] for score in house.scores()) == dict.fromkeys(ids, 1)
    assert {score["message"]["given"] for score in house.scores()} == {16.0}
