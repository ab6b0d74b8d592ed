"""What tool and worker write while people learn, teach, are refused and get grades: ids and codes, never a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_tool.sandbox.people import SEEDED
from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Learner, answers_of
from tests.faults.deployment import LOG, Deployment, deployed, wait_until

MODULE = "datenrecht"
QUIZ = plain_catalogue().modules[MODULE].quiz


NAMES = {name for person in SEEDED for name in (person.given_name, person.family_name) if name} | {"Übungsperson"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def deployment(database_url: str, tmp_path: Path, log: Path) -> Iterator[Deployment]:
    with deployed(database_url, tmp_path, SMARTCITY_LOG_LEVEL="debug", **{LOG: str(log)}) as running:
        yield running


def test_no_record_names_a_person_and_each_names_its_request_and_its_platform(deployment, log):
    people = ["lea", *deployment.control("/practice/people?count=1", {})["people"]]
    seen: list[str] = list(people)
    for number, person in enumerate(people):
        learner = Learner(person, deployment.lms_url)
        learner.launch("rl-datenrecht")
        seen.append(learner.jar[_own(learner, "launch")].partition(".")[2])
        learner.begin_quiz(MODULE)
        learner.answer(answers_of(number + 1, QUIZ))
        assert learner.submit().status == 200
        assert learner.post(f"{learner.attempt_url}/submit", {"csrf": "wrong"}).status == 403
    teacher = Learner("ines", deployment.lms_url)
    teacher.launch("rl-datenrecht")
    forged = "eyJhbGciOiJSUzI1NiJ9.eyJuYW1lIjoiRXJpa2EifQ.c2lnbmF0dXJl"
    stranger = Learner("lea", deployment.lms_url)
    assert stranger.post(f"{deployment.tool_url}/lti/launch", {"state": "x", "id_token": forged}).status == 401
    with deployment.worker():
        wait_until(lambda: len(deployment.scores()) >= 2, "the grades")
        deployment.control("/practice/faults", {"score_status": 403})
        again = Learner(people[1], deployment.lms_url)
        again.launch("rl-datenrecht")
        again.begin_quiz(MODULE)
        again.answer(answers_of(len(QUIZ.questions), QUIZ))
        assert again.submit().status == 200
        wait_until(lambda: "score.not_delivered" in log.read_text("utf-8"), "the refused grade")

    text = log.read_text("utf-8")
    tokens = re.findall(r"eyJ[\w-]{5,}\.\S*", text)
    assert tokens == []
    for personal in (*seen, *NAMES, "uebung.example", "Erika"):
        assert not re.search(rf"\b{re.escape(personal)}\b", text, re.IGNORECASE), personal

    records = [json.loads(line) for line in text.splitlines()]
    ours = [record for record in records if record.get("logger", "").startswith("lti_tool.web")]
    assert {record["code"] for record in ours} == {"csrf", "launch.unknown_state"}
    assert all(record["request_id"] for record in ours)
    known = [record for record in ours if not record["code"].startswith("launch.")]
    delivered = [record for record in records if record["event"].startswith("score.")]
    assert {record["event"] for record in delivered} == {"score.delivered", "score.not_delivered"}
    assert all(record["registration_id"] for record in [*known, *delivered])


def _own(learner: Learner, name: str) -> tuple[str, str, str]:
    return next(key for key in learner.jar if key[2] == name)
