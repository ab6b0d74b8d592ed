"""Finds ideas that somebody may read: by words and filters, newest or best first, a page at a time.

Who may read what stands in the query itself, so that nothing is ever found first and left out later. There is no order
by likes, as there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, select, true, union_all
from sqlalchemy.orm import Session

from lti_tool.db.models import PublishedIdea
from lti_tool.domain.actor import Actor
from lti_tool.domain.idea_cards import Cost, Effort, Theme
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.idea_tags import Facet, at_most, audience, tag
from lti_tool.domain.search_words import asked_words
from lti_tool.services.idea_full_text import FULL_TEXTS, Match
from lti_tool.services.idea_shelf import ReadableIdea, readable, visible_to

PAGE = 20
MOST_COUNTED = 200
"""So many of the newest that fit are counted, and put in order of how well they do."""
MOST_EXPORTED = 5000
_NEWEST = 1000
LARGEST_NUMBER = (1 << 63) - 1
_number = PublishedIdea.search_number
_READABLE = PublishedIdea.gone.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for.

    Attributes:
        cost: at most; so is `effort`.
        reach: only what goes this far: `town` is what the own town wrote for itself.
        after: `search_number` of the last idea on the page before.
    """

    words: str = ""
    theme: Theme | None = None
    competence: str = ""
    effort: Effort | None = None
    cost: Cost | None = None
    reach: Reach | None = None
    by_relevance: bool = False
    after: int | None = None

    @property
    def tags(self) -> tuple[tuple[str, ...], ...]:
        """The filters as words of the full text."""
        chosen: list[tuple[str, ...]] = []
        if self.theme:
            chosen.append((tag(Facet.THEME, self.theme),))
        if self.competence:
            chosen.append((tag(Facet.COMPETENCE, self.competence),))
        chosen += [at_most(limit) for limit in (self.effort, self.cost) if limit]
        return tuple(chosen)


@dataclass(frozen=True, slots=True)
class Found:
    """One page.

    Attributes:
        count: how many there are from this page on, `MOST_COUNTED` + 1 for more than are counted.
        next: what `Wanted.after` is for the next page; None on the last.
    """

    ideas: Sequence[ReadableIdea]
    count: int
    next: int | None


class IdeaSearch:
    """Reads."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor
        self._full_text = FULL_TEXTS[session.get_bind().dialect.name]

    def find(self, wanted: Wanted) -> Found:
        """Return a page."""
        best_first = wanted.by_relevance and bool(asked_words(wanted.words))
        numbers = self._ranked(wanted) if best_first else self._numbers(wanted, MOST_COUNTED + 1)
        shown = numbers[:PAGE]
        return Found(self._rows(shown), len(numbers), shown[-1] if len(numbers) > PAGE else None)

    def every(self, wanted: Wanted) -> Iterator[ReadableIdea]:
        """Yield what fits, newest first, up to `MOST_EXPORTED`."""
        numbers = self._numbers(replace(wanted, after=None), MOST_EXPORTED)
        for begin in range(0, len(numbers), PAGE):
            yield from self._rows(numbers[begin : begin + PAGE])
            self._session.expunge_all()

    def _rows(self, numbers: Sequence[int]) -> list[ReadableIdea]:
        here = _number.in_(numbers), _READABLE, visible_to(self._actor)
        by_number = {row.search_number: row for row in self._session.scalars(select(PublishedIdea).where(*here))}
        return [readable(by_number[number], self._actor) for number in numbers if number in by_number]

    def statement(self, wanted: Wanted, match: Match, since: int = 0) -> Select[Any]:
        """Return the query for numbers and ranks of what fits, newest first, beginning after the page before."""
        columns: list[Any] = [match.number, match.rank]
        query = select(*columns).select_from(match.source).where(match.condition, _READABLE, visible_to(self._actor))
        if wanted.after is not None:
            query = query.where(match.number < wanted.after)
        if since:
            return query.where(match.number >= since).order_by(match.number.desc())
        return query.order_by(match.order.desc())

    def match(self, wanted: Wanted) -> Match | None:
        """Return what finds it; None if it is neither words nor filters."""
        words, tags = asked_words(wanted.words), wanted.tags
        if not words and not tags:
            return None
        readers = [wanted.reach] if wanted.reach else list(Reach)
        mine = [audience(reach, self._actor.registration_id, self._actor.context_id) for reach in readers]
        return self._full_text(words, [*tags, mine])

    def _numbers(self, wanted: Wanted, most: int) -> Sequence[int]:
        match = self.match(wanted)
        if match is None:
            return self._session.scalars(self._newest_of_all(wanted, most)).all()
        return [row[0] for row in self._matching(wanted, match, most)]

    def _matching(self, wanted: Wanted, match: Match, most: int) -> Sequence[Any]:
        if match.looks_at_newest_first:
            since = select(_number).where(_number < self._upper(wanted)).order_by(_number.desc()).offset(_NEWEST)
            first = self._session.scalar(since.limit(1))
            if first:
                rows = self._session.execute(self.statement(wanted, match, first).limit(most)).all()
                if len(rows) >= most:
                    return rows
        return self._session.execute(self.statement(wanted, match).limit(most)).all()

    def _ranked(self, wanted: Wanted) -> Sequence[int]:
        match = self.match(wanted)
        rows = self._matching(replace(wanted, after=None), match, MOST_COUNTED) if match else ()
        best = [row[0] for row in sorted(rows, key=lambda one: (one[1], -one[0]))]
        return best[best.index(wanted.after) + 1 if wanted.after in best else 0 :]

    def _upper(self, wanted: Wanted) -> int:
        return LARGEST_NUMBER if wanted.after is None else wanted.after

    def _newest_of_all(self, wanted: Wanted, most: int) -> Select[Any]:
        """Walk along the newest of each reach: however many there are of other towns, they cost nothing."""
        here = PublishedIdea.registration_id == self._actor.registration_id
        walks = {
            Reach.ALL: true(),
            Reach.TOWN: here,
            Reach.COURSE: and_(here, PublishedIdea.context_id == self._actor.context_id),
        }
        parts = [
            select(_number)
            .where(PublishedIdea.reach == reach, which, _READABLE)
            .where(_number < self._upper(wanted))
            .order_by(_number.desc())
            .limit(most)
            .subquery()
            for reach, which in walks.items()
            if wanted.reach in {None, reach}
        ]
        every = union_all(*(select(part.c.search_number) for part in parts)).subquery()
        return select(every.c.search_number).order_by(every.c.search_number.desc()).limit(most)
