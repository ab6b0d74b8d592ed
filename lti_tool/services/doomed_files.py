"""Files without a row: of erased people, replaced ones, new ones until they are kept. No crash leaves one behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import DoomedFile
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.ports import Clock

BATCH = 100
TO_BE_KEPT_WITHIN = timedelta(minutes=10)
"""Much longer than storing a file may take."""


class DoomedFiles:
    """The list of them."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def note(self, keys: Sequence[str]) -> None:
        """Note files whose rows go in this transaction; a key begins with its registration."""
        now = self._clock()
        self._session.add_all(
            DoomedFile(registration_id=int(key.partition("/")[0]), key=key, noted_at=now) for key in keys
        )
        self._session.flush()

    def announce(self, key: str) -> None:
        """Note a file before it is stored: should nobody come to keep it, it goes by itself."""
        self._session.add(
            DoomedFile(registration_id=int(key.partition("/")[0]), key=key, noted_at=self._clock() + TO_BE_KEPT_WITHIN)
        )
        self._session.flush()

    def keep(self, key: str) -> None:
        """Strike off a file that was announced, with its row.

        Raises:
            Refusal: `files.away`: storing took so long that it may be gone again.
        """
        kept = self._session.execute(
            delete(DoomedFile).where(_is(key), DoomedFile.noted_at > self._clock() + TO_BE_KEPT_WITHIN / 2)
        )
        if cast("CursorResult[Any]", kept).rowcount != 1:
            raise Refusal(Code.FILES_AWAY, "storing took too long")

    def due(self, *, older_than: timedelta = timedelta(0)) -> Sequence[str]:
        """Return some of the files to be deleted, the oldest first.

        Whoever deletes them ends the transaction first, as a store may be slow; two who delete the same do no harm.
        """
        return self._session.scalars(
            select(DoomedFile.key)
            .where(DoomedFile.noted_at <= self._clock() - older_than)
            .order_by(DoomedFile.noted_at)
            .limit(BATCH)
        ).all()

    def strike_off(self, keys: Sequence[str]) -> None:
        """Forget files that are deleted."""
        for key in keys:
            self._session.execute(delete(DoomedFile).where(_is(key)))


def _is(key: str) -> ColumnElement[bool]:
    return and_(DoomedFile.registration_id == int(key.partition("/")[0]), DoomedFile.key == key)
