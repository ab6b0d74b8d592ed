"""What the database says about grades on their way, while processes run."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import ScoreDelivery, WorkerBeat
from lti_tool.domain.scores import Delivery


class OnTheirWay(NamedTuple):
    waiting: int
    leased: int
    workers: int


def grades_on_their_way(database_url: str) -> OnTheirWay:
    engine = make_engine(database_url)
    with make_sessions(engine)() as session:
        session.connection(execution_options={"read_only": True})
        waiting = session.scalar(
            select(func.count()).select_from(ScoreDelivery).where(ScoreDelivery.state == Delivery.WAITING)
        )
        leased = session.scalar(select(func.count()).select_from(ScoreDelivery).where(ScoreDelivery.lease.is_not(None)))
        workers = session.scalar(select(func.count()).select_from(WorkerBeat))
    engine.dispose()
    return OnTheirWay(waiting or 0, leased or 0, workers or 0)
