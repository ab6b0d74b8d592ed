"""Transcripts that people bring along: kept until the issuer was asked and the administrators have decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db.models import PresentedTranscript, TranscriptIssuer
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.transcripts import Fault, PassedModule, Transcript
from lti_tool.services.ports import Clock

GIVEN_UP_AFTER = timedelta(days=30)
"""So long an issuer that does not answer is asked again; what nobody wants any more is deleted after as long."""
MOST_UNCHECKED = 5
"""Transcripts of one person whose issuers still have to be asked."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


class Stage(StrEnum):
    """Where a presented transcript stands."""

    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    """The person has not said yet that it shall count."""
    CHECKING = "checking"
    WAITING = "waiting"
    """The administrators have to decide about its issuer."""
    DECLINED = "declined"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """One transcript as its holder sees it.

    Attributes:
        checked: the signature and the issuer's list of revocations are in order.
        tries: how often the issuer was asked in vain.
    """

    id: UUID
    issuer: str
    town: str
    modules: tuple[PassedModule, ...]
    stage: Stage
    fault: Fault | None
    checked: bool
    tries: int
    presented_at: datetime
    recognised_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A transcript whose issuer has to be asked."""

    registration_id: int
    id: UUID
    token: str


class PresentedTranscripts:
    """Keeps and finds them. Anybody else's do not exist here (`not_found`)."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def present(self, actor: Actor, token: str, transcript: Transcript) -> UUID:
        """Keep a transcript whose code was right; presented once more, the one that is there stays.

        Raises:
            Refusal: `role.forbidden` for a preview, `rate_limited` if too many of this person wait for their issuers.
        """
        if not actor.keeps_progress or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews present nothing")
        if there := self._same(actor, transcript):
            return there
        if self._unchecked(actor) >= MOST_UNCHECKED:
            raise Refusal(Code.RATE_LIMITED, "too many unchecked transcripts", retry_after=60)
        row = PresentedTranscript(
            registration_id=actor.registration_id,
            id=new_id(),
            user_id=actor.user_id,
            issuer=transcript.issuer,
            public_id=transcript.id,
            town_id=transcript.town.id,
            town_name=transcript.town.name,
            contents=[module.to_json() for module in transcript.modules],
            valid_until=transcript.valid_until,
            presented_at=self._clock(),
            token=token,
            tries=0,
            next_try_at=self._clock(),
            complete=False,
        )
        self._session.add(row)
        self._session.flush()  # settled next, perhaps in this very request
        return row.id

    def of_person(self, actor: Actor) -> list[Presented]:
        """Return what a person has presented, newest first."""
        if not actor.keeps_progress:
            return []
        query = _with_decision().where(
            PresentedTranscript.registration_id == actor.registration_id, PresentedTranscript.user_id == actor.user_id
        )
        rows = self._session.execute(query.order_by(PresentedTranscript.id.desc()))
        return [_presented(row) for row in rows]

    def own(self, actor: Actor, presented_id: UUID) -> Presented:
        """Return one transcript of this person.

        Raises:
            Refusal: `not_found`.
        """
        found = next((one for one in self.of_person(actor) if one.id == presented_id), None)
        if found is None:
            raise Refusal(Code.NOT_FOUND, "no such transcript of this person")
        return found

    def confirm(self, actor: Actor, presented_id: UUID) -> None:
        """Note that its holder wants it to count."""
        self.own(actor, presented_id)
        self._session.execute(
            update(PresentedTranscript)
            .where(
                PresentedTranscript.registration_id == actor.registration_id,
                PresentedTranscript.id == presented_id,
                PresentedTranscript.confirmed_at.is_(None),
            )
            .values(confirmed_at=self._clock())
            .execution_options(synchronize_session=False)
        )

    def remove(self, actor: Actor, presented_id: UUID) -> None:
        """Forget a transcript; one that counts stays, as what it made count does."""
        if self.own(actor, presented_id).stage is Stage.COUNTS:
            return
        self._session.execute(
            delete(PresentedTranscript)
            .where(
                PresentedTranscript.registration_id == actor.registration_id,
                PresentedTranscript.id == presented_id,
                PresentedTranscript.recognised_at.is_(None),
            )
            .execution_options(synchronize_session=False)
        )

    def due(self, most: int) -> Sequence[DueCheck]:
        """Return transcripts whose issuers have to be asked now."""
        rows = self._session.execute(
            select(PresentedTranscript.registration_id, PresentedTranscript.id, PresentedTranscript.token)
            .where(PresentedTranscript.next_try_at <= self._clock(), PresentedTranscript.token.is_not(None))
            .order_by(PresentedTranscript.next_try_at)
            .limit(most)
        )
        return [DueCheck(row.registration_id, row.id, row.token or "") for row in rows]

    def settle(self, registration_id: int, presented_id: UUID, fault: Fault | None) -> None:
        """Note what the check found. A genuine one is the person's alone from here on; else it is `taken`."""
        row = self._session.get(PresentedTranscript, (registration_id, presented_id), populate_existing=True)
        if row is None or row.token is None:
            return
        row.token = row.next_try_at = None
        row.fault = fault.value if fault else None
        if fault is None:
            try:
                with self._session.begin_nested():  # the unique constraint answers at its end
                    row.claim = f"{row.issuer} {row.public_id}"
            except IntegrityError:
                self._session.refresh(row)
                row.token = row.next_try_at = None
                row.fault = Fault.TAKEN.value
        self._session.flush()  # whether it counts is asked of the table next

    def postpone(self, registration_id: int, presented_id: UUID) -> None:
        """Ask again later, at growing intervals; after weeks of silence it is `issuer_away`."""
        row = self._session.get(PresentedTranscript, (registration_id, presented_id), populate_existing=True)
        if row is None or row.token is None:
            return
        now = self._clock()
        if now - row.presented_at > GIVEN_UP_AFTER:
            self.settle(registration_id, presented_id, Fault.ISSUER_AWAY)
            return
        row.tries += 1
        row.next_try_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(row.tries - 1, 10))
        self._session.flush()

    def sweep(self) -> None:
        """Delete what was refused, or never confirmed, long ago."""
        old = self._clock() - GIVEN_UP_AFTER - timedelta(days=1)
        self._session.execute(
            delete(PresentedTranscript)
            .where(
                PresentedTranscript.presented_at < old,
                PresentedTranscript.recognised_at.is_(None),
                or_(PresentedTranscript.fault.is_not(None), PresentedTranscript.confirmed_at.is_(None)),
            )
            .execution_options(synchronize_session=False)
        )

    def _same(self, actor: Actor, transcript: Transcript) -> UUID | None:
        return self._session.scalar(
            select(PresentedTranscript.id).where(
                PresentedTranscript.registration_id == actor.registration_id,
                PresentedTranscript.user_id == actor.user_id,
                PresentedTranscript.issuer == transcript.issuer,
                PresentedTranscript.public_id == transcript.id,
                PresentedTranscript.fault.is_(None),
            )
        )

    def _unchecked(self, actor: Actor) -> int:
        query = select(func.count()).where(
            PresentedTranscript.registration_id == actor.registration_id,
            PresentedTranscript.user_id == actor.user_id,
            PresentedTranscript.token.is_not(None),
        )
        return self._session.scalar(query) or 0


def _with_decision() -> Select[PresentedTranscript, bool | None]:
    return select(PresentedTranscript, TranscriptIssuer.accepted).outerjoin(
        TranscriptIssuer,
        (TranscriptIssuer.registration_id == PresentedTranscript.registration_id)
        & (TranscriptIssuer.issuer == PresentedTranscript.issuer)
        & (TranscriptIssuer.town_id == PresentedTranscript.town_id),
    )


def _presented(found: Row[PresentedTranscript, bool | None]) -> Presented:
    row, accepted = found
    return Presented(
        id=row.id,
        issuer=row.issuer,
        town=row.town_name,
        modules=tuple(map(PassedModule.from_json, row.contents)),
        stage=_stage(row, accepted),
        fault=Fault(row.fault) if row.fault else None,
        checked=row.claim is not None,
        tries=row.tries,
        presented_at=row.presented_at,
        recognised_at=row.recognised_at,
    )


def _stage(row: PresentedTranscript, accepted: bool | None) -> Stage:
    stages = (
        (row.recognised_at is not None, Stage.COUNTS),
        (row.fault is not None, Stage.REFUSED),
        (row.confirmed_at is None, Stage.UNCONFIRMED),
        (row.claim is None, Stage.CHECKING),
        (accepted is False, Stage.DECLINED),
    )
    return next((stage for holds, stage in stages if holds), Stage.WAITING)
