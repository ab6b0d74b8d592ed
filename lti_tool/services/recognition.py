"""Whose transcripts count on a platform, as its administrators decide, and what counts because of them.

What was recognised once stays, whatever is decided later: nobody loses what they have earned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.db.models import PresentedTranscript, TranscriptIssuer
from lti_tool.db.upsert import insert_once
from lti_tool.domain.actor import Learner
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.transcripts import PassedModule
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.module_credits import ModuleCredits
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress

_READY = (
    PresentedTranscript.claim.is_not(None),
    PresentedTranscript.confirmed_at.is_not(None),
    PresentedTranscript.recognised_at.is_(None),
    PresentedTranscript.fault.is_(None),
)
"""Checked, and wanted by its holder; only the administrators' word is missing."""


@dataclass(frozen=True, slots=True)
class IssuerLine:
    """A tool and a town, without a word about people.

    Attributes:
        accepted: None while nobody has decided.
        waiting: how many transcripts wait for that, or were declined.
        counting: how many count.
    """

    issuer: str
    town_id: str
    town: str
    accepted: bool | None
    decided_at: datetime | None
    waiting: int
    counting: int

    @property
    def undecided(self) -> bool:
        return self.accepted is None


class Recognition:
    """Decides, and lets modules count."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def issuers(self, registration_id: int) -> Sequence[IssuerLine]:
        """Return whose transcripts were brought, those that nobody has decided about first."""
        of_issuer = and_(
            PresentedTranscript.registration_id == TranscriptIssuer.registration_id,
            PresentedTranscript.issuer == TranscriptIssuer.issuer,
            PresentedTranscript.town_id == TranscriptIssuer.town_id,
        )
        waiting = func.sum(case((and_(*_READY), 1), else_=0))
        counting = func.count(PresentedTranscript.recognised_at)
        columns = TranscriptIssuer.__table__.c
        rows = self._session.execute(
            select(*columns, waiting.label("waiting"), counting.label("counting"))
            .outerjoin(PresentedTranscript, of_issuer)
            .where(TranscriptIssuer.registration_id == registration_id)
            .group_by(*columns)
            .order_by(TranscriptIssuer.accepted.is_not(None), TranscriptIssuer.town_name, TranscriptIssuer.issuer)
        )
        return [
            IssuerLine(row.issuer, row.town_id, row.town_name, row.accepted, row.decided_at, row.waiting, row.counting)
            for row in rows
        ]

    def decide(self, registration_id: int, issuer: str, town_id: str, *, accept: bool) -> None:
        """Take an issuer's word from now on, or no longer; what waits for it counts at once.

        Raises:
            Refusal: `not_found` for an issuer whose transcripts nobody has brought.
        """
        changed = self._session.execute(
            update(TranscriptIssuer)
            .where(
                TranscriptIssuer.registration_id == registration_id,
                TranscriptIssuer.issuer == issuer,
                TranscriptIssuer.town_id == town_id,
            )
            .values(accepted=accept, decided_at=self._clock())
            .returning(TranscriptIssuer.town_name)
            .execution_options(synchronize_session=False)
        ).first()
        if changed is None:
            raise Refusal(Code.NOT_FOUND, "nobody has brought a transcript of this issuer")
        AuditLog(self._session, self._clock, Who.ADMINISTRATOR).record(
            Action.TRANSCRIPTS_ACCEPTED if accept else Action.TRANSCRIPTS_DECLINED,
            issuer,
            registration_id=registration_id,
            town=changed.town_name,
        )
        self.recognise_accepted(
            PresentedTranscript.registration_id == registration_id,
            PresentedTranscript.issuer == issuer,
            PresentedTranscript.town_id == town_id,
        )

    def put_forward(self, registration_id: int, presented_id: UUID) -> None:
        """Name a transcript's issuer to the administrators; where they have accepted it already, it counts at once."""
        this_one = (
            PresentedTranscript.registration_id == registration_id,
            PresentedTranscript.id == presented_id,
        )
        row = self._session.execute(
            select(PresentedTranscript.issuer, PresentedTranscript.town_id, PresentedTranscript.town_name).where(
                *this_one, *_READY
            )
        ).first()
        if row is None:
            return
        seen = {"registration_id": registration_id, **row._mapping, "first_seen_at": self._clock()}  # noqa: SLF001 -- SQLAlchemy's public name
        insert_once(self._session, TranscriptIssuer, {**seen, "accepted": None, "decided_at": None})
        self.recognise_accepted(*this_one)

    def recognise_accepted(self, *which: ColumnElement[bool]) -> int:
        """Let all transcripts count that nothing stands against; return how many. Nothing is done twice."""
        accepted = exists().where(
            TranscriptIssuer.registration_id == PresentedTranscript.registration_id,
            TranscriptIssuer.issuer == PresentedTranscript.issuer,
            TranscriptIssuer.town_id == PresentedTranscript.town_id,
            TranscriptIssuer.accepted.is_(True),
        )
        rows = self._session.scalars(
            select(PresentedTranscript)
            .where(*which, *_READY, accepted)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for row in rows:
            row.recognised_at = self._clock()
            row.complete = self._count(row, frozenset())
        self._session.flush()  # pages shown next read the table
        return len(rows)

    def recognise_new_modules(self) -> None:
        """Let modules count that were not offered when their transcripts were recognised, and are now."""
        rows = self._session.scalars(
            select(PresentedTranscript)
            .where(PresentedTranscript.recognised_at.is_not(None), PresentedTranscript.complete.is_(False))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for row in rows:
            earlier = ModuleCredits(self._session, self._clock).recognised(Learner(row.registration_id, row.user_id))
            row.complete = self._count(row, earlier)
        self._session.flush()  # nobody else does it once more

    def _count(self, row: PresentedTranscript, but_not: frozenset[str]) -> bool:
        """Let what is not passed yet count; return whether every module of the transcript is offered here."""
        learner = Learner(row.registration_id, row.user_id)
        standings = Progress(self._session, self._clock).standings(learner)
        done = but_not | {module_id for module_id, standing in standings.items() if standing.passed_at is not None}
        modules = [PassedModule.from_json(one) for one in row.contents]
        offered = [module for module in modules if module.id in self._catalogue.modules]
        for module in offered:
            if module.id not in done:
                ModuleCredits(self._session, self._clock).recognise(learner, module)
        return len(offered) == len(modules)
