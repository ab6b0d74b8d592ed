"""What a card is filtered by, as words of the full text: so a filter costs no more than one more word of a search."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from lti_tool.domain.idea_cards import Cost, Effort
from lti_tool.domain.idea_states import Reach


class Facet(StrEnum):
    """What ideas are filtered by."""

    THEME = "theme"
    COMPETENCE = "competence"
    EFFORT = "effort"
    COST = "cost"


def tag(facet: Facet, value: str) -> str:
    """Return the word for a filter's value: one that nobody types by chance."""
    return f"zz{facet}" + "".join(sign for sign in value.lower() if sign.isascii() and sign.isalnum())


def tags_of(themes: Sequence[str], competences: Sequence[str], effort: str | None, cost: str | None) -> tuple[str, ...]:
    """Return all words of a card's filters."""
    return (
        *(tag(Facet.THEME, theme) for theme in themes),
        *(tag(Facet.COMPETENCE, competence) for competence in competences),
        *([tag(Facet.EFFORT, effort)] if effort else []),
        *([tag(Facet.COST, cost)] if cost else []),
    )


def at_most(limit: Effort | Cost) -> tuple[str, ...]:
    """Return the words of all steps up to one: who looks for „bis vier Wochen“ takes days as well."""
    steps = list(type(limit))
    facet = Facet.EFFORT if isinstance(limit, Effort) else Facet.COST
    return tuple(tag(facet, step) for step in steps[: steps.index(limit) + 1])


def audience(reach: str, registration_id: int, context_id: UUID | None) -> str:
    """Return the word for whoever may read a card."""
    of = {Reach.TOWN: str(registration_id), Reach.COURSE: context_id.hex if context_id else ""}
    return f"zz{reach}{of.get(Reach(reach), '')}"
