"""The worker's jobs: sweeping, attempts whose time is up, people whose term is over."""

from __future__ import annotations

import psycopg

from benchmarks.scale.meters import Cost, DatabaseMeter, process_cost
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.worker.erasing import NightlyErasure
from lti_tool.worker.overdue import OverdueHandIn
from tests.functional.conftest import RunningTool

OVERDUE, ENDED, IDLE = 200, 1000, 100
SWEEP, HAND_IN, NIGHT = "a sweep", "handing in overdue attempts", "the night, every platform"
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
  SELECT registration_id, id FROM lti_user ORDER BY 1, 2 LIMIT %s)
"""


def prepare(watch: psycopg.Connection) -> tuple[int, int]:
    """Give each job something to do; return how many sessions and attempts."""
    sessions = watch.execute(_SOME_SESSIONS, (ENDED,)).rowcount
    attempts = watch.execute(_SOME_ATTEMPTS, (OVERDUE,)).rowcount
    watch.execute(_SOME_PEOPLE, (IDLE,))
    watch.execute("CHECKPOINT")
    return sessions, attempts


def costs(tool: RunningTool, database: DatabaseMeter, prepared: tuple[int, int]) -> dict[str, Cost]:
    """Let each job do what there is."""
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
    print(f"{prepared[0]} sessions ended, {prepared[1]} attempts overdue, {erased} people erased")
    return {SWEEP: swept, HAND_IN: handed_in, NIGHT: expired}
