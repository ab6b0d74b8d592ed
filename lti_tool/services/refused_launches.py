"""Refused logins and launches: code, reference number and time, so that "it did not work" can be looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import RefusedLaunch
from lti_tool.services.ports import Clock

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal."""

    at: datetime
    code: str
    reference: str
    registration_id: int | None


class RefusedLaunches:
    """Keeps and finds refusals."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def keep(self, code: str, reference: str, registration_id: int | None) -> None:
        """Store a refusal."""
        self._session.add(
            RefusedLaunch(code=code, reference=reference, registration_id=registration_id, at=self._clock()),
        )

    def latest(self, registration_ids: Sequence[int], limit: int = 20) -> list[Refused]:
        """Return the newest refusals of some registrations, newest first."""
        query = (
            select(RefusedLaunch)
            .where(RefusedLaunch.registration_id.in_(registration_ids))
            .order_by(RefusedLaunch.at.desc())
            .limit(limit)
        )
        return [_refused(row) for row in self._session.scalars(query)]

    def by_reference(self, reference: str) -> list[Refused]:
        """Return the refusals with this reference number: one, unless a client repeated its own number."""
        query = select(RefusedLaunch).where(RefusedLaunch.reference == reference).limit(20)
        return [_refused(row) for row in self._session.scalars(query)]

    def sweep(self) -> None:
        """Delete what is older than three months."""
        self._session.execute(
            delete(RefusedLaunch)
            .where(RefusedLaunch.at < self._clock() - KEPT)
            .execution_options(synchronize_session=False),
        )


def _refused(row: RefusedLaunch) -> Refused:
    return Refused(row.at, row.code, row.reference, row.registration_id)
