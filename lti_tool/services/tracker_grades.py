"""Sends how far people are on a way, to the grade columns of trackers that were made with one.

What somebody learns through one activity moves the percentage in others, in this course and elsewhere. So nobody waits
for it in a request: the worker looks for whom something has changed since it last looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.db.models import (
    Attendance,
    IssuedProof,
    LineItem,
    Membership,
    ModuleProgress,
    Registration,
    ResourceLink,
    ScoreDelivery,
)
from lti_tool.domain.actor import Learner
from lti_tool.domain.certification import FULL_WAY, route
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.proofs import ProofKind
from lti_tool.domain.roles import Role
from lti_tool.services.completions import Completions
from lti_tool.services.ports import Clock
from lti_tool.services.scores import Earned, Scores


@dataclass(frozen=True, slots=True)
class DuePercentage:
    """A person, a tracker's grade column, and the certification whose percentage stands in it."""

    learner: Learner
    line_item_id: UUID
    way: str


class TrackerGrades:
    """The percentages of everybody in courses with a graded tracker."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def queue(self, due: Iterable[DuePercentage]) -> None:
        """Queue percentages; an equal one is not sent twice."""
        completions = Completions(self._session, self._clock, self._catalogue)
        scores = Scores(self._session, self._clock)
        for one in due:
            certification = self._catalogue.certification(one.way)
            if certification is None:
                continue
            percent = self._percent(one.learner, certification, completions)
            reached = Earned(one.learner.user_id, percent, FULL_WAY, percent == FULL_WAY)
            scores.put(one.learner.registration_id, one.line_item_id, [reached])

    def due(self, since: datetime | None) -> Sequence[DuePercentage]:
        """Return for whom something has changed since then; None for everybody.

        These are people who only learn in the course of a graded tracker and have begun a module.
        """
        of_person = and_(
            ModuleProgress.registration_id == Membership.registration_id, ModuleProgress.user_id == Membership.user_id
        )
        query = graded_learners(ContentKind.TRACKER).join(ModuleProgress, of_person)
        if since is not None:
            moved = (_revoked_since(since), _attended_since(since), never_told())
            query = query.where(or_(ModuleProgress.updated_at >= since, *moved))
        return [
            DuePercentage(Learner(registration_id, user_id), line_item_id, way or "")
            for registration_id, line_item_id, way, user_id in self._session.execute(query)
        ]

    def _percent(self, learner: Learner, certification: Certification, completions: Completions) -> Decimal:
        """A certificate that was issued is the whole way, even if the rule asks for more today."""
        way = route(certification, self._catalogue, completions.of(learner))
        if way.earned or not self._has_certificate(learner, certification):
            return way.percent
        return FULL_WAY

    def _has_certificate(self, learner: Learner, certification: Certification) -> bool:
        issued = exists().where(
            IssuedProof.registration_id == learner.registration_id,
            IssuedProof.user_id == learner.user_id,
            IssuedProof.kind == ProofKind.CERTIFICATE.value,
            IssuedProof.subject_id == certification.id,
            IssuedProof.revoked_at.is_(None),
        )
        return bool(self._session.scalar(select(issued)))


def graded_learners(kind: ContentKind) -> Select[int, UUID, str | None, UUID]:
    """Select columns of activities of a kind that send a percentage, each with who only learns in its course."""
    of_column = and_(
        ResourceLink.registration_id == LineItem.registration_id, ResourceLink.id == LineItem.resource_link_id
    )
    of_course = and_(
        Membership.registration_id == ResourceLink.registration_id,
        Membership.context_id == ResourceLink.context_id,
        Membership.parts == Role.LEARNER,
    )
    return (
        select(LineItem.registration_id, LineItem.id, ResourceLink.module_id, Membership.user_id)
        .join(Registration, Registration.id == LineItem.registration_id)
        .join(ResourceLink, of_column)
        .join(Membership, of_course)
        .where(ResourceLink.kind == kind, ResourceLink.module_id.is_not(None))
        .distinct()
    )


def never_told() -> ColumnElement[bool]:
    """No percentage was queued yet; somebody without one may have learned long before the column came."""
    queued = exists().where(
        ScoreDelivery.registration_id == LineItem.registration_id,
        ScoreDelivery.line_item_id == LineItem.id,
        ScoreDelivery.user_id == Membership.user_id,
    )
    return and_(Registration.sends_points, ~queued)


def _revoked_since(since: datetime) -> Exists:
    return exists().where(
        IssuedProof.registration_id == Membership.registration_id,
        IssuedProof.user_id == Membership.user_id,
        IssuedProof.revoked_at >= since,
    )


def _attended_since(since: datetime) -> Exists:
    return exists().where(
        Attendance.registration_id == Membership.registration_id,
        Attendance.user_id == Membership.user_id,
        Attendance.changed_at >= since,
    )
