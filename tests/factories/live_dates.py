"""Live dates and places, written straight into the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import Context, LiveDate, LtiUser, SignUp
from lti_tool.domain.seats import Place


def live_date(session: Session, starts_at: datetime, *, minutes: int = 90, **facts) -> UUID:
    """Offer a date in the one course there is; `for_all=True` makes it the operator's."""
    context = session.scalars(select(Context).order_by(Context.id)).first()
    own = facts.pop("for_all", False)
    about = {"module_id": "datenrecht", "certification_id": None}
    if "certification_id" in facts:
        about = {"module_id": None, "certification_id": facts.pop("certification_id")}
    row = LiveDate(
        registration_id=None if own else context.registration_id,
        context_id=None if own else context.id,
        **{
            "whole_town": False,
            "series_id": None,
            **about,
            "title": "Datenrecht live",
            "trainer": "Dr. Ute Beispiel",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "sign_up_until": starts_at,
            "join_url": "https://meet.example/raum",
            "seats": 30,
            "seats_per_town": None,
            "arrivals": 0,
            "sequence": 0,
            "cancelled_at": None,
            "cancelled_because": "",
            "made_at": starts_at - timedelta(days=7),
            "changed_at": starts_at - timedelta(days=7),
            **facts,
        },
    )
    session.add(row)
    session.flush()
    return row.id


def place(session: Session, date_id: UUID, subject: str, at: datetime, state: Place = Place.SEAT) -> None:
    """Give somebody a seat, or a place in the waiting list."""
    user = session.scalars(select(LtiUser).where(LtiUser.subject == subject)).one()
    date = session.get_one(LiveDate, date_id)
    date.arrivals += 1
    session.add(
        SignUp(
            registration_id=user.registration_id,
            date_id=date_id,
            user_id=user.id,
            state=state,
            number=date.arrivals,
            signed_up_at=at,
            changed_at=at,
            news=None,
        )
    )
    session.flush()
