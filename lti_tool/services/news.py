"""Whether a landing page has anything to tell: one question for all kinds of news, as the answer mostly is no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, exists, select
from sqlalchemy.orm import Session

from lti_tool.db.engine import connection_of
from lti_tool.db.models import Attempt, LiveDate, SignUp
from lti_tool.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Untold:
    """Of what a person has not been told something yet."""

    marks: bool = False
    dates: bool = False


def untold(session: Session, actor: Actor, now: datetime) -> Untold:
    """Return of what there is news for a person: marks in this activity, dates wherever they are."""
    if not actor.keeps_progress:
        return Untold()
    who = {"registration": actor.registration_id, "person": actor.user_id, "link": actor.resource_link_id, "now": now}
    row = connection_of(session).execute(_UNTOLD, who).one()
    return Untold(marks=row.marks, dates=row.dates)


def _untold() -> Any:
    attempt, date, sign_up = Attempt.__table__.c, LiveDate.__table__.c, SignUp.__table__.c
    registration: BindParameter[int] = bindparam("registration")
    person: BindParameter[UUID] = bindparam("person")
    marks = exists().where(
        attempt.registration_id == registration,
        attempt.user_id == person,
        attempt.resource_link_id == bindparam("link"),
        attempt.marks_unseen,
    )
    dates = exists().where(
        sign_up.registration_id == registration,
        sign_up.user_id == person,
        sign_up.news.is_not(None),
        date.id == sign_up.date_id,
        date.ends_at > bindparam("now"),
    )
    return select(marks.label("marks"), dates.label("dates"))


_UNTOLD = _untold()
