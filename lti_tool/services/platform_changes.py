"""What tells a process that platforms were changed by another one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lti_tool.db.engine import connection_of
from lti_tool.db.models import PlatformChange


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed since a number.

    Attributes:
        newest: the number of the last change, 0 if there was none.
        platforms: changed ones, by number and by issuer; None if it may be any of them.
    """

    newest: int
    platforms: frozenset[int | str] | None


class PlatformChanges:
    """Reads the numbers that the database gives to changes: one statement, however many platforms there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def since(self, number: int | None) -> Changes:
        """Return what was changed since a number was the newest; None is "since always".

        The number itself is asked for as well: one that is not found was given by another database, which this one
        has replaced. Very many changes, such as an import of towns, count as "any of them".
        """
        connection = connection_of(self._session)
        if number is not None:
            rows = connection.execute(_SINCE, {"number": number}).all()
            if (rows or number == 0) and len(rows) < _MOST:
                later = [row for row in rows if row.number > number]
                changed = frozenset(key for row in later for key in (row.registration_id, row.issuer))
                return Changes(max((row.number for row in later), default=number), changed)
        return Changes(connection.execute(_NEWEST).scalar_one(), None)


_MOST = 1000
_NEWEST = select(func.coalesce(func.max(PlatformChange.number), 0))
_SINCE = (
    select(PlatformChange.number, PlatformChange.registration_id, PlatformChange.issuer)
    .where(PlatformChange.number >= bindparam("number"))
    .order_by(PlatformChange.number)
    .limit(_MOST)
)
