"""Quizzes as they were when an attempt was taken."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module, Part, Quiz
from lti_tool.curriculum.versions import quiz_from_json, quiz_to_json
from lti_tool.db.models import QuizVersion
from lti_tool.db.upsert import insert_or
from lti_tool.domain.errors import Code, Refusal

_parsed = lru_cache(maxsize=256)(quiz_from_json)


class QuizVersions:
    """Keeps each quiz that somebody has taken, so that later changes of the content change no attempt."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._session = session
        self._catalogue = catalogue

    def keep(self, module: Module, part: Part = Part.QUIZ) -> Quiz:
        """Store the module's present quiz or assignment if it is not stored yet, and return it.

        Raises:
            Refusal: `not_found` if the module has none.
        """
        quiz = module.graded(part)
        if quiz is None:
            raise Refusal(Code.NOT_FOUND, f"module {module.id} has no {part}")
        key = (module.id, quiz.version)
        if self._session.get(QuizVersion, key) is None:
            self._session.execute(
                insert_or(self._session, QuizVersion)
                .values(module_id=module.id, version=quiz.version, body=quiz_to_json(quiz))
                .on_conflict_do_nothing(),
            )
        return quiz

    def quiz(self, module_id: str, version: str) -> Quiz:
        """Return the quiz of that version: from memory if it is today's, else from the database."""
        module = self._catalogue.modules.get(module_id)
        for quiz in (module.quiz, module.assignment) if module else ():
            if quiz and quiz.version == version:
                return quiz
        body = self._session.scalars(
            select(QuizVersion.body).where(QuizVersion.module_id == module_id, QuizVersion.version == version),
        ).one()
        return _parsed(body)
