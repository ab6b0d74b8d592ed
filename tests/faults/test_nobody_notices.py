"""New content, a stop, a worker that is told to go: whoever is in the middle of something goes on."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Self
from urllib.parse import urlsplit

import pytest

from lti_tool.curriculum.loader import load_catalogue
from tests.factories.answers import right_answer
from tests.factories.plain_content import PLAIN_QUIZ, content_with
from tests.faults.crowd import Learner
from tests.faults.deployment import Deployment, answers, deployed, wait_until
from tests.faults.rows import grades_on_their_way
from tests.ports import free_port

MODULE = "datenrecht"
TOKEN = "a token only for tests, long enough"
OLD_PROMPT = "Welche der folgenden sind Grundsätze nach Artikel 5 DSGVO?"
NEW_PROMPT = "Welche Grundsätze nennt Artikel 5 DSGVO?"


@pytest.fixture
def content() -> Path:
    return content_with(PLAIN_QUIZ)


@pytest.fixture
def deployment(database_url: str, tmp_path: Path, content: Path) -> Iterator[Deployment]:
    settings = {
        "SMARTCITY_CONTENT_DIR": str(content),
        "SMARTCITY_METRICS_TOKEN": TOKEN,
        "SMARTCITY_WORKER_METRICS_BIND": f"127.0.0.1:{free_port()}",
    }
    with deployed(database_url, tmp_path, **settings) as running:
        yield running


def newcomer(deployment: Deployment) -> Learner:
    """Somebody new launches and begins the quiz."""
    person = deployment.control("/practice/people?count=1", {})["people"][0]
    learner = Learner(person, deployment.lms_url)
    learner.launch("rl-datenrecht")
    learner.begin_quiz(MODULE)
    return learner


def first_question(learner: Learner) -> str:
    return learner.get(f"{learner.attempt_url}/questions/1").text


class Passers:
    """Somebody who asks all the time, each time over a new connection, and counts what goes wrong."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._enough = Event()
        self._thread = Thread(target=self._ask)
        self.asked = 0
        self.failed: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._enough.is_set():
            self.asked += 1
            if not answers(self._url):
                self.failed.append(f"request {self.asked}")


def test_a_learner_in_the_middle_of_a_quiz_goes_on_while_others_get_the_new_content(deployment, content):
    quiz = load_catalogue(content).modules[MODULE].quiz
    learner = newcomer(deployment)
    assert launches(deployment) == 1
    before, after = quiz.questions[:1], quiz.questions[1:]
    learner.answer({question.id: right_answer(question) for question in before})

    file = content / "modules" / MODULE / "quiz.yaml"
    file.write_text(file.read_text("utf-8").replace(OLD_PROMPT, NEW_PROMPT), "utf-8")
    with Passers(f"{deployment.tool_url}/readyz") as passers:
        deployment.web.send_signal(signal.SIGHUP)
        wait_until(lambda: NEW_PROMPT in first_question(newcomer(deployment)), "the new content")
    assert passers.failed == []

    assert OLD_PROMPT in first_question(learner)
    learner.answer({question.id: right_answer(question) for question in after})
    assert "16 von 16 Punkten" in learner.submit().text

    file.write_text("questions: [", "utf-8")  # faulty content is not taken up
    pids = children(deployment)
    deployment.web.send_signal(signal.SIGHUP)
    wait_until(lambda: not pids & children(deployment), "new processes")
    counted = launches(deployment)
    assert NEW_PROMPT in first_question(newcomer(deployment))
    assert launches(deployment) == counted + 1 >= 3, "what replaced processes counted still counts"


def launches(deployment: Deployment) -> float:
    """How many launches all processes of the web server counted so far."""
    found = re.search(r'smartcity_launches_total{outcome="ok"} (\S+)', metrics(f"{deployment.tool_url}/metrics"))
    return float(found.group(1)) if found else 0.0


def children(deployment: Deployment) -> set[int]:
    return {
        int(pid) for pid in Path(f"/proc/{deployment.web.pid}/task/{deployment.web.pid}/children").read_text().split()
    }


def test_a_server_that_is_told_to_stop_answers_what_it_has_begun_to_read(deployment):
    host = urlsplit(deployment.tool_url)
    body = b"iss=somebody&login_hint=5"
    with socket.create_connection((host.hostname, host.port), timeout=30) as line:
        head = f"POST /lti/login HTTP/1.1\r\nHost: {host.netloc}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
        assert answers(f"{deployment.tool_url}/healthz"), "the request before this one is being read by now"
        deployment.web.terminate()
        wait_until(lambda: not answers(f"{deployment.tool_url}/healthz", seconds=1), "the closed door")
        line.sendall(body[5:])
        response = http.client.HTTPResponse(line)
        response.begin()
        assert response.status == 401
        assert b"login.unknown_issuer" in response.read()
    assert deployment.web.wait(30) == 0


def test_a_worker_that_is_told_to_stop_finishes_one_grade_and_gives_the_others_back(deployment, database_url):
    learners = [newcomer(deployment) for _ in range(3)]
    for learner in learners:
        assert learner.submit().status == 200
    deployment.control("/practice/faults", {"slow_seconds": 20, "times": 2})  # the token, then a score
    with deployment.worker() as process:
        wait_until(lambda: grades_on_their_way(database_url).leased == 3, "a leased batch")
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: _blocked(process.pid), "the noted signal")
        deployment.control("/practice/faults", {})
        assert process.wait(30) == 0
    left = grades_on_their_way(database_url)
    assert (left.waiting, left.leased, left.workers) == (2, 0, 0)
    assert len(deployment.scores()) == 1

    with deployment.worker():
        wait_until(lambda: 'smartcity_grades_total{outcome="sent"} 2.0' in figures(deployment), "two counted grades")
        done = subprocess.run(
            [sys.executable, "-m", "lti_tool.cli", "doctor", "--json"],
            env=deployment.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    verdicts = {row["check"]: row["verdict"] for row in json.loads(done.stdout)}
    assert {check for check, verdict in verdicts.items() if verdict != "good"} == {"outside.tls", "settings.operator"}
    assert {"worker.alive", "outside.keys", "outside.proxies", "clock.platform"} <= set(verdicts)


def figures(deployment: Deployment) -> str:
    """What the worker shows on its own port."""
    return metrics(f"http://{deployment.environment['SMARTCITY_WORKER_METRICS_BIND']}/metrics")


def metrics(url: str) -> str:
    """What is shown to whoever has the token; nothing while nobody answers."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    assert not answers(url), "nothing is shown without the token"
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def _blocked(pid: int) -> bool:
    """Whether the signal was taken: none is pending any more."""
    status = Path(f"/proc/{pid}/status").read_text()
    return all(int(line.split()[1], 16) == 0 for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd")))
