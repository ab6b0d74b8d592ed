"""Changes to questions that hold for a course: whoever hands in after them is graded by them as well."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Part, Quiz
from lti_tool.db.models import Attempt, Regrade, ResourceLink
from lti_tool.domain.actor import Actor
from lti_tool.domain.answers import Answer
from lti_tool.domain.grading import GradeSheet
from lti_tool.domain.regrading import Change, Stage, regraded


class Corrections:
    """The latest change of each question counts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_course(self, actor: Actor, module_id: str, part: Part) -> Mapping[str, Change]:
        """Return which questions are graded in another way than their author meant, and how."""
        if actor.context_id is None:
            return {}
        rows = self._session.execute(
            select(Regrade.question_id, Regrade.change)
            .where(
                Regrade.registration_id == actor.registration_id,
                Regrade.context_id == actor.context_id,
                Regrade.module_id == module_id,
                Regrade.part == part,
                Regrade.stage == Stage.DONE,
            )
            .order_by(Regrade.applied_at, Regrade.id),
        )
        latest = {row.question_id: Change.from_json(row.change) for row in rows}
        return {question_id: change for question_id, change in latest.items() if not change.restores}

    def corrected(self, attempt: Attempt, quiz: Quiz, answers: Mapping[str, Answer], sheet: GradeSheet) -> GradeSheet:
        """Return a new attempt's sheet as the course's changes want it."""
        rows = self._session.execute(
            select(Regrade.question_id, Regrade.change)
            .join(
                ResourceLink,
                and_(
                    ResourceLink.registration_id == Regrade.registration_id,
                    ResourceLink.context_id == Regrade.context_id,
                ),
            )
            .where(
                ResourceLink.registration_id == attempt.registration_id,
                ResourceLink.id == attempt.resource_link_id,
                Regrade.module_id == attempt.module_id,
                Regrade.part == attempt.part,
                Regrade.stage.in_((Stage.APPLYING, Stage.DONE)),
            )
            .order_by(Regrade.applied_at, Regrade.id),
        )
        latest = {row.question_id: row.change for row in rows}
        for question_id, change in latest.items():
            question = quiz.question(question_id)
            if question is None:
                continue
            try:
                sheet = regraded(
                    sheet, question, Change.from_json(change), answers.get(question_id, ()), quiz.pass_share
                )
            except ValueError:  # the content has another question of that name by now
                continue
        return sheet
