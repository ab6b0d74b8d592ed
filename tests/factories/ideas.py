"""Ideas that others may read, written straight into the tables: what many people and releases would leave behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from lti_tool.db.models import Context, Idea, IdeaVersion, PublishedIdea
from lti_tool.domain.ids import new_id


class IdeaBoard:
    """Writes ideas of one course; somebody must have launched there once."""

    def __init__(self, session, registration_id, now):
        self.session, self.registration_id, self.now = session, registration_id, now
        here = Context.registration_id == registration_id
        self.context_id = session.scalars(select(Context.id).where(here)).first()

    def publish(self, title, *, reach="all", days_ago=0.0, town="Stadt Olpe", context_id=None, **card) -> UUID:
        """Put one idea where others read it; return its id."""
        idea_id, at = new_id(), self.now - timedelta(days=days_ago)
        context = context_id or self.context_id
        self.session.execute(insert(Idea).values(
            registration_id=self.registration_id, id=idea_id, context_id=context, number=1, released_number=1,
            reach=reach, created_at=at, changed_at=at,
        ))  # fmt: skip
        texts = dict.fromkeys(("problem", "solution", "effect", "law", "needs"), "")
        rest = {"links": [], "themes": [], "competences": [], "signed": "town", "author_line": ""}
        written = {"registration_id": self.registration_id, "number": 1, "released_at": at, "title": title}
        written |= texts | rest | card
        self.session.add(IdeaVersion(idea_id=idea_id, revision=1, saved_at=at, **written))
        self.session.add(PublishedIdea(id=idea_id, context_id=context, reach=reach, town=town, **written))
        self.session.flush()
        return idea_id
