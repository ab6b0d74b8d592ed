"""The full text over ideas, asked in each database's own way. What people type arrives here as bare words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, column, func, literal_column, table

from lti_tool.db.models import PublishedIdea
from lti_tool.domain.search_words import prefix_of

Choices = Sequence[Sequence[str]]
"""Tags: one of each of these."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where to look, and what holds for a row that fits.

    Attributes:
        number: the row's `search_number`, in whose order the database finds rows at no cost.
        rank: the smaller, the better it fits.
        order: the same for sorting: PostgreSQL must not walk along the numbers and look into every text.
        looks_at_newest_first: whether a word that is in every other text is found faster without the index.
    """

    source: FromClause
    condition: ColumnElement[bool]
    number: ColumnElement[int]
    rank: ColumnElement[float]
    order: ColumnElement[int]
    looks_at_newest_first: bool = False


class FullText(Protocol):
    """Makes the condition."""

    def __call__(self, words: Sequence[str], tags: Choices) -> Match:
        """Return what finds ideas with all words and one of each choice of tags; at least one of both is given."""


def of_postgres(words: Sequence[str], tags: Choices) -> Match:
    """Words by their German stems, each the beginning of what is found."""
    asked = " & ".join(f"'{word}':*" for word in words)
    chosen = " & ".join(f"({' | '.join(one)})" for one in tags)
    parts: list[ColumnElement[Any]] = []
    if asked:
        parts.append(func.to_tsquery(literal_column("'german'::regconfig"), asked))
    if chosen:
        parts.append(func.to_tsquery(literal_column("'simple'::regconfig"), chosen))
    query = parts[0] if len(parts) == 1 else parts[0].op("&&")(parts[1])
    vector: ColumnElement[Any] = literal_column("published_idea.fulltext")
    rank = -func.ts_rank(vector, parts[0])
    return Match(_TABLE, vector.bool_op("@@")(query), _NUMBER, rank, _NUMBER + 0, looks_at_newest_first=True)


def of_sqlite(words: Sequence[str], tags: Choices) -> Match:
    """Words without their endings, each the beginning of what is found."""
    parts = [f'{{search_title search_words}} : "{prefix_of(word)}" *' for word in words]
    parts += ["search_tags : (" + " OR ".join(f'"{tag}"' for tag in one) + ")" for one in tags]
    source = _FTS.join(_TABLE, _FTS.c.rowid == _NUMBER)
    condition: ColumnElement[bool] = literal_column("fulltext_idea").bool_op("MATCH")(" AND ".join(parts))
    rank = func.bm25(literal_column("fulltext_idea"), 10.0, 1.0, 0.0)
    return Match(source, condition, _FTS.c.rowid, rank, _FTS.c.rowid)


FULL_TEXTS: dict[str, FullText] = {"postgresql": of_postgres, "sqlite": of_sqlite}
_TABLE = PublishedIdea.__table__
_NUMBER: ColumnElement[int] = _TABLE.c.search_number
_FTS = table("fulltext_idea", column("rowid"))
