"""Puts the score that a person has earned into the outbox, and tells where it is on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Counts, Part
from lti_tool.db.models import Attempt, LineItem, ResourceLink, ScoreDelivery
from lti_tool.db.upsert import insert_for
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.counting import attempt_that_counts, points_that_count
from lti_tool.domain.scores import Delivery, Submission
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class ActivityColumn:
    """Our record of an activity's grade column; attempts at other modules than `module_id` do not count in it."""

    registration_id: int
    line_item_id: UUID
    resource_link_id: UUID
    module_id: str | None


@dataclass(frozen=True, slots=True)
class _Earned:
    user_id: UUID | None
    given: Decimal
    maximum: Decimal
    submission: Submission | None


@dataclass(frozen=True, slots=True)
class _Final:
    """An attempt whose points are final."""

    points: Decimal
    maximum: Decimal
    submission: Submission
    counts: Counts


@dataclass(frozen=True, slots=True)
class ScoreState:
    """Where a person's grade is.

    Attributes:
        delivery: None if the activity has no grade column or nothing was scored yet.
        changed_at: when it was queued or sent.
        reason: code of the failure (`domain.delivery`), also while a failed try waits for the next one.
    """

    delivery: Delivery | None = None
    changed_at: datetime | None = None
    reason: str | None = None


class Scores:
    """Scores of one activity."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def queue(self, actor: Actor, given: Decimal, maximum: Decimal, submission: Submission | None = None) -> None:
        """Send this value to the platform; an equal value that was sent or waits already is not sent twice.

        Runs in the transaction of the attempt, so that the attempt and its way to the gradebook are stored together.
        """
        if actor.line_item_id is None or not actor.keeps_progress:
            return
        self._put(
            actor.registration_id, actor.line_item_id, [_Earned(actor.user_id, given, maximum, submission)], again=False
        )

    def queue_value(self, learner: Learner, line_item_id: UUID, given: Decimal, maximum: Decimal) -> None:
        """Send a value that no attempt of this activity has earned, such as the percentage of a way."""
        earned = _Earned(learner.user_id, given, maximum, None)
        self._put(learner.registration_id, line_item_id, [earned], again=False)

    def queue_earned(self, column: ActivityColumn, *, again: bool, but_not: UUID | None = None) -> None:
        """Send the score that each person has earned in an activity.

        Args:
            column: the activity's.
            again: also what was sent already, as the column is another one now.
            but_not: a person whose score is just being sent there.
        """
        earned = self._earned(column.registration_id, column.resource_link_id)
        scores = [score for score in earned if score.user_id != but_not]
        self._put(column.registration_id, column.line_item_id, scores, again=again)

    def queue_person(self, registration_id: int, resource_link_id: UUID, user_id: UUID) -> None:
        """Send what one person has earned in an activity, as after an attempt was handed in, marked or graded anew."""
        line_item_id = self._session.scalar(
            select(LineItem.id).where(
                LineItem.registration_id == registration_id, LineItem.resource_link_id == resource_link_id
            )
        )
        if line_item_id is not None:
            earned = self._earned(registration_id, resource_link_id, Attempt.user_id == user_id)
            self._put(registration_id, line_item_id, earned, again=False)

    def _earned(self, registration_id: int, resource_link_id: UUID, *whose: ColumnElement[bool]) -> Sequence[_Earned]:
        """What counts of each person's attempts at the activity's own module and part; learned along the way is not."""
        rows = self._session.execute(
            select(
                *(Attempt.user_id, Attempt.points, Attempt.maximum),
                *(Attempt.started_at, Attempt.submitted_at, Attempt.counts),
            )
            .join(
                ResourceLink,
                and_(
                    ResourceLink.registration_id == Attempt.registration_id,
                    ResourceLink.id == Attempt.resource_link_id,
                    ResourceLink.module_id == Attempt.module_id,
                    Attempt.part == case((ResourceLink.kind == Part.ASSIGNMENT, Part.ASSIGNMENT), else_=Part.QUIZ),
                ),
            )
            .where(
                Attempt.registration_id == registration_id,
                Attempt.resource_link_id == resource_link_id,
                Attempt.submitted_at.is_not(None),
                Attempt.needs_marking.is_(False),
                *whose,
            )
            .order_by(Attempt.number),
        )
        by_person: dict[UUID, list[_Final]] = defaultdict(list)
        for row in rows:
            submission = Submission(row.started_at, row.submitted_at)
            by_person[row.user_id].append(_Final(row.points, row.maximum, submission, Counts(row.counts)))
        return [_what_counts(user_id, attempts) for user_id, attempts in by_person.items()]

    def _put(self, registration_id: int, line_item_id: UUID, scores: Sequence[_Earned], *, again: bool) -> None:
        if not scores:
            return
        now = self._clock()
        rows = [
            {
                "registration_id": registration_id,
                "line_item_id": line_item_id,
                "user_id": score.user_id,
                "given": score.given,
                "maximum": score.maximum,
                "started_at": score.submission.started_at if score.submission else None,
                "submitted_at": score.submission.submitted_at if score.submission else None,
                "revision": 1,
                "queued_at": now,
                "next_try_at": now,
                "state": Delivery.WAITING,
                "tries": 0,
                "reason": None,
            }
            for score in scores
        ]
        self._session.connection().execute(_putting(self._session.get_bind().dialect.name, again), rows)

    def state(self, actor: Actor) -> ScoreState:
        """Return where the person's grade of this activity is."""
        if actor.line_item_id is None:
            return ScoreState()
        row = self._session.execute(
            select(
                ScoreDelivery.state,
                ScoreDelivery.sent_at,
                ScoreDelivery.queued_at,
                ScoreDelivery.reason,
            ).where(
                ScoreDelivery.registration_id == actor.registration_id,
                ScoreDelivery.line_item_id == actor.line_item_id,
                ScoreDelivery.user_id == actor.user_id,
            ),
        ).one_or_none()
        if row is None:
            return ScoreState()
        delivery = Delivery(row.state)
        sent = delivery is Delivery.SENT
        return ScoreState(delivery, row.sent_at if sent else row.queued_at, row.reason)


def _what_counts(user_id: UUID, attempts: Sequence[_Final]) -> _Earned:
    counts = attempts[-1].counts
    chosen = attempt_that_counts(attempts, counts) or attempts[-1]
    given = points_that_count(attempts, counts) or Decimal(0)
    return _Earned(user_id, given, chosen.maximum, chosen.submission)


@lru_cache
def _putting(dialect: str, again: bool) -> Any:
    """The newest value wins.

    A leased row stays with its worker until the lease ends or is settled, so that one person's scores reach the
    platform in order.
    """
    table = ScoreDelivery
    statement = insert_for(dialect, table)
    new = statement.excluded
    fresh = ("given", "maximum", "started_at", "submitted_at", "queued_at", "state", "tries", "reason")
    return statement.on_conflict_do_update(
        index_elements=["registration_id", "line_item_id", "user_id"],
        set_={
            **{name: new[name] for name in fresh},
            "revision": table.revision + 1,
            "next_try_at": case((table.lease.is_(None), new.next_try_at), else_=table.next_try_at),
        },
        where=None
        if again
        else (table.given != new.given) | (table.maximum != new.maximum) | (table.state == Delivery.FAILED),
    )
