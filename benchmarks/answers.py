"""CPU of grading a long attempt, and of saving one answer through the whole web application.

    python benchmarks/answers.py [--saves 300] [--database-url postgresql+psycopg://…]

Grading is measured alone; saving is an authorised PUT within one process, with the commit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Quiz
from lti_tool.db.upgrade import upgrade
from lti_tool.domain.grading import grade
from tests.factories.answers import right_answer
from tests.factories.content import ALL_KINDS, content_with_all_kinds
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import running_tool

QUESTIONS = 30
ROUNDS = 200


def graded_quiz(folder: Path) -> Quiz:
    """A quiz of thirty questions of all kinds that the tool grades."""
    quiz = load_catalogue(folder).modules[ALL_KINDS].quiz
    assert quiz is not None
    kinds = quiz.questions
    questions = tuple(replace(kinds[at % len(kinds)], id=f"q{at}") for at in range(QUESTIONS))
    return replace(quiz, questions=questions)


def grading(folder: Path) -> float:
    """Milliseconds of CPU to grade an attempt of thirty questions."""
    quiz = graded_quiz(folder)
    answers = {question.id: tuple(right_answer(question)) for question in quiz.questions}
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        grade(quiz, answers)
        spent.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(spent)


def saving(folder: Path, database_url: str, saves: int) -> float:
    """Milliseconds of CPU to save one answer."""
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(folder), SMARTCITY_LOG_LEVEL="error") as tool:
        visit = Visit(tool.client, tool.launch_as(custom={"module": ALL_KINDS, "content": "quiz"}))
        visit.press("Quiz beginnen")
        path = visit.path.partition("/questions/")[0] + "/answers/wort"
        headers = {"Accept": "application/json", "X-CSRF-Token": visit.csrf}
        spent = []
        for number in range(saves):
            began = time.process_time_ns()
            answer = visit.client.put(path, json={"answer": [f"Wort {number}"]}, headers=headers, base_url=BASE_URL)
            spent.append((time.process_time_ns() - began) / 1e6)
            assert answer.status_code == 200, answer.text
    return statistics.median(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=300)
    parser.add_argument("--database-url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = content_with_all_kinds(Path(scratch) / "content")
        print(f"grading {QUESTIONS} questions: {grading(folder):.2f} ms CPU")
        sqlite = f"sqlite:///{Path(scratch) / 'bench.sqlite3'}"
        upgrade(sqlite)
        print(f"saving an answer, SQLite: {saving(folder, sqlite, options.saves):.2f} ms CPU")
        if options.database_url:
            print(f"saving an answer, PostgreSQL: {saving(folder, options.database_url, options.saves):.2f} ms CPU")


if __name__ == "__main__":
    main()
