"""Keeps a self-assessment for the person who made it, and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lti_tool.db.models import KeptSelfAssessment
from lti_tool.db.upsert import upsert
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.self_assessment import Answers
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody wanted kept."""

    role_id: str
    answers: Answers
    kept_at: datetime


class SelfAssessments:
    """A person's own self-assessment. Nothing here takes anybody else's id."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def kept(self, actor: Actor) -> Kept | None:
        """Return what the person kept, if anything."""
        if not actor.keeps_progress:
            return None
        row = self._session.get(KeptSelfAssessment, (actor.registration_id, actor.user_id))
        return Kept(row.role_id, row.answers, row.kept_at) if row else None

    def keep(self, actor: Actor, role_id: str, answers: Answers) -> None:
        """Keep it in place of an earlier one.

        Raises:
            Refusal: `role.forbidden` for a preview.
        """
        if not actor.keeps_progress:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews keep nothing")
        upsert(
            self._session,
            KeptSelfAssessment,
            key={"registration_id": actor.registration_id, "user_id": actor.user_id},
            values={"role_id": role_id, "answers": dict(answers), "kept_at": self._clock()},
        )

    def forget(self, actor: Actor) -> None:
        """Delete what was kept."""
        self._session.execute(
            delete(KeptSelfAssessment)
            .where(
                KeptSelfAssessment.registration_id == actor.registration_id,
                KeptSelfAssessment.user_id == actor.user_id,
            )
            .execution_options(synchronize_session=False),
        )
