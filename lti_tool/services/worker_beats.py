"""Which workers live: each says so every few seconds, and a row that is silent for two minutes is a dead one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import WorkerBeat
from lti_tool.db.upsert import insert_or
from lti_tool.services.ports import Clock

SILENT_AFTER = timedelta(minutes=2)
"""A worker beats every 15 seconds, or after a batch, which takes half a minute at most and the rest of one delivery."""
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A process that carries grades."""

    id: UUID
    host: str
    pid: int
    version: str
    started_at: datetime


class WorkerBeats:
    """Keeps and reads signs of life; the caller commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def beat(self, worker: WorkerProcess) -> None:
        """Note that a worker lives."""
        now = self._clock()
        values = {
            "id": worker.id,
            "host": worker.host[:255],
            "pid": worker.pid,
            "version": worker.version,
            "started_at": worker.started_at,
            "beat_at": now,
        }
        self._session.execute(
            insert_or(self._session, WorkerBeat)
            .values(**values)
            .on_conflict_do_update(index_elements=["id"], set_={"beat_at": now}),
        )

    def end(self, worker: WorkerProcess) -> None:
        """Forget a worker that ends by itself."""
        self._session.execute(delete(WorkerBeat).where(WorkerBeat.id == worker.id))

    def latest(self) -> Sequence[WorkerBeat]:
        """Return every known worker, the one heard last first."""
        return self._session.scalars(select(WorkerBeat).order_by(WorkerBeat.beat_at.desc()).limit(1000)).all()

    def sweep(self) -> None:
        """Forget workers that are silent for a day."""
        self._session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < self._clock() - KEPT))
