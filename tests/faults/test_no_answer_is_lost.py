"""The web server is killed between saving, handing in and reading the result; what was acknowledged is there."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from lti_tool.curriculum.loader import load_catalogue
from tests.factories.answers import right_answer
from tests.factories.plain_content import TYPED_QUIZ, content_with
from tests.faults.crowd import Learner
from tests.faults.deployment import Deployment, deployed, wait_until

MODULE = "datenrecht"
CONTENT = content_with(TYPED_QUIZ)
QUIZ = load_catalogue(CONTENT).modules[MODULE].quiz
NUMBER = "meldefrist"


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(database_url, tmp_path, SMARTCITY_CONTENT_DIR=str(CONTENT)) as running:
        yield running


@pytest.fixture
def learner(deployment: Deployment) -> Learner:
    person = deployment.control("/practice/people?count=1", {})["people"][0]
    someone = Learner(person, deployment.lms_url)
    someone.launch("rl-datenrecht")
    someone.begin_quiz(MODULE)
    return someone


@pytest.mark.both_databases
def test_a_killed_web_server_loses_no_acknowledged_answer(deployment: Deployment, learner: Learner) -> None:
    acknowledged: list[int] = []
    enough = Event()

    def type_on() -> None:
        try:
            for value in range(1, 100_000):
                learner.answer({NUMBER: (str(value),)})
                acknowledged.append(value)
                if value == 20:
                    enough.set()
        except (OSError, http.client.HTTPException):
            pass  # the line is dead; what was not acknowledged may or may not be there

    typing = Thread(target=type_on)
    typing.start()
    assert enough.wait(60)
    deployment.kill_web()
    typing.join(60)
    assert _shown(learner) in {acknowledged[-1], acknowledged[-1] + 1}


@pytest.mark.both_databases
def test_a_quiz_is_handed_in_once_though_the_web_server_dies_in_between(
    deployment: Deployment, learner: Learner
) -> None:
    assert QUIZ is not None
    answers = {question.id: tuple(right_answer(question)) for question in QUIZ.questions}
    first, second = list(answers)[:5], list(answers)[5:]
    learner.answer({name: answers[name] for name in first})
    deployment.kill_web()
    learner.answer({name: answers[name] for name in second})
    deployment.kill_web()
    result = learner.submit()
    assert f"{QUIZ.maximum} von {QUIZ.maximum}" in result.text
    deployment.kill_web()
    assert f"{QUIZ.maximum} von {QUIZ.maximum}" in learner.submit().text
    with deployment.worker():
        wait_until(deployment.scores, "the grade")
    assert [score["message"]["given"] for score in deployment.scores()] == [QUIZ.maximum]


def _shown(learner: Learner) -> int:
    assert QUIZ is not None
    for number in range(1, QUIZ.length + 1):
        page = learner.get(f"{learner.attempt_url}/questions/{number}").text
        if f'data-attempt="{learner.attempt_url.rpartition("/")[2]}" data-question="{NUMBER}"' in page:
            found = re.search(r'name="answer" value="(\d+)"', page)
            assert found is not None
            return int(found.group(1))
    raise AssertionError("the number is not asked")
