"""Credits modules that somebody passed in a SCORM package: by an instructor of their course, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Module, Part
from lti_tool.db.models import Attempt, LtiUser, Membership, ModuleCredit, ModuleProgress
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.services.course_people import LEARNERS_PARTS
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of a course's history."""

    subject: str
    name: str | None
    module_id: str
    counts: bool
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Credit:
    """Why and since when a module counts that was passed elsewhere."""

    reason: str
    decided_at: datetime


class ModuleCredits:
    """Decisions about modules; nothing is ever changed or deleted, only added."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def decide(self, actor: Actor, subject: str, module: Module, *, counts: bool, reason: str) -> None:
        """Credit a module to somebody who learns in this course, or take that back.

        Raises:
            Refusal: `role.forbidden`, `not_found` for anybody who does not learn in the instructor's course,
                `bad_request` without a reason.
        """
        if not actor.is_instructor:
            raise Refusal(Code.ROLE_FORBIDDEN, "not an instructor of the course")
        reason = " ".join(reason.split())
        if not reason or len(reason) > LONGEST_REASON:
            raise Refusal(Code.BAD_REQUEST, "a credit needs a reason")
        learner = self._learner(actor, subject)
        self._session.add(
            ModuleCredit(
                registration_id=learner.registration_id,
                user_id=learner.user_id,
                id=new_id(),
                module_id=module.id,
                counts=counts,
                reason=reason,
                decided_at=self._clock(),
                decided_by=actor.user_id,
            )
        )
        if counts:
            Progress(self._session, self._clock).record_pass(
                learner.registration_id, learner.user_id, module.id, self._clock()
            )
        else:
            self._take_back(learner, module.id)
        self._session.flush()  # pages shown next read the table

    def of(self, actor: Actor | Learner) -> Mapping[str, Credit]:
        """Return what counts for a person, by module id."""
        if not actor.keeps_progress:
            return {}
        rows = self._session.execute(
            select(ModuleCredit.module_id, ModuleCredit.counts, ModuleCredit.reason, ModuleCredit.decided_at)
            .where(ModuleCredit.registration_id == actor.registration_id, ModuleCredit.user_id == actor.user_id)
            .order_by(ModuleCredit.decided_at, ModuleCredit.id)
        )
        latest = {row.module_id: row for row in rows}
        return {module_id: Credit(row.reason, row.decided_at) for module_id, row in latest.items() if row.counts}

    def history(self, actor: Actor) -> Sequence[Decision]:
        """Return what was decided about people of this course, newest first."""
        rows = self._session.execute(
            select(LtiUser.subject, LtiUser.name, ModuleCredit)
            .join(
                LtiUser,
                (LtiUser.registration_id == ModuleCredit.registration_id) & (LtiUser.id == ModuleCredit.user_id),
            )
            .join(
                Membership,
                (Membership.registration_id == LtiUser.registration_id) & (Membership.user_id == LtiUser.id),
            )
            .where(Membership.registration_id == actor.registration_id, Membership.context_id == actor.context_id)
            .order_by(ModuleCredit.decided_at.desc(), ModuleCredit.id.desc())
        )
        return [
            Decision(subject, name, row.module_id, row.counts, row.reason, row.decided_at)
            for subject, name, row in rows
        ]

    def _learner(self, actor: Actor, subject: str) -> Learner:
        user_id: UUID | None = self._session.scalar(
            select(LtiUser.id)
            .join(
                Membership,
                (Membership.registration_id == LtiUser.registration_id) & (Membership.user_id == LtiUser.id),
            )
            .where(
                LtiUser.registration_id == actor.registration_id,
                LtiUser.subject == subject,
                Membership.context_id == actor.context_id,
                Membership.parts.in_(LEARNERS_PARTS),
            )
        )
        if user_id is None:
            raise Refusal(Code.NOT_FOUND, "nobody of this course")
        return Learner(actor.registration_id, user_id)

    def _take_back(self, learner: Learner, module_id: str) -> None:
        """A pass that the person has earned here stays: then the module counts from the day of that."""
        own = (
            select(func.min(Attempt.submitted_at))
            .where(
                Attempt.registration_id == learner.registration_id,
                Attempt.user_id == learner.user_id,
                Attempt.module_id == module_id,
                Attempt.part == Part.QUIZ,
                Attempt.passed.is_(True),
            )
            .scalar_subquery()
        )
        self._session.execute(
            update(ModuleProgress)
            .where(
                ModuleProgress.registration_id == learner.registration_id,
                ModuleProgress.user_id == learner.user_id,
                ModuleProgress.module_id == module_id,
            )
            .values(passed_at=own, updated_at=self._clock())
            .execution_options(synchronize_session=False)
        )
