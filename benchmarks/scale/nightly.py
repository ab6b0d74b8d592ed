"""The worker's jobs: sweeping, attempts whose time is up, people whose term is over."""

from __future__ import annotations

import psycopg
from benchmarks.scale.meters import Cost, DatabaseMeter, process_cost
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.worker.erasing import NightlyErasure
from lti_tool.worker.overdue import OverdueHandIn
from tests.functional.conftest import RunningTool

OVERDUE, ENDED, IDLE = 200, 1000, 100
_SOME_ATTEMPTS = """
UPDATE attempt SET submitted_at = NULL, points = NULL, maximum = NULL, passed = NULL, sheet = NULL,
deadline_at = now() - interval '1 day' WHERE (registration_id, id) IN (
  SELECT registration_id, attempt_id FROM response GROUP BY 1, 2 ORDER BY 1, 2 LIMIT %s)
"""
_SOME_SESSIONS = """
UPDATE launch_session SET expires_at = now() - interval '1 day' WHERE (registration_id, id) IN (
  SELECT registration_id, id FROM launch_session LIMIT %s)
"""
_SOME_PEOPLE = """
UPDATE lti_user SET seen_in = '2020-01-01 00:00+00' WHERE (registration_id, id) IN (
  SELECT registration_id, id FROM lti_user ORDER BY 1, 2 DESC LIMIT %s)
"""


def costs(tool: RunningTool, watch: psycopg.Connection, database: DatabaseMeter) -> dict[str, Cost]:
    """Give each job something to do, and let it do it."""
    prepared = [watch.execute(statement, (count,)).rowcount for statement, count in (
        (_SOME_SESSIONS, ENDED), (_SOME_ATTEMPTS, OVERDUE), (_SOME_PEOPLE, IDLE),
    )]  # fmt: skip
    watch.execute("CHECKPOINT")
    extension = tool.app.extensions["smartcity"]
    sessions, clock = extension.sessions, tool.clock

    def sweep() -> None:
        with sessions.begin() as session:
            Housekeeping(session, clock).sweep()

    def hand_in() -> None:
        task = OverdueHandIn(sessions, clock, extension.catalogue)
        for _ in range(prepared[1] // 20 + 1):
            task()

    erased = 0

    def erase() -> None:
        nonlocal erased
        erased = NightlyErasure(sessions, clock).all_at_once()

    swept, handed_in, expired = (process_cost(job, database) for job in (sweep, hand_in, erase))
    return {
        f"sweep of {prepared[0]} ended sessions": swept,
        f"handing in {prepared[1]} overdue attempts": handed_in,
        f"the night: every platform, {erased} people erased": expired,
    }
