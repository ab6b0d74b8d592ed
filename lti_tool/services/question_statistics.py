"""First attempts of a course, ready for figures about its questions; who they belong to is never read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import String, Text, and_, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Quiz
from lti_tool.db.models import Attempt, Response
from lti_tool.domain.actor import Actor
from lti_tool.domain.grading import Verdict
from lti_tool.domain.statistics import QuestionFigures, Taken, question_figures
from lti_tool.services.gradebook import CourseModule
from lti_tool.services.quiz_versions import QuizVersions


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """Figures about a quiz in one of its versions.

    Attributes:
        people: how many have handed in at least one attempt at it.
        figures: by question; questions asked of fewer than five people are missing.
        versions: all versions taken in the course with their numbers of people, the newest first.
    """

    quiz: Quiz
    people: int
    figures: Mapping[str, QuestionFigures]
    versions: tuple[tuple[str, int], ...]


class QuestionStatistics:
    """Figures of one course."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._session = session
        self._quizzes = QuizVersions(session, catalogue)

    def quiz(self, actor: Actor, module: CourseModule, version: str | None = None) -> QuizFigures | None:
        """Return the figures of a module's quiz, None if nobody has handed one in; `version` None is the newest."""
        attempts = self._first_attempts(actor, module)
        by_version: dict[str, list[Any]] = {}
        for row in attempts:
            by_version.setdefault(row.quiz_version, []).append(row)
        newest_first = sorted(by_version, key=lambda one: max(row.started_at for row in by_version[one]), reverse=True)
        if not newest_first:
            return None
        shown = version if version in by_version else newest_first[0]
        quiz = self._quizzes.quiz(module.module_id, shown)
        taken = self._taken(actor, by_version[shown])
        figures = {question.id: question_figures(question.id, taken) for question in quiz.questions}
        return QuizFigures(
            quiz=quiz,
            people=len(by_version[shown]),
            figures={question_id: found for question_id, found in figures.items() if found},
            versions=tuple((one, len(by_version[one])) for one in newest_first),
        )

    def _first_attempts(self, actor: Actor, module: CourseModule) -> Sequence[Any]:
        """The first attempt that each person handed in, through whichever of the module's activities."""
        place = func.row_number().over(partition_by=Attempt.user_id, order_by=(Attempt.started_at, Attempt.id))
        handed_in = (
            select(
                *(Attempt.id, _text(Attempt.id).label("key"), Attempt.quiz_version),
                Attempt.started_at,
                Attempt.sheet,
                place.label("place"),
            )
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.resource_link_id.in_(module.links),
                Attempt.module_id == module.module_id,
                Attempt.part == module.part,
                Attempt.submitted_at.is_not(None),
            )
            .subquery()
        )
        return self._session.execute(select(handed_in).where(handed_in.c.place == 1)).all()

    def _taken(self, actor: Actor, attempts: Sequence[Any]) -> list[Taken]:
        answers: dict[str, dict[str, Sequence[str]]] = {}
        rows = self._session.connection().execute(
            select(_text(Response.attempt_id), Response.question_id, cast(Response.answer, Text))
            .select_from(Response)
            .join(Attempt, and_(Attempt.registration_id == Response.registration_id, Attempt.id == Response.attempt_id))
            .where(
                Response.registration_id == actor.registration_id,
                Response.attempt_id.in_([row.id for row in attempts]),
            ),
        )
        for attempt_id, question_id, answer in rows:
            answers.setdefault(attempt_id, {})[question_id] = _chosen(answer)
        return [Taken(_shares(row.sheet), answers.get(row.key, {})) for row in attempts]


def _shares(sheet: Mapping[str, Any]) -> dict[str, Fraction]:
    """What was reached of each question; what a person has not marked yet says nothing."""
    return {
        mark["question"]: _share(mark["points"], mark["maximum"])
        for mark in sheet["marks"]
        if mark["verdict"] != Verdict.PENDING
    }


@lru_cache
def _share(points: str, maximum: int) -> Fraction:
    """Thousands of marks are the same few."""
    return Fraction(points) / maximum


@lru_cache
def _chosen(answer: str) -> Sequence[str]:
    """Read an answer; so are most answers."""
    chosen: Sequence[str] = json.loads(answer)
    return chosen


def _text(id_: Any) -> Any:
    """The id as the database's driver brings it, which is not worth turning into a UUID twenty thousand times."""
    return type_coerce(id_, String)
