"""Texts are marked while the platform is away and web and worker die; every mark arrives once, with its comment."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import psutil
import pytest

from tests.faults.crowd import Answer, Learner
from tests.faults.deployment import Deployment, answers, deployed, wait_until
from tests.faults.test_no_grade_is_lost import ACTIVITY, MODULE
from tests.functional.marked_content import with_essays

PEOPLE = 8


@pytest.fixture
def school(database_url: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(database_url, tmp_path, SMARTCITY_CONTENT_DIR=str(with_essays(tmp_path))) as running:
        yield running


@pytest.mark.both_databases
def test_every_mark_arrives_once_though_web_and_worker_are_killed(school: Deployment) -> None:
    ids = school.control(f"/practice/people?count={PEOPLE}", {})["people"]
    for person in ids:
        learner = Learner(person, school.lms_url)
        learner.launch(ACTIVITY)
        learner.begin_quiz(MODULE)
        learner.answer({"einsatz": (f"Text von {person}",)})
        assert learner.submit().status == 200
    school.control("/practice/faults", {"down": True})
    with school.worker() as worker:
        mark_all(school, kill_web_after=PEOPLE // 2)
        worker.send_signal(signal.SIGKILL)
    assert school.scores() == []
    school.control("/practice/faults", {})
    with school.worker():
        wait_until(lambda: len(school.scores()) >= PEOPLE, "the last mark", seconds=120)
    scores = school.scores()
    assert Counter(score["user"] for score in scores) == dict.fromkeys(ids, 1)
    assert {(score["message"]["given"], score["message"]["comment"]) for score in scores} == {(2.0, "Zweck benannt.")}


def mark_all(school: Deployment, *, kill_web_after: int) -> None:
    """An instructor marks one after the other; in between the web process dies without a word."""
    ines = Learner("ines", school.lms_url)
    school.control("/practice/faults", {})
    ines.launch(ACTIVITY)
    school.control("/practice/faults", {"down": True})
    links = re.findall(r'href="([^"]+/class/marking/[^"/]+/einsatz)"', ines.get(f"{ines.launch_url}class/marking").text)
    links = list(dict.fromkeys(links))
    assert len(links) == PEOPLE
    for number, link in enumerate(links):
        if number == kill_web_after:
            kill_web(school)
        page = persistently(ines, f"{school.tool_url}{link}")
        _, fields = page.form()
        marks = {"points-zweck": "2", "points-beispiel": "0", "comment": "Zweck benannt."}
        assert ines.post(f"{school.tool_url}{link}", {**fields, **marks}).status == 200


def kill_web(school: Deployment) -> None:
    """Kill the process that answers; its master starts another one."""
    port = int(school.tool_url.rpartition(":")[2])
    masters = [
        process
        for process in psutil.Process().children(recursive=True)
        if any(connection.laddr.port == port for connection in process.net_connections() if connection.laddr)
    ]
    victims = [child for master in masters for child in master.children()]
    assert victims
    for victim in victims:
        victim.send_signal(signal.SIGKILL)
    wait_until(lambda: answers(f"{school.tool_url}/readyz"), "another web process")


def persistently(ines: Learner, url: str) -> Answer:
    """Ask until somebody answers."""
    found: list[Answer] = []

    def asked() -> bool:
        try:
            found.append(ines.get(url))
        except (OSError, HTTPException):
            return False
        return found[-1].status == 200

    wait_until(asked, "an answer")
    return found[-1]
