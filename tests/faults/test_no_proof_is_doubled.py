"""The web server dies while people have their proofs issued; whoever asks again has exactly one, and it is valid."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Event

import pytest
from sqlalchemy import select

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import IssuedProof
from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Answer, Learner
from tests.faults.deployment import Deployment
from tests.faults.test_no_grade_is_lost import ACTIVITY, MODULE

PEOPLE = 4


@pytest.mark.both_databases
def test_whoever_asks_again_after_the_server_died_has_exactly_one_proof(
    deployment: Deployment, database_url: str
) -> None:
    people = deployment.control(f"/practice/people?count={PEOPLE}", {})["people"]
    learners = [having_read(Learner(person, deployment.lms_url)) for person in people]
    first, restarted = Event(), Event()
    with ThreadPoolExecutor(PEOPLE) as pool:
        asked = [pool.submit(issue_until_cut_off, learner, first, restarted) for learner in learners]
        assert first.wait(60)
        deployment.kill_web()
        restarted.set()
    assert any(one.result() for one in asked), "the server died while nobody waited for it"
    addresses = []
    for learner in learners:
        answers = [issue(learner), issue(learner)]
        assert [answer.status for answer in answers] == [200, 200]
        addresses += {re.search(r"/v/[\w-]{22}", answer.text).group() for answer in answers}
    assert len(addresses) == PEOPLE, "asked twice, the same proof twice"
    assert issued(database_url) == dict.fromkeys(issued(database_url), 1)
    assert len(issued(database_url)) == PEOPLE
    for address in addresses:
        assert "Gültig" in learners[0].get(f"{deployment.tool_url}{address}").text


def having_read(learner: Learner) -> Learner:
    """Let somebody open all pages of the module, and the form for the proof."""
    learner.launch(ACTIVITY)
    for page in plain_catalogue().modules[MODULE].pages:
        learner.get(f"{learner.launch_url}modules/{MODULE}/{page.slug}")
    _, fields = learner.get(form_of(learner)).form()
    learner.csrf = fields["csrf"]
    return learner


def form_of(learner: Learner) -> str:
    return f"{learner.launch_url}proofs/participation/{MODULE}"


def issue(learner: Learner) -> Answer:
    return learner.post(form_of(learner), {"csrf": learner.csrf, "name": "Ada Lovelace"})


def issue_until_cut_off(learner: Learner, first: Event, restarted: Event) -> bool:
    """Press the button again and again; return whether the server died meanwhile."""
    while not restarted.is_set():
        try:
            issue(learner)
        except (OSError, HTTPException):
            return True
        first.set()
    return False


def issued(database_url: str) -> Counter[object]:
    engine = make_engine(database_url)
    with make_sessions(engine)() as session:
        found = Counter(session.scalars(select(IssuedProof.user_id)))
    engine.dispose()
    return found
