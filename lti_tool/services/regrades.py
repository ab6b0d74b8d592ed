"""Changes to questions as an instructor asks for them: first counted, then applied or dropped, and kept as history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Part
from lti_tool.db.models import Regrade
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.regrading import Change, Figures, Stage
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class RegradeView:
    """One change and how far it has got."""

    id: UUID
    module_id: str
    part: Part
    question_id: str
    change: Change
    stage: Stage
    figures: Figures
    asked_at: datetime
    applied_at: datetime | None
    total: int
    done: int

    @property
    def under_way(self) -> bool:
        """Whether the worker still has to do something."""
        return self.stage in {Stage.COUNTING, Stage.APPLYING}


class Regrades:
    """Changes of one course. Those of another course do not exist here."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def ask(self, actor: Actor, module_id: str, part: Part, question_id: str, change: Change) -> UUID:
        """Have it counted what a change would do; nothing else happens yet."""
        if actor.context_id is None:
            raise Refusal(Code.NOT_FOUND, "the launch belongs to no course")
        now = self._clock()
        row = Regrade(
            registration_id=actor.registration_id,
            id=new_id(),
            context_id=actor.context_id,
            module_id=module_id,
            part=part,
            question_id=question_id,
            change=change.to_json(),
            stage=Stage.COUNTING,
            figures={},
            asked_at=now,
            total=0,
            done=0,
            next_try_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def one(self, actor: Actor, regrade_id: UUID) -> RegradeView:
        """Return one change.

        Raises:
            Refusal: `not_found`.
        """
        return _view(self._own(actor, regrade_id))

    def history(self, actor: Actor, module_id: str) -> Sequence[RegradeView]:
        """Return the changes of a module's questions, newest first; what was dropped is not among them."""
        rows = self._session.scalars(
            select(Regrade)
            .where(
                Regrade.registration_id == actor.registration_id,
                Regrade.context_id == actor.context_id,
                Regrade.module_id == module_id,
                Regrade.stage != Stage.DISCARDED,
            )
            .order_by(Regrade.asked_at.desc(), Regrade.id)
        )
        return [_view(row) for row in rows]

    def apply(self, actor: Actor, regrade_id: UUID) -> None:
        """Let a change hold from now on, and have the attempts made so far graded by it; a second click does nothing.

        Raises:
            Refusal: `not_found`; `regrade.not_counted` as long as nobody can know what would change.
        """
        row = self._own(actor, regrade_id, lock=True)
        if row.stage in {Stage.APPLYING, Stage.DONE}:
            return
        if row.stage != Stage.PREVIEWED:
            raise Refusal(Code.REGRADE_NOT_COUNTED, row.stage)
        now = self._clock()
        row.stage, row.applied_at, row.next_try_at = Stage.APPLYING, now, now
        row.done, row.cursor, row.figures = 0, None, {}
        AuditLog(self._session, self._clock, Who.INSTRUCTOR).record(
            Action.QUESTION_REGRADED,
            f"{row.module_id}/{row.question_id}",
            registration_id=actor.registration_id,
            course=str(actor.context_id),
            set_aside=Change.from_json(row.change).sets_aside,
            attempts=row.total,
        )

    def discard(self, actor: Actor, regrade_id: UUID) -> None:
        """Drop a change that was not applied.

        Raises:
            Refusal: `not_found`, also for one that was applied.
        """
        row = self._own(actor, regrade_id, lock=True)
        if row.stage not in {Stage.COUNTING, Stage.PREVIEWED}:
            raise Refusal(Code.NOT_FOUND, "applied already")
        row.stage = Stage.DISCARDED

    def _own(self, actor: Actor, regrade_id: UUID, *, lock: bool = False) -> Regrade:
        query = select(Regrade).where(
            Regrade.registration_id == actor.registration_id,
            Regrade.context_id == actor.context_id,
            Regrade.id == regrade_id,
        )
        row = self._session.scalar(query.with_for_update() if lock else query)
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such change in this course")
        return row


def _view(row: Regrade) -> RegradeView:
    return RegradeView(
        id=row.id,
        module_id=row.module_id,
        part=Part(row.part),
        question_id=row.question_id,
        change=Change.from_json(row.change),
        stage=Stage(row.stage),
        figures=Figures.from_json(row.figures),
        asked_at=row.asked_at,
        applied_at=row.applied_at,
        total=row.total,
        done=row.done,
    )
