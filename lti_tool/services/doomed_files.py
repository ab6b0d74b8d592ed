"""Files of erased people: noted with the erasure, deleted after it, by whoever comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.db.models import DoomedFile
from lti_tool.services.ports import Clock, FileStore

BATCH = 100


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

    def delete(self, store: FileStore, *, older_than: timedelta = timedelta(0)) -> int:
        """Delete a batch of files and strike them off; return how many. One that is gone already counts as well.

        Raises:
            OSError: the store is away; the files stay noted.
        """
        before = self._clock() - older_than
        rows = self._session.execute(
            select(DoomedFile.registration_id, DoomedFile.key)
            .where(DoomedFile.noted_at <= before)
            .order_by(DoomedFile.noted_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            store.delete(row.key)
            self._session.execute(
                delete(DoomedFile).where(DoomedFile.registration_id == row.registration_id, DoomedFile.key == row.key)
            )
        return len(rows)
