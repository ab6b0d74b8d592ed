"""An author's own ideas: written, changed, asked for, withdrawn. Anybody else's do not exist here (`not_found`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import Idea, IdeaPicture, IdeaStep, IdeaVersion, PublishedIdea
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import Card, faults_of_card, faults_of_draft
from lti_tool.domain.idea_states import Reach, Stand, State, Step
from lti_tool.domain.ids import new_id
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.idea_removal import take_from_shelf
from lti_tool.services.idea_rows import card_of, columns_of, fill, keep_stand, must_be_seen, stand_of, wording
from lti_tool.services.picture_doom import let_pictures_go
from lti_tool.services.ports import Clock

MOST_OWN = 200
"""Cards of one person; who needs more writes for somebody else."""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A card in its author's list."""

    id: UUID
    title: str
    stand: Stand
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PastStep:
    """One line of a card's history."""

    step: Step
    reach: Reach | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIdea:
    """A card as its author sees it: its newest wording.

    Attributes:
        number: of its newest version.
        seen: names that wording; whoever changes or releases it says which one they saw.
        attempt_id: the Transferaufgabe it was made from.
    """

    id: UUID
    number: int
    card: Card
    seen: str
    stand: Stand
    rejected_for: str | None
    hidden_for: str | None
    attempt_id: UUID | None
    history: Sequence[PastStep]


class Ideas:
    """Of whoever acts, in every course of their town."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def mine(self, actor: Actor) -> Sequence[OwnLine]:
        """Return the person's cards, the one last changed first."""
        rows = self._session.execute(
            select(Idea, IdeaVersion.title)
            .join(IdeaVersion, _newest())
            .where(Idea.registration_id == actor.registration_id, Idea.author_id == actor.user_id)
            .order_by(Idea.changed_at.desc(), Idea.id)
            .limit(MOST_OWN)
        )
        return [OwnLine(row.id, title, stand_of(row), row.changed_at) for row, title in rows]

    def own(self, actor: Actor, idea_id: UUID) -> OwnIdea:
        """Return one card.

        Raises:
            Refusal: `not_found`.
        """
        idea, version = self._own(actor, idea_id)
        card = replace(card_of(version), licence_agreed=version.licence_agreed_at is not None, stays=idea.stays)
        return OwnIdea(
            id=idea.id,
            number=idea.number,
            card=card,
            seen=wording(version),
            stand=stand_of(idea),
            rejected_for=idea.rejected_for,
            hidden_for=idea.hidden_for,
            attempt_id=idea.attempt_id,
            history=self._history(idea),
        )

    def must_have_room(self, actor: Actor) -> None:
        """Make sure that the person may write one more card.

        Raises:
            Refusal: `idea.too_many`.
        """
        own = Idea.registration_id == actor.registration_id, Idea.author_id == actor.user_id
        if (self._session.scalar(select(func.count()).select_from(Idea).where(*own)) or 0) >= MOST_OWN:
            raise Refusal(Code.IDEA_TOO_MANY, f"{MOST_OWN} cards already")

    def start(self, actor: Actor, card: Card, attempt_id: UUID | None = None) -> UUID:
        """Keep a first draft; return its id.

        Raises:
            Refusal: `role.forbidden` for an anonymous launch or one without a course; `idea.too_many`; `bad_request`.
        """
        if actor.user_id is None or actor.context_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "nobody could be told what becomes of the card")
        self.must_have_room(actor)
        if faults_of_draft(card):
            raise Refusal(Code.BAD_REQUEST, "not a card that can be kept")
        now = self._clock()
        idea = Idea(
            registration_id=actor.registration_id,
            id=new_id(),
            author_id=actor.user_id,
            context_id=actor.context_id,
            attempt_id=attempt_id,
            number=1,
            stays=card.stays,
            created_at=now,
            changed_at=now,
        )
        self._session.add(idea)
        self._session.flush()  # its versions refer to it
        self._add_version(idea, card)
        return idea.id

    def save(self, actor: Actor, idea_id: UUID, card: Card, seen: str) -> None:
        """Keep a wording; a request for release is taken back by it. What is readable stays as it is.

        Raises:
            Refusal: `not_found`; `idea.changed` if another window saved meanwhile; `bad_request`.
        """
        idea, version = self._own(actor, idea_id, lock=True)
        if faults_of_draft(card):
            raise Refusal(Code.BAD_REQUEST, "not a card that can be kept")
        must_be_seen(version, seen)
        now = self._clock()
        if version.released_at is not None:
            idea.number += 1
            self._add_version(idea, card)
        else:
            fill(version, card)
            version.revision += 1
            version.saved_at, version.licence_agreed_at = now, now if card.licence_agreed else None
        keep_stand(idea, stand_of(idea).saved(), now)
        idea.stays, idea.changed_at = card.stays, now
        self._session.flush()

    def open_version(self, actor: Actor, idea_id: UUID) -> int:
        """Make ready for other pictures as if the same text were saved once more; return the version's number.

        Raises:
            Refusal: `not_found`.
        """
        idea = self.own(actor, idea_id)
        self.save(actor, idea_id, idea.card, idea.seen)
        return self.own(actor, idea_id).number

    def ask(self, actor: Actor, idea_id: UUID, reach: Reach, seen: str) -> None:
        """Ask for a release.

        Raises:
            Refusal: `not_found`; `idea.changed`; `idea.other_state` for a step that is not the next; `bad_request` for
                a card that is not whole.
        """
        idea, version = self._own(actor, idea_id, lock=True)
        must_be_seen(version, seen)
        if faults_of_card(replace(card_of(version), licence_agreed=version.licence_agreed_at is not None)):
            raise Refusal(Code.BAD_REQUEST, "something is missing on the card")
        self._step(idea, stand_of(idea).asking(reach), Step.ASKED, reach)

    def take_request_back(self, actor: Actor, idea_id: UUID) -> None:
        """Do not ask any more.

        Raises:
            Refusal: `not_found`.
        """
        idea, _ = self._own(actor, idea_id, lock=True)
        keep_stand(idea, stand_of(idea).not_asking(), self._clock())
        self._session.flush()

    def withdraw(self, actor: Actor, idea_id: UUID) -> None:
        """Let nobody read the card any more; the draft stays with its author.

        Raises:
            Refusal: `not_found`.
        """
        idea, _ = self._own(actor, idea_id, lock=True)
        stand = stand_of(idea)
        if stand.withdrawn:
            return
        self._step(idea, stand.taken_back(), Step.WITHDRAWN, stand.reach)
        row = self._session.get(PublishedIdea, (idea.registration_id, idea.id))
        if row is not None:
            take_from_shelf(self._session, self._clock, row, State.WITHDRAWN)
            AuditLog(self._session, self._clock, Who.PERSON).record(
                Action.IDEA_WITHDRAWN, str(idea.id), registration_id=idea.registration_id
            )

    def delete(self, actor: Actor, idea_id: UUID) -> None:
        """Delete a card that nobody else can read.

        Raises:
            Refusal: `not_found`; `idea.other_state` for one that is readable or hidden.
        """
        idea, _ = self._own(actor, idea_id, lock=True)
        if stand_of(idea).reach is not None:
            raise Refusal(Code.IDEA_OTHER_STATE, "to be withdrawn first")
        on_it = and_(IdeaPicture.registration_id == idea.registration_id, IdeaPicture.idea_id == idea.id)
        let_pictures_go(self._session, self._clock, on_it)
        self._session.delete(idea)
        self._session.flush()

    def _own(self, actor: Actor, idea_id: UUID, *, lock: bool = False) -> tuple[Idea, IdeaVersion]:
        query = select(Idea).where(
            Idea.registration_id == actor.registration_id, Idea.id == idea_id, Idea.author_id == actor.user_id
        )
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        idea = self._session.scalar(query) if actor.user_id else None
        if idea is None:
            raise Refusal(Code.NOT_FOUND, "no such card of this person")
        key = (idea.registration_id, idea.id, idea.number)
        return idea, self._session.get_one(IdeaVersion, key, populate_existing=lock)

    def _add_version(self, idea: Idea, card: Card) -> None:
        now = self._clock()
        self._session.add(
            IdeaVersion(
                registration_id=idea.registration_id,
                idea_id=idea.id,
                number=idea.number,
                revision=1,
                licence_agreed_at=now if card.licence_agreed else None,
                saved_at=now,
                **columns_of(card),
            )
        )
        self._session.flush()

    def _step(self, idea: Idea, stand: Stand, step: Step, reach: Reach | None) -> None:
        now = self._clock()
        keep_stand(idea, stand, now)
        self._session.add(
            IdeaStep(
                registration_id=idea.registration_id,
                idea_id=idea.id,
                number=idea.number,
                step=step,
                reach=reach,
                reason="",
                at=now,
            )
        )
        self._session.flush()

    def _history(self, idea: Idea) -> list[PastStep]:
        rows = self._session.scalars(
            select(IdeaStep)
            .where(IdeaStep.registration_id == idea.registration_id, IdeaStep.idea_id == idea.id)
            .order_by(IdeaStep.at.desc(), IdeaStep.id.desc())
        )
        return [PastStep(Step(row.step), Reach(row.reach) if row.reach else None, row.reason, row.at) for row in rows]


def _newest() -> ColumnElement[bool]:
    return (
        (IdeaVersion.registration_id == Idea.registration_id)
        & (IdeaVersion.idea_id == Idea.id)
        & (IdeaVersion.number == Idea.number)
    )
