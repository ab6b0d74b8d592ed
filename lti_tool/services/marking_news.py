"""Tells a learner that somebody has marked what was handed in, until the result was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from lti_tool.db.engine import connection_of
from lti_tool.db.models import Attempt
from lti_tool.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class News:
    """A marked attempt of this activity that its learner has not looked at yet."""

    attempt_id: UUID
    submitted_at: datetime | None


class MarkingNews:
    """News of one person in one activity."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest(self, actor: Actor) -> News | None:
        """Return the newest, None if there is none."""
        if not actor.keeps_progress or actor.resource_link_id is None:
            return None
        who = {
            "registration_id": actor.registration_id,
            "user_id": actor.user_id,
            "resource_link_id": actor.resource_link_id,
        }
        row = connection_of(self._session).execute(_LATEST, who).one_or_none()
        return News(row.id, row.submitted_at) if row else None

    def read(self, actor: Actor, attempt_id: UUID) -> bool:
        """Remember that the result was looked at; return whether it was news."""
        changed = self._session.execute(
            update(Attempt)
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.id == attempt_id,
                Attempt.user_id == actor.user_id,
                Attempt.marks_unseen,
            )
            .values(marks_unseen=False)
            .returning(Attempt.id)
            .execution_options(synchronize_session=False),
        )
        return changed.first() is not None


_ATTEMPTS = Attempt.__table__.c
_LATEST = (
    select(_ATTEMPTS.id, _ATTEMPTS.submitted_at)
    .where(
        _ATTEMPTS.registration_id == bindparam("registration_id"),
        _ATTEMPTS.user_id == bindparam("user_id"),
        _ATTEMPTS.resource_link_id == bindparam("resource_link_id"),
        _ATTEMPTS.marks_unseen,
    )
    .order_by(_ATTEMPTS.submitted_at.desc())
    .limit(1)
)
