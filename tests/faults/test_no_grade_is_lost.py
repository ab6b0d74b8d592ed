"""Many people hand in while the platform is away and the worker dies again and again; every grade arrives once.

The number of people and of killings are options, and whether the minute is waited out that a dead worker's lease lasts,
so that the same test runs short with all others and long by `make test-faults`.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Learner, answers_of, expected_percent
from tests.faults.deployment import Deployment, wait_until

MODULE = "datenrecht"
ACTIVITY = "rl-datenrecht"
QUIZ = plain_catalogue().modules[MODULE].quiz


@pytest.mark.both_databases
def test_every_grade_arrives_once_though_the_platform_is_away_and_workers_are_killed(
    deployment: Deployment, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    assert QUIZ is not None
    people, kills = pytestconfig.getoption("learners"), pytestconfig.getoption("kills")
    ids = deployment.control(f"/practice/people?count={people}", {})["people"]
    learners = [Learner(person, deployment.lms_url) for person in ids]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: prepare(*pair), enumerate(learners)))

        deployment.control("/practice/faults", {"down": True})
        with deployment.worker():
            results = list(pool.map(Learner.submit, learners[: people // 2]))
        assert all(result.status == 200 for result in results), "a learner never waits for the LMS"
        assert deployment.scores() == []

        deployment.control("/practice/faults", {})
        rest = pool.map(Learner.submit, learners[people // 2 :])
        for kill in range(1, kills + 1):
            with deployment.worker() as process:
                wait_until(
                    lambda kill=kill: len(deployment.scores()) >= people * kill // (kills + 2),
                    f"scores before kill {kill}",
                )
                process.send_signal(signal.SIGKILL)
        assert all(result.status == 200 for result in rest)

    if not pytestconfig.getoption("real_leases"):
        deployment.let_time_pass()
    with deployment.worker():
        wait_until(lambda: len(deployment.scores()) >= people, "the last grade", seconds=240)

    scores = deployment.scores()
    given = {score["user"]: score for score in scores}
    sent = Counter(score["user"] for score in scores)
    assert sent == dict.fromkeys(ids, 1), "each grade exactly once"
    for number, person in enumerate(ids):
        message = given[person]["message"]
        percent = message["given"] / message["maximum"] * 100
        assert percent == pytest.approx(float(expected_percent(number, QUIZ)))
    record_property("figures", f"{people} people, {kills} workers killed, {len(scores)} grades, each once")


def prepare(number: int, learner: Learner) -> None:
    """Launch, begin the quiz and answer; everything but the handing in."""
    assert QUIZ is not None
    learner.launch(ACTIVITY)
    learner.begin_quiz(MODULE)
    learner.answer(answers_of(number, QUIZ))
