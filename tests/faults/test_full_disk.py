"""The disk fills up: every request says so in a sentence, nothing acknowledged is lost, and with space all goes on.

Short form: a limit on the size of the files that the tool's own processes may write, which needs no rights. Long form,
as root: a small file system of its own, filled to the last byte.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.factories.answers import right_answer
from tests.factories.plain_content import plain_catalogue
from tests.faults.crowd import Learner
from tests.faults.deployment import Deployment, deployed, wait_until

MODULE = "datenrecht"
QUIZ = plain_catalogue().modules[MODULE].quiz


@contextmanager
def limited(house: Deployment, _folder: Path) -> Iterator[None]:
    """Let the web processes write no file beyond a few bytes."""
    master = psutil.Process(house.web.pid)
    processes = [master, *master.children()]
    for process in processes:
        process.rlimit(psutil.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    yield
    for process in processes:
        process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def filled(_house: Deployment, folder: Path) -> Iterator[None]:
    """Fill the file system."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    yield
    ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_loses_nothing_acknowledged_and_says_so(
    sqlite_template: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("real_disk"):
        check(tmp_path, sqlite_template, limited)
        return
    assert os.geteuid() == 0, "--real-disk mounts a file system, which needs root"
    with small_disk(tmp_path / "disk") as folder:
        check(folder, sqlite_template, filled)


def check(folder: Path, template: Path, no_space: Callable) -> None:
    assert QUIZ is not None
    answers = {question.id: tuple(right_answer(question)) for question in QUIZ.questions}
    first, *others = answers
    shutil.copyfile(template, folder / "tool.sqlite3")
    with deployed(f"sqlite:///{folder / 'tool.sqlite3'}", folder.parent) as house:
        ids = house.control("/practice/people?count=2", {})["people"]
        learner, late = (Learner(person, house.lms_url) for person in ids)
        learner.launch("rl-datenrecht")
        learner.begin_quiz(MODULE)
        learner.answer({first: answers[first]})
        with no_space(house, folder):
            refused = learner.send(
                "PUT",
                f"{learner.attempt_url}/answers/{others[0]}",
                '{"answer": []}',
                {"Content-Type": "application/json", "X-CSRF-Token": learner.csrf, "Accept": "application/json"},
            )
            assert (refused.status, "storage_full" in refused.text) == (507, True)
            handed_in = learner.submit()
            assert (handed_in.status, "kann gerade nichts speichern" in handed_in.text) == (507, True)
            with pytest.raises(AssertionError, match="kann gerade nichts speichern"):
                late.launch("rl-datenrecht")
            assert learner.get(f"{learner.attempt_url}/questions/1").status == 200, "reading goes on"
        learner.answer({name: answers[name] for name in others})
        assert f"{QUIZ.maximum} von {QUIZ.maximum}" in learner.submit().text
        late.launch("rl-datenrecht")
        with house.worker():
            wait_until(house.scores, "the grade")
        assert [score["message"]["given"] for score in house.scores()] == [QUIZ.maximum]
