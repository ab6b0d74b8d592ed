"""How the house does, in a few numbers: grades that wait or failed, workers that live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import ScoreDelivery
from lti_tool.domain.scores import Delivery
from lti_tool.services.platform_switches import PAUSED
from lti_tool.services.ports import Clock
from lti_tool.services.worker_beats import SILENT_AFTER, WorkerBeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted.

    Attributes:
        oldest_waiting: seconds since the oldest grade was put on its way; 0 if none waits.
        failed: grades that wait for a person; those of paused platforms, which go on by themselves, do not count.
        workers: processes heard lately.
        silent: seconds since any worker was heard; None if none ever was, or all have ended by themselves.
    """

    waiting: int
    oldest_waiting: float
    failed: int
    workers: int
    silent: float | None


class HouseFigures:
    """Counts by the indexes of what waits and what failed, however many grades were ever sent."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def read(self) -> Figures:
        """Return the present figures."""
        now = self._clock()
        waiting, oldest = self._session.execute(
            select(func.count(), func.min(ScoreDelivery.queued_at)).where(ScoreDelivery.state == Delivery.WAITING),
        ).one()
        failed = self._session.scalar(
            select(func.count()).where(
                ScoreDelivery.state == Delivery.FAILED, ScoreDelivery.reason.is_distinct_from(PAUSED)
            )
        )
        beats = [beat.beat_at for beat in WorkerBeats(self._session, self._clock).latest()]
        return Figures(
            waiting=waiting,
            oldest_waiting=_seconds(oldest, now) or 0.0,
            failed=failed or 0,
            workers=sum(now - beat < SILENT_AFTER for beat in beats),
            silent=_seconds(max(beats, default=None), now),
        )


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max((now - since).total_seconds(), 0.0)
