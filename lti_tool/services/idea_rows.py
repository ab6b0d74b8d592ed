"""Cards and where they stand, to and from their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lti_tool.db.models import Idea, IdeaVersion
from lti_tool.db.models.idea import CardColumns
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import TEXTS, Card, Cost, Effort, Link, Signed, Theme
from lti_tool.domain.idea_states import Reach, Stand


def card_of(row: CardColumns) -> Card:
    """Return what stands on a card, as others read it."""
    return Card(
        title=row.title,
        **{name: getattr(row, name) for name in TEXTS},
        effort=Effort(row.effort) if row.effort else None,
        cost=Cost(row.cost) if row.cost else None,
        links=tuple(Link(link["address"], link["words"]) for link in row.links),
        themes=tuple(Theme(theme) for theme in row.themes),
        competences=tuple(row.competences),
        signed=Signed(row.signed),
        author_line=row.author_line,
    )


def columns_of(card: Card) -> dict[str, Any]:
    """Return the columns that a version and its readable copy share."""
    return {
        "title": card.title,
        **{name: getattr(card, name) for name in TEXTS},
        "effort": card.effort,
        "cost": card.cost,
        "links": [{"address": link.address, "words": link.words} for link in card.links],
        "themes": [str(theme) for theme in card.themes],
        "competences": list(card.competences),
        "signed": card.signed,
        "author_line": card.author_line if card.signed is not Signed.TOWN else "",
    }


def fill(row: CardColumns, card: Card) -> None:
    """Write a card into a row."""
    for name, value in columns_of(card).items():
        setattr(row, name, value)


def stand_of(idea: Idea) -> Stand:
    """Return where an idea stands."""
    return Stand(
        reach=Reach(idea.reach) if idea.reach else None,
        asked=Reach(idea.asked) if idea.asked else None,
        changed=idea.number != idea.released_number,
        rejected=idea.rejected_for is not None,
        withdrawn=idea.withdrawn_at is not None,
        hidden=idea.hidden_at is not None,
    )


def keep_stand(idea: Idea, stand: Stand, now: datetime, reason: str = "") -> None:
    """Write where an idea stands now; `reason` is why it was rejected or hidden."""
    before = stand_of(idea)
    idea.reach, idea.asked = stand.reach, stand.asked
    if stand.asked is not before.asked:
        idea.asked_at = now if stand.asked else None
    if stand.withdrawn != before.withdrawn:
        idea.withdrawn_at = now if stand.withdrawn else None
    if stand.hidden != before.hidden:
        idea.hidden_at, idea.hidden_for = (now, reason) if stand.hidden else (None, None)
    if stand.rejected != before.rejected:
        idea.rejected_for = reason if stand.rejected else None
    if not stand.changed:
        idea.released_number = idea.number
    elif stand.reach is None:
        idea.released_number = None


def must_be_seen(version: IdeaVersion, seen: str) -> None:
    """Refuse to act on a wording that has changed since it was seen.

    Raises:
        Refusal: `idea.changed`.
    """
    if seen != wording(version):
        raise Refusal(Code.IDEA_CHANGED, "saved since")


def wording(version: IdeaVersion) -> str:
    """Name one wording of one version; a form carries it there and back."""
    return f"{version.number}.{version.revision}"
