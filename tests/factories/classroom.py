"""A course full of learners, written straight into the tables: what hundreds of launches would leave behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.db.models import (
    Attempt,
    LineItem,
    LtiUser,
    Membership,
    ModuleProgress,
    ResourceLink,
    Response,
    ScoreDelivery,
)
from lti_tool.domain.answers import parse_answer
from lti_tool.domain.grading import grade
from lti_tool.domain.ids import new_id
from lti_tool.domain.scores import Delivery
from lti_tool.services.quiz_versions import QuizVersions
from tests.factories.answers import right_answer, wrong_answer


class Classroom:
    """Fills one course of one registration."""

    def __init__(
        self, session: Session, catalogue: Catalogue, *, registration_id: int, context_id: UUID, now: datetime
    ) -> None:
        self.session = session
        self.catalogue = catalogue
        self.registration_id = registration_id
        self.context_id = context_id
        self.now = now

    def people(self, count: int, *, named: bool = True, subjects: list[str] | None = None) -> list[UUID]:
        """Let so many learners come to the course; `subjects` are the platform's ids of them."""
        ids = [new_id() for _ in range(count)]
        self._insert(
            LtiUser,
            (
                {
                    "id": id_,
                    "subject": subjects[number] if subjects else f"s{number}-{id_}",
                    "name": f"Lerner {number:04}" if named else None,
                }
                | {"created_at": self.now}
                for number, id_ in enumerate(ids)
            ),
        )
        self._insert(Membership, ({"context_id": self.context_id, "user_id": id_, "parts": "learner"} for id_ in ids))
        return ids

    def activity(self, module: Module, title: str = "", kind: str = "quiz") -> tuple[UUID, UUID]:
        """Add an activity with a grade column; return both ids."""
        link, column = new_id(), new_id()
        self._insert(
            ResourceLink,
            [
                {"id": link, "deployment_id": "1", "platform_id": f"link-{link}", "context_id": self.context_id}
                | {"title": title or module.title, "module_id": module.id, "kind": kind}
            ],
        )
        url = f"https://lms.example/2/lineitems/{column}/lineitem?type_id=1"
        self._insert(LineItem, [{"id": column, "resource_link_id": link, "url": url}])
        return link, column

    def attempts(
        self, module: Module, link: UUID, column: UUID, people: Iterable[UUID], *, wrong: int = 0, state: Delivery
    ) -> None:
        """Everybody hands in one attempt with so many wrong answers; the grade is somewhere on its way."""
        assert module.quiz
        QuizVersions(self.session, self.catalogue).keep(module)
        answers = {
            question.id: parse_answer(question, right_answer(question) if number >= wrong else wrong_answer(question))
            for number, question in enumerate(module.quiz.questions)
            if not question.marked_by_a_person
        }
        sheet = grade(module.quiz, answers)
        tries = [(new_id(), person) for person in people]
        graded = {"points": sheet.points, "maximum": sheet.maximum, "passed": sheet.passed, "sheet": sheet.to_json()}
        self._insert(
            Attempt,
            (
                {"id": attempt, "user_id": person, "resource_link_id": link, "module_id": module.id, "number": 1}
                | {"quiz_version": module.quiz.version, "started_at": self.now, **graded}
                | {"submitted_at": self.now + timedelta(minutes=9)}
                for attempt, person in tries
            ),
        )
        self._insert(
            Response,
            (
                {"attempt_id": attempt, "question_id": question, "answer": list(answer), "saved_at": self.now}
                for attempt, _ in tries
                for question, answer in answers.items()
            ),
        )
        self._insert(
            ModuleProgress,
            (
                {"user_id": person, "module_id": module.id, "updated_at": self.now}
                | {"passed_at": self.now if sheet.passed else None}
                for _, person in tries
            ),
        )
        self._insert(ScoreDelivery, (self._delivery(column, person, sheet, state) for _, person in tries))

    def progress(self, people: Iterable[UUID], modules: Iterable[str], *, at: datetime, passed: bool = True) -> None:
        """Let everybody begin these modules, or pass them, in whichever course."""
        names = list(modules)
        traces = {"updated_at": at, "passed_at": at if passed else None}
        rows = ({"user_id": person, "module_id": name, **traces} for person in people for name in names)
        self._insert(ModuleProgress, rows)

    def _delivery(self, column: UUID, person: UUID, sheet, state: Delivery) -> dict[str, object]:
        sent = state is Delivery.SENT
        return {
            "line_item_id": column,
            "user_id": person,
            "given": sheet.points,
            "maximum": sheet.maximum,
            "revision": 1,
            "queued_at": self.now,
            "state": state,
            "next_try_at": self.now,
            "tries": 0,
            "sent_at": self.now if sent else None,
            "sent_given": sheet.points if sent else None,
            "sent_maximum": sheet.maximum if sent else None,
            "reason": "ags.person_not_gradable" if state is Delivery.FAILED else None,
        }

    def _insert(self, model, rows) -> None:
        listed = [{"registration_id": self.registration_id, **row} for row in rows]
        if listed:
            self.session.execute(insert(model), listed)
