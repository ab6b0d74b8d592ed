"""Sends how much of a certification's live time people have attended, to the columns of activities with dates.

As with trackers nobody waits for it in a request: what was noted in one course may count in the column of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import Attendance, LineItem, Membership, ResourceLink
from lti_tool.domain.actor import Learner
from lti_tool.domain.certification import FULL_WAY, live_time
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.roles import Role
from lti_tool.services.attendances import Attendances
from lti_tool.services.ports import Clock
from lti_tool.services.scores import Earned, Scores
from lti_tool.services.tracker_grades import DuePercentage


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
        of_column = and_(
            ResourceLink.registration_id == LineItem.registration_id, ResourceLink.id == LineItem.resource_link_id
        )
        of_course = and_(
            Membership.registration_id == ResourceLink.registration_id,
            Membership.context_id == ResourceLink.context_id,
            Membership.parts == Role.LEARNER,
        )
        of_person = and_(
            Attendance.registration_id == Membership.registration_id, Attendance.user_id == Membership.user_id
        )
        query = (
            select(LineItem.registration_id, LineItem.id, ResourceLink.module_id, Membership.user_id)
            .join(ResourceLink, of_column)
            .join(Membership, of_course)
            .join(Attendance, of_person)
            .where(ResourceLink.kind == ContentKind.DATES, ResourceLink.module_id.is_not(None))
            .distinct()
        )
        if since is not None:
            query = query.where(Attendance.changed_at >= since)
        return [
            DuePercentage(Learner(registration_id, user_id), line_item_id, way or "")
            for registration_id, line_item_id, way, user_id in self._session.execute(query)
        ]
