"""Sends how far people are on a way, to the grade columns of trackers that were made with one.

What somebody learns through one activity moves the percentage in others, in this course and elsewhere. So nobody waits
for it in a request: the worker looks who has learned something since it last looked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Exists, and_, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import LineItem, Membership, ModuleProgress, ResourceLink, ScoreDelivery
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.certification import FULL_WAY, route
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.roles import Role
from lti_tool.services.completions import Completions
from lti_tool.services.ports import Clock
from lti_tool.services.scores import Earned, Scores


@dataclass(frozen=True, slots=True)
class _Due:
    learner: Learner
    line_item_id: UUID
    way: str


class TrackerGrades:
    """The percentages of everybody in courses with a graded tracker."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def way_of(self, actor: Actor) -> str | None:
        """Return the certification that the activity somebody came through grades; None for one without grades."""
        if actor.kind != ContentKind.TRACKER or actor.line_item_id is None:
            return None
        return self._session.scalar(
            select(ResourceLink.module_id).where(
                ResourceLink.registration_id == actor.registration_id, ResourceLink.id == actor.resource_link_id
            )
        )

    def refresh(self, since: datetime | None) -> int:
        """Queue the percentage of everybody who has learned something since then; return how many were looked at."""
        completions = Completions(self._session, self._clock, self._catalogue)
        scores = Scores(self._session, self._clock)
        number = 0
        for due in list(self._due(since)):
            certification = self._catalogue.certification(due.way)
            if certification is None:
                continue
            way = route(certification, self._catalogue, completions.of(due.learner))
            reached = Earned(due.learner.user_id, way.percent, FULL_WAY, way.earned)
            scores.put(due.learner.registration_id, due.line_item_id, [reached])
            number += 1
        return number

    def _due(self, since: datetime | None) -> Iterator[_Due]:
        """Everybody who only learns in the course of a graded tracker, and has begun a module."""
        of_column = and_(
            ResourceLink.registration_id == LineItem.registration_id, ResourceLink.id == LineItem.resource_link_id
        )
        of_course = and_(
            Membership.registration_id == ResourceLink.registration_id,
            Membership.context_id == ResourceLink.context_id,
            Membership.parts == Role.LEARNER,
        )
        of_person = and_(
            ModuleProgress.registration_id == Membership.registration_id, ModuleProgress.user_id == Membership.user_id
        )
        query = (
            select(LineItem.registration_id, LineItem.id, ResourceLink.module_id, Membership.user_id)
            .join(ResourceLink, of_column)
            .join(Membership, of_course)
            .join(ModuleProgress, of_person)
            .where(ResourceLink.kind == ContentKind.TRACKER, ResourceLink.module_id.is_not(None))
            .distinct()
        )
        if since is not None:
            query = query.where(or_(ModuleProgress.updated_at >= since, ~_has_one()))
        for registration_id, line_item_id, way, user_id in self._session.execute(query):
            yield _Due(Learner(registration_id, user_id), line_item_id, way or "")


def _has_one() -> Exists:
    """A percentage was queued before; somebody without one may have learned long before the column came."""
    return exists().where(
        ScoreDelivery.registration_id == LineItem.registration_id,
        ScoreDelivery.line_item_id == LineItem.id,
        ScoreDelivery.user_id == Membership.user_id,
    )
