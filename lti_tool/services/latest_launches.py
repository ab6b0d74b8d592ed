"""What opened lately on a platform: when, in which part and where to; never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import LaunchSession
from lti_tool.domain.ids import made_at
from lti_tool.domain.roles import Role


@dataclass(frozen=True, slots=True)
class SeenLaunch:
    """One launch that got in.

    Attributes:
        part: the most that this person may do in the course; None if the roles said nothing we know.
        kind: the content's kind, or the page that the launch asked for.
    """

    at: datetime
    part: Role | None
    kind: str
    module_id: str | None


class LatestLaunches:
    """Reads the sessions, which housekeeping deletes within hours of their end: nothing is kept for this list."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, registration_id: int, limit: int = 10) -> list[SeenLaunch]:
        """Return the latest launches, newest first; not those parked for a click that has not come."""
        query = (
            select(LaunchSession.id, LaunchSession.parts, LaunchSession.kind, LaunchSession.module_id)
            .where(LaunchSession.registration_id == registration_id, LaunchSession.secret_hash.is_not(None))
            .order_by(LaunchSession.id.desc())
            .limit(limit)
        )
        return [
            SeenLaunch(made_at(row_id), _highest(parts.split()), kind, module_id)
            for row_id, parts, kind, module_id in self._session.execute(query)
        ]


def _highest(parts: list[str]) -> Role | None:
    return next((part for part in (Role.ADMINISTRATOR, Role.INSTRUCTOR, Role.LEARNER) if part in parts), None)
