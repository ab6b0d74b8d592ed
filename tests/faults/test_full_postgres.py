"""PostgreSQL's own disk fills up: first the one that holds its tables, then the one that holds its log.

As root, with small file systems of their own (`--real-disk`). A full log ends the server itself; whoever runs it makes
room and starts it again, and the tool needs nothing done.
"""

from __future__ import annotations

import json
import pwd
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from lti_tool.curriculum.loader import load_catalogue
from tests.databases import PostgresServer, running_postgres
from tests.factories.answers import right_answer
from tests.factories.plain_content import PLAIN_CONTENT
from tests.faults.crowd import Answer, Learner
from tests.faults.deployment import Deployment, deployed, wait_until
from tests.faults.test_full_disk import filled

MODULE = "datenrecht"
QUIZ = load_catalogue(PLAIN_CONTENT).modules[MODULE].quiz
PREPARED = 12
NEWCOMERS = 120
KINDS = {"launch", "answer", "grade"}


class Crowd:
    """People who go on whatever they are told, and remember what was acknowledged and how the rest was refused."""

    def __init__(self, house: Deployment) -> None:
        assert QUIZ is not None
        self.house = house
        self.ids = iter(house.control(f"/practice/people?count={PREPARED + NEWCOMERS}", {})["people"])
        self.learners = [self.newcomer() for _ in range(PREPARED)]
        for learner in self.learners:
            learner.launch("rl-datenrecht")
            learner.begin_quiz(MODULE)
        self.right = {question.id: list(right_answer(question)) for question in QUIZ.questions}
        self.handed_in: set[str] = set()
        self.refused: Counter[str] = Counter()

    def newcomer(self) -> Learner:
        return Learner(next(self.ids), self.house.lms_url)

    def everybody_tries(self, *codes: str) -> None:
        """Answer, hand in and launch until each was refused."""
        for learner in self.learners:
            for question in self.right:
                self.note("answer", codes, self.answer(learner, question))
        for learner in self.learners:
            if self.note("grade", codes, learner.submit()):
                self.handed_in.add(learner.person)
        for _ in range(NEWCOMERS):
            learner = self.newcomer()
            action, fields = learner.get(
                f"{learner.lms_url}/course/rl-datenrecht/launch?person={learner.person}"
            ).form()
            action, fields = learner.post(action, fields).form()
            if not self.note("launch", codes, learner.post(action, fields)):
                break

    def note(self, kind: str, codes: Sequence[str], answer: Answer) -> bool:
        """Count a refusal; nothing but the right words is one."""
        if answer.status == 200:
            return True
        assert any(code in answer.text for code in codes), answer.text[:500]
        self.refused[kind] += 1
        return False

    def answer(self, learner: Learner, question: str) -> Answer:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": learner.csrf, "Accept": "application/json"}
        body = json.dumps({"answer": self.right[question]})
        return learner.send("PUT", f"{learner.attempt_url}/answers/{question}", body, headers)

    def finish(self) -> None:
        """Do what was refused once more; then every grade arrives once, of everybody who was told so or has it now."""
        assert QUIZ is not None
        early = set(self.handed_in)
        for learner in self.learners:
            if learner.person not in early:
                for question in self.right:
                    assert self.answer(learner, question).status == 200
            assert learner.submit().status == 200
        with self.house.worker():
            wait_until(lambda: len(self.house.scores()) >= PREPARED, "the last grade")
        scores = self.house.scores()
        assert Counter(score["user"] for score in scores) == {learner.person: 1 for learner in self.learners}
        late = [score["message"]["given"] for score in scores if score["user"] not in early]
        assert late == [QUIZ.maximum] * len(late)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with running_postgres(durable=True) as running:
        yield running


@contextmanager
def small_disk(server: PostgresServer, name: str, megabytes: int) -> Iterator[Path]:
    folder = server.socket_dir / name
    folder.mkdir()
    owner = f"uid={pwd.getpwnam(server.user).pw_uid},mode=700," if server.user else ""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{owner}size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def ask(server: PostgresServer, statement: str, database: str = "postgres") -> str:
    address = f"host={server.socket_dir} user=postgres dbname={database}"
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return str(cursor.fetchone()[0]) if cursor.description else ""


def doctor(house: Deployment) -> dict[str, str]:
    """What the doctor finds bad."""
    command = [house.code.python, "-m", "lti_tool.cli", "doctor", "--json"]
    done = subprocess.run(command, env=house.environment, cwd=house.code.folder, capture_output=True, check=False)
    return {row["check"]: row["found"] for row in json.loads(done.stdout) if row["verdict"] == "bad"}


def test_a_full_disk_of_the_tables_refuses_in_words_and_goes_on_with_room(
    server: PostgresServer, tmp_path: Path
) -> None:
    with small_disk(server, "tables", 48) as folder:
        ask(server, f"CREATE TABLESPACE small LOCATION '{folder}'")
        ask(server, "CREATE DATABASE small TEMPLATE template_migrated STRATEGY FILE_COPY TABLESPACE small")
        with deployed(server.url("small"), tmp_path) as house:
            crowd = Crowd(house)
            with filled(house, folder):
                crowd.everybody_tries("storage_full")
                assert "Ihre Platte ist voll" in doctor(house)["database.writable"]
            assert set(crowd.refused) == KINDS, crowd.refused
            crowd.newcomer().launch("rl-datenrecht")
            crowd.finish()
        ask(server, "DROP DATABASE small WITH (FORCE)")


def test_a_full_disk_of_the_log_ends_the_server_and_loses_nothing(server: PostgresServer, tmp_path: Path) -> None:
    url = server.create(migrated=True)
    with small_disk(server, "log-disk", 96) as folder, log_on(server, folder), deployed(url, tmp_path) as house:
        crowd = Crowd(house)
        with filled(house, folder):
            use_up_log(server)
            crowd.everybody_tries("storage_full", "temporarily_unavailable")
            assert "database" in doctor(house)
        assert set(crowd.refused) == KINDS, crowd.refused
        if not runs(server):
            server.start()
        wait_until(lambda: runs_again(crowd), "the database")
        crowd.finish()


@contextmanager
def log_on(server: PostgresServer, folder: Path) -> Iterator[None]:
    """Keep the server's write-ahead log on another disk for a while."""
    home, there = server.socket_dir / "data" / "pg_wal", folder / "pg_wal"
    with stopped(server):
        move(home, there, server.user)
        home.symlink_to(there)
    yield
    with stopped(server):
        home.unlink()
        move(there, home, server.user)


@contextmanager
def stopped(server: PostgresServer) -> Iterator[None]:
    server.stop()
    yield
    server.start()


def move(source: Path, target: Path, user: str | None) -> None:
    shutil.copytree(source, target)
    shutil.rmtree(source)
    for path in (target, *target.rglob("*")):
        shutil.chown(path, user)


def use_up_log(server: PostgresServer) -> None:
    """Write until the newest file of the log that exists is almost full; the tool itself fills the rest."""
    newest = "SELECT max(name) FROM pg_ls_waldir() WHERE length(name) = 24"
    while ask(server, f"SELECT pg_walfile_name(pg_current_wal_lsn()) < ({newest})") == "True":
        ask(server, "SELECT pg_switch_wal()")
        ask(server, "SELECT pg_logical_emit_message(false, 'fill', 'x')")
    size, at = (int(ask(server, f"SELECT {what}::bigint")) for what in _OF_LOG)
    ask(server, f"SELECT pg_logical_emit_message(false, 'fill', repeat('x', {size - at % size - 16 * 1024}))")


_OF_LOG = ("pg_size_bytes(current_setting('wal_segment_size'))", "(pg_current_wal_lsn() - '0/0')")


def runs(server: PostgresServer) -> bool:
    try:
        return ask(server, "SELECT 1") == "1"
    except psycopg.OperationalError:
        return False


def runs_again(crowd: Crowd) -> bool:
    return crowd.answer(crowd.learners[0], next(iter(crowd.right))).status in {200, 409}
