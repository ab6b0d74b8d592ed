"""Cards that were made searchable by earlier rules are written anew, some at a time, without anybody's doing."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.db.models import PublishedIdea
from lti_tool.db.models.idea import make_searchable
from lti_tool.domain.search_words import RULES

BATCH = 200


class IdeaRenewal:
    """Changes only what cards are searched by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def renew(self) -> int:
        """Write a batch anew; return how many there were. Cards that somebody is just releasing write themselves."""
        earlier = or_(PublishedIdea.search_rules.is_(None), PublishedIdea.search_rules < RULES)
        query = select(PublishedIdea).where(earlier).limit(BATCH).with_for_update(skip_locked=True)
        rows = self._session.scalars(query).all()
        for row in rows:
            make_searchable(row)
        self._session.flush()
        return len(rows)
