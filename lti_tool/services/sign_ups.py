"""Signing up for a live date, leaving it, and moving up: one at a time for each date, in the order of arrival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import LiveDate, LtiUser, Registration, SignUp
from lti_tool.db.upsert import insert_once
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.live_dates import Closed, NotPossible, Occasion
from lti_tool.domain.seats import Limits, News, Place, Waiting, has_room, moving_up
from lti_tool.services.live_dates import occasion_of, visible_to
from lti_tool.services.ports import Clock


class SignUps:
    """Whoever wants to change a date's sign-ups holds its row until the end of the transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def sign_up(self, actor: Actor, date_id: UUID) -> Place:
        """Give a seat, or the last place in the waiting list.

        Raises:
            Refusal: `role.forbidden` for a preview, `not_found` for a date that is not for this person.
            NotPossible: cancelled, begun, too late, or signed up already.
        """
        user_id = self._hold_person(actor)
        occasion, number = self._arrive(actor, date_id)
        now = self._clock()
        if closed := occasion.closed_to_newcomers(now):
            raise NotPossible(closed)
        row = {"registration_id": actor.registration_id, "date_id": date_id, "user_id": user_id}
        town = self._town(actor.registration_id)
        place = Place.SEAT if has_room(occasion.plan.limits, self.taken(date_id), town) else Place.WAITING
        facts = {"state": place.value, "number": number, "signed_up_at": now, "changed_at": now, "news": None}
        if not insert_once(self._session, SignUp, {**row, **facts}):
            raise NotPossible(Closed.TWICE)
        return place

    def leave(self, actor: Actor, date_id: UUID) -> None:
        """Give a seat or a place in the waiting list back; who waits longest moves up.

        Raises:
            Refusal: `role.forbidden`, `not_found`.
            NotPossible: cancelled, begun, or not signed up.
        """
        user_id = self._hold_person(actor)
        occasion = self.hold(date_id)
        if occasion is None:
            raise Refusal(Code.NOT_FOUND, "no such date")
        gone = self._session.execute(
            delete(SignUp)
            .where(
                SignUp.registration_id == actor.registration_id,
                SignUp.date_id == date_id,
                SignUp.user_id == user_id,
            )
            .returning(SignUp.number)
            .execution_options(synchronize_session=False)
        ).first()
        if gone is None:
            raise NotPossible(Closed.NOT_SIGNED_UP)
        if closed := occasion.closed_to_leavers(self._clock()):
            raise NotPossible(closed)
        self.move_up(date_id, occasion.plan.limits)

    def hold(self, date_id: UUID) -> Occasion | None:
        """Lock a date until the end of the transaction and return it as it is now."""
        row = self._session.get(LiveDate, date_id, populate_existing=True, with_for_update=True)
        return occasion_of(row) if row else None

    def move_up(self, date_id: UUID, limits: Limits) -> None:
        """Give free seats of a date that is held to those who wait; they are told at their next launch."""
        taken = self.taken(date_id)
        if sum(taken.values()) >= limits.seats:
            return
        for person in list(moving_up(limits, taken, self._waiting(date_id))):
            self._session.execute(
                update(SignUp)
                .where(
                    SignUp.registration_id == person.registration_id,
                    SignUp.date_id == date_id,
                    SignUp.user_id == person.user_id,
                )
                .values(state=Place.SEAT.value, changed_at=self._clock(), news=News.MOVED_UP.value)
                .execution_options(synchronize_session=False)
            )

    def dates_of(self, registration_id: int, user_ids: Sequence[UUID]) -> Sequence[UUID]:
        """Return the dates that people signed up for, in an order in which they can be held."""
        query = select(SignUp.date_id).where(SignUp.registration_id == registration_id, SignUp.user_id.in_(user_ids))
        return self._session.scalars(query.distinct().order_by(SignUp.date_id)).all()

    def fill(self, date_ids: Iterable[UUID]) -> None:
        """Give the seats that erased people had to those who wait."""
        for date_id in date_ids:
            occasion = self.hold(date_id)
            if occasion and not occasion.closed_to_leavers(self._clock()):
                self.move_up(date_id, occasion.plan.limits)

    def taken(self, date_id: UUID) -> Counter[int]:
        """Count the seats that each town's people have."""
        rows = self._session.execute(
            select(Registration.municipality_id, func.count())
            .select_from(SignUp)
            .join(Registration, Registration.id == SignUp.registration_id)
            .where(SignUp.date_id == date_id, SignUp.state == Place.SEAT)
            .group_by(Registration.municipality_id)
        )
        return Counter({row[0]: row[1] for row in rows})

    def read(self, actor: Actor, date_id: UUID) -> None:
        """Remember that a person was told."""
        self._session.execute(
            update(SignUp)
            .where(
                SignUp.registration_id == actor.registration_id,
                SignUp.date_id == date_id,
                SignUp.user_id == actor.user_id,
            )
            .values(news=None)
            .execution_options(synchronize_session=False)
        )

    def _hold_person(self, actor: Actor) -> UUID:
        """Before the date, as erasing does: so the two never wait for each other."""
        if not actor.keeps_progress or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews sign up for nothing")
        found = self._session.scalar(
            select(LtiUser.id)
            .where(LtiUser.registration_id == actor.registration_id, LtiUser.id == actor.user_id)
            .with_for_update(read=True, key_share=True)
        )
        if found is None:
            raise Refusal(Code.SESSION_EXPIRED, "the person was erased")
        return found

    def _arrive(self, actor: Actor, date_id: UUID) -> tuple[Occasion, int]:
        """Draw the next number of a date; whoever comes at the same moment waits here, and nobody overtakes."""
        row = self._session.scalar(
            update(LiveDate)
            .where(LiveDate.id == date_id, visible_to(actor))
            .values(arrivals=LiveDate.arrivals + 1)
            .returning(LiveDate)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such date for this course")
        return occasion_of(row), row.arrivals

    def _waiting(self, date_id: UUID) -> list[Waiting]:
        rows = self._session.execute(
            select(SignUp.registration_id, SignUp.user_id, Registration.municipality_id)
            .join(Registration, Registration.id == SignUp.registration_id)
            .where(SignUp.date_id == date_id, SignUp.state == Place.WAITING)
            .order_by(SignUp.number)
        )
        return [Waiting(*row) for row in rows]

    def _town(self, registration_id: int) -> int:
        query = select(Registration.municipality_id).where(Registration.id == registration_id)
        return self._session.execute(query).scalar_one()
