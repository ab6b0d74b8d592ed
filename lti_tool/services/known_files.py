"""The files that the database knows, page by page, for whoever looks at all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import UploadedFile

PAGE = 500


class KnownFiles:
    """Reads only."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(UploadedFile)) or 0

    def page(self, after: str) -> Sequence[tuple[str, str]]:
        """Return key and SHA-256 of the files that follow a key, the first page after the empty one."""
        query = select(UploadedFile.key, UploadedFile.digest).where(UploadedFile.key > after)
        return [(row.key, row.digest) for row in self._session.execute(query.order_by(UploadedFile.key).limit(PAGE))]

    def knows(self, key: str) -> bool:
        """Whether a file is somebody's at this moment."""
        number = int(key.partition("/")[0])
        query = select(UploadedFile.id).where(UploadedFile.registration_id == number, UploadedFile.key == key)
        return self._session.scalar(query) is not None
