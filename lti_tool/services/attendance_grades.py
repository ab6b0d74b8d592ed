"""Sends how much of a certification's live time people have attended, to the columns of activities with dates.

As with trackers nobody waits for it in a request: what was noted in one course may count in the column of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import Attendance, Membership
from lti_tool.domain.actor import Learner
from lti_tool.domain.certification import FULL_WAY, live_time
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.services.attendances import Attendances
from lti_tool.services.ports import Clock
from lti_tool.services.scores import Earned, Scores
from lti_tool.services.tracker_grades import DuePercentage, graded_learners, never_told


class AttendanceGrades:
    """The percentages of everybody in courses with a graded activity for dates."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def queue(self, due: Iterable[DuePercentage]) -> None:
        """Queue percentages; an equal one is not sent twice."""
        attendances, scores = Attendances(self._session, self._clock), Scores(self._session, self._clock)
        for one in due:
            certification = self._catalogue.certification(one.way)
            live = live_time(certification, attendances.times(one.learner)) if certification else None
            if live:
                earned = Earned(one.learner.user_id, live.percent, FULL_WAY, not live.missing)
                scores.put(one.learner.registration_id, one.line_item_id, [earned])

    def due(self, since: datetime | None) -> Sequence[DuePercentage]:
        """Return people of these courses about whom something was noted since then; None for everybody."""
        of_person = and_(
            Attendance.registration_id == Membership.registration_id, Attendance.user_id == Membership.user_id
        )
        query = graded_learners(ContentKind.DATES).join(Attendance, of_person)
        if since is not None:
            query = query.where(or_(Attendance.changed_at >= since, never_told()))
        return [
            DuePercentage(Learner(registration_id, user_id), line_item_id, way or "")
            for registration_id, line_item_id, way, user_id in self._session.execute(query)
        ]
