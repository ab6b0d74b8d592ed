"""Puts the score that a person has earned into the outbox, and tells where it is on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, null, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Counts, Part
from lti_tool.db.models import Attempt, LineItem, Registration, ResourceLink, Review, ScoreDelivery
from lti_tool.db.upsert import insert_for
from lti_tool.domain.actor import Actor
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
class Earned:
    """What one person has earned in an activity.

    Attributes:
        comment: what a marker tells the person; "" where nobody marked.
    """

    user_id: UUID | None
    given: Decimal
    maximum: Decimal
    passed: bool
    submission: Submission | None = None
    comment: str = ""

    @property
    def as_a_pass(self) -> Earned:
        """The same where no points may be sent: everything or nothing."""
        return replace(self, given=self.maximum if self.passed else Decimal(0))


@dataclass(frozen=True, slots=True)
class _Final:
    """An attempt whose points are final."""

    id: UUID
    points: Decimal
    maximum: Decimal
    passed: bool
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

    def queue(
        self,
        actor: Actor,
        given: Decimal,
        maximum: Decimal,
        submission: Submission | None = None,
        *,
        passed: bool = True,
    ) -> None:
        """Send this value to the platform; an equal value that was sent or waits already is not sent twice.

        Runs in the transaction of the attempt, so that the attempt and its way to the gradebook are stored together.
        """
        if actor.line_item_id is None or not actor.keeps_progress:
            return
        earned = Earned(actor.user_id, given, maximum, passed, submission)
        self.put(actor.registration_id, actor.line_item_id, [earned])

    def queue_earned(self, column: ActivityColumn, *, again: bool, but_not: UUID | None = None) -> None:
        """Send the score that each person has earned in an activity.

        Args:
            column: the activity's.
            again: also what was sent already, as the column is another one now.
            but_not: a person whose score is just being sent there.
        """
        earned = self._earned(column.registration_id, column.resource_link_id)
        scores = [score for score in earned if score.user_id != but_not]
        self.put(column.registration_id, column.line_item_id, scores, again=again)

    def queue_person(self, registration_id: int, resource_link_id: UUID, user_id: UUID) -> None:
        """Send what one person has earned in an activity, as after an attempt was handed in, marked or graded anew."""
        self.queue_people(registration_id, resource_link_id, [user_id])

    def queue_people(self, registration_id: int, resource_link_id: UUID, people: Collection[UUID]) -> None:
        """Send the same for several people at once."""
        line_item_id = self._session.scalar(
            select(LineItem.id).where(
                LineItem.registration_id == registration_id, LineItem.resource_link_id == resource_link_id
            )
        )
        if line_item_id is not None:
            earned = self._earned(registration_id, resource_link_id, Attempt.user_id.in_(people))
            self.put(registration_id, line_item_id, earned)

    def _earned(self, registration_id: int, resource_link_id: UUID, *whose: ColumnElement[bool]) -> Sequence[Earned]:
        """What counts of each person's attempts at the activity's own module and part; learned along the way is not."""
        rows = self._session.execute(
            select(
                *(Attempt.id, Attempt.user_id, Attempt.points, Attempt.maximum, Attempt.passed),
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
            final = _Final(row.id, row.points, row.maximum, row.passed, submission, Counts(row.counts))
            by_person[row.user_id].append(final)
        chosen = {user_id: _chosen(attempts) for user_id, attempts in by_person.items()}
        comments = self._comments(registration_id, [attempt.id for attempt in chosen.values()])
        return [
            _what_counts(user_id, attempts, comments.get(chosen[user_id].id, ""))
            for user_id, attempts in by_person.items()
        ]

    def _comments(self, registration_id: int, attempts: Sequence[UUID]) -> Mapping[UUID, str]:
        """Return what markers say about attempts; of several reviews of one answer the latest."""
        rows = self._session.execute(
            select(Review.attempt_id, Review.question_id, Review.comment)
            .where(Review.registration_id == registration_id, Review.attempt_id.in_(attempts))
            .order_by(Review.at, Review.id),
        )
        latest: dict[UUID, dict[str, str]] = defaultdict(dict)
        for attempt_id, question_id, comment in rows:
            latest[attempt_id][question_id] = comment
        return {attempt_id: "\n\n".join(filter(None, said.values())) for attempt_id, said in latest.items()}

    def put(self, registration_id: int, line_item_id: UUID, scores: Sequence[Earned], *, again: bool = False) -> None:
        """Send what several people have earned in an activity.

        Where the platform gets no points, a pass is sent as the maximum. Who has not passed gets nothing sent, unless
        that takes back what the gradebook says already.
        """
        kept: Sequence[Earned] = scores
        if not self._sends_points(registration_id):
            told = self._told(registration_id, line_item_id, [one.user_id for one in scores if not one.passed])
            kept = [one.as_a_pass for one in scores if one.passed or one.user_id in told]
        self._write(registration_id, line_item_id, kept, again=again)

    def _sends_points(self, registration_id: int) -> bool:
        return bool(self._session.scalar(select(Registration.sends_points).where(Registration.id == registration_id)))

    def _told(self, registration_id: int, line_item_id: UUID, people: Sequence[UUID | None]) -> frozenset[UUID]:
        """Return of whom the gradebook has been told something."""
        if not people:
            return frozenset()
        told = self._session.scalars(
            select(ScoreDelivery.user_id).where(
                ScoreDelivery.registration_id == registration_id,
                ScoreDelivery.line_item_id == line_item_id,
                ScoreDelivery.user_id.in_(people),
            ),
        )
        return frozenset(told)

    def _write(self, registration_id: int, line_item_id: UUID, scores: Sequence[Earned], *, again: bool) -> None:
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
                "comment": score.comment,
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
        statement = _putting(self._session.get_bind().dialect.name, again)
        self._session.connection().execute(statement, rows)

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


def _chosen(attempts: Sequence[_Final]) -> _Final:
    return attempt_that_counts(attempts, attempts[-1].counts) or attempts[-1]


def _what_counts(user_id: UUID, attempts: Sequence[_Final], comment: str) -> Earned:
    """Points by the quiz's rule; passed once is passed, as it is for the certificate."""
    chosen = _chosen(attempts)
    given = points_that_count(attempts, attempts[-1].counts) or Decimal(0)
    passed = any(attempt.passed for attempt in attempts)
    return Earned(user_id, given, chosen.maximum, passed, chosen.submission, comment)


@lru_cache
def _putting(dialect: str, again: bool) -> Any:
    """The newest value wins.

    A leased row stays with its worker until the lease ends or is settled, so that one person's scores reach the
    platform in order.
    """
    table = ScoreDelivery
    statement = insert_for(dialect, table)
    new = statement.excluded
    values: dict[str, Any] = {
        **{name: new[name] for name in _FRESH},
        "revision": table.revision + 1,
        "next_try_at": case((table.lease.is_(None), new.next_try_at), else_=table.next_try_at),
    }
    if again:  # another column: what stands in it now is nothing that was sent before
        values |= {"sent_given": null(), "sent_maximum": null(), "held_at": null()}
    return statement.on_conflict_do_update(
        index_elements=["registration_id", "line_item_id", "user_id"],
        set_=values,
        where=None if again else _differs(new.given, new.maximum, new.comment),
    )


def _differs(given: Any, maximum: Any, comment: Any) -> Any:
    table = ScoreDelivery
    changed = (table.given != given) | (table.maximum != maximum) | (table.comment != comment)
    return changed | (table.state == Delivery.FAILED)


_FRESH = ("given", "maximum", "comment", "started_at", "submitted_at", "queued_at", "state", "tries", "reason")
