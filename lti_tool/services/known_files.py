"""The files that the database knows, page by page, for whoever looks at all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaPicture, UploadedFile

PAGE = 500
_TABLES = (UploadedFile, IdeaPicture)


class KnownFiles:
    """Reads only."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        """Return how many there are."""
        return sum(self._session.scalar(select(func.count()).select_from(table)) or 0 for table in _TABLES)

    def page(self, after: str) -> Sequence[tuple[str, str]]:
        """Return key and SHA-256 of the files that follow a key, the first page after the empty one."""
        parts = [select(table.key, table.digest).where(table.key > after) for table in _TABLES]
        rows = union_all(*parts).subquery()
        query = select(rows.c.key, rows.c.digest).order_by(rows.c.key).limit(PAGE)
        return [(row.key, row.digest) for row in self._session.execute(query)]

    def knows(self, key: str) -> bool:
        """Whether a file is somebody's at this moment."""
        number = int(key.partition("/")[0])
        queries = (select(table.id).where(table.registration_id == number, table.key == key) for table in _TABLES)
        return any(self._session.scalar(query) is not None for query in queries)
