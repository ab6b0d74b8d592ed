"""After a restore the database is behind: scores were sent since that it does not know of.

So for a year every first score of a person in a column is preceded by a look into the gradebook, and another value that
stands there is not overwritten; an instructor decides (decision 0032).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import Restoration, ScoreDelivery
from lti_tool.domain.scores import Delivery
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.ports import Clock

CAUTIOUS_FOR = timedelta(days=365)


class Restorations:
    """Keeps when the database was put back; the caller commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def note(self, backup_made_at: datetime) -> None:
        """Note a restore that has just happened. That a value was to be overwritten whatever stands there is void."""
        self._session.add(Restoration(restored_at=self._clock(), backup_made_at=backup_made_at))
        self._session.execute(
            update(ScoreDelivery)
            .where(ScoreDelivery.state == Delivery.WAITING, ScoreDelivery.overwrites)
            .values(overwrites=False)
            .execution_options(synchronize_session=False),
        )
        audit = AuditLog(self._session, self._clock, Who.COMMAND_LINE)
        audit.record(Action.BACKUP_RESTORED, backup_made_at.isoformat(timespec="seconds"))

    def latest(self) -> datetime | None:
        """Return when a backup was restored last, None if never or too long ago to matter."""
        found = self._session.scalar(select(func.max(Restoration.restored_at)))
        return found if found is not None and self._clock() - found < CAUTIOUS_FOR else None
