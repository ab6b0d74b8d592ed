"""How sign-ups for live dates move from one identity to another, and back again.

Who had a place under both identities keeps the better one. The other goes to who waits, and comes back, if the merge
is undone, as the place in the waiting list that its number stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import SignUp
from lti_tool.db.upsert import insert_once
from lti_tool.domain.seats import Place
from lti_tool.services.identity_moves import Pair
from lti_tool.services.ports import Clock
from lti_tool.services.sign_ups import SignUps

Moved = Mapping[str, Sequence[Mapping[str, Any]]]


def join_sign_ups(session: Session, clock: Clock, pair: Pair) -> Moved:
    """Give the sign-ups of one identity to the other; return which rows moved, and which were given up."""
    sign_ups = SignUps(session, clock)
    dates = sign_ups.dates_of(pair.registration_id, [pair.goes])
    for date_id in dates:
        sign_ups.hold(date_id)
    moved, given_up = [], []
    for date_id in dates:
        rows = sorted(_rows(session, pair, date_id), key=lambda row: (row.state != Place.SEAT, row.number))
        for worse in rows[1:]:
            given_up.append(_noted(worse) | {"signed_up_at": worse.signed_up_at.isoformat()})
            _delete(session, worse)
        if rows[0].user_id == pair.goes:
            moved.append(_noted(rows[0]))
            _give(session, rows[0], pair.stays)
    sign_ups.fill(UUID(one["date_id"]) for one in given_up)
    return {"moved": moved, "given_up": given_up}


def part_sign_ups(session: Session, clock: Clock, joined: Moved, pair: Pair) -> None:
    """Give back what is still there, as it stands now; what was given up waits again in its former order."""
    sign_ups = SignUps(session, clock)
    moved, given_up = joined.get("moved", ()), joined.get("given_up", ())
    for date_id in sorted({UUID(one["date_id"]) for one in (*moved, *given_up)}):
        sign_ups.hold(date_id)
    for one in moved:
        for row in _rows(session, pair, UUID(one["date_id"])):
            if row.user_id == pair.stays and row.number == one["number"]:
                _give(session, row, pair.goes)
    for one in given_up:
        facts = {
            "registration_id": pair.registration_id,
            "date_id": UUID(one["date_id"]),
            "user_id": UUID(one["user_id"]),
            "signed_up_at": datetime.fromisoformat(one["signed_up_at"]),
        }
        now = clock()
        insert_once(
            session,
            SignUp,
            {**facts, "state": Place.WAITING.value, "number": one["number"], "changed_at": now, "news": None},
        )
    sign_ups.fill(UUID(one["date_id"]) for one in given_up)


def _rows(session: Session, pair: Pair, date_id: UUID) -> Sequence[SignUp]:
    query = select(SignUp).where(
        SignUp.registration_id == pair.registration_id,
        SignUp.date_id == date_id,
        SignUp.user_id.in_([pair.goes, pair.stays]),
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _noted(row: SignUp) -> dict[str, Any]:
    return {"date_id": str(row.date_id), "user_id": str(row.user_id), "number": row.number}


def _here(row: SignUp) -> tuple[Any, ...]:
    return SignUp.registration_id == row.registration_id, SignUp.date_id == row.date_id, SignUp.user_id == row.user_id


def _give(session: Session, row: SignUp, user_id: UUID) -> None:
    session.execute(
        update(SignUp).where(*_here(row)).values(user_id=user_id).execution_options(synchronize_session=False)
    )


def _delete(session: Session, row: SignUp) -> None:
    session.execute(delete(SignUp).where(*_here(row)).execution_options(synchronize_session=False))
