"""A card as a form sends it: what is no choice of ours is left out, what was typed is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import request

from lti_tool.domain.idea_cards import MOST_LINKS, TEXTS, Card, Cost, Effort, Link, Signed, Theme
from lti_tool.web.tool import current_tool

Choice = TypeVar("Choice", bound=StrEnum)

MOST_TYPED = 20_000
"""More than this is cut off before it is even told to be too long."""


def card_in_form() -> Card:
    """Read the form."""
    form, competences = request.form, current_tool().catalogue.competences
    return Card(
        title=" ".join(typed("title").split()),
        **{name: typed(name) for name in TEXTS},
        effort=_one_of(Effort, "effort"),
        cost=_one_of(Cost, "cost"),
        links=_links(),
        themes=tuple(theme for theme in Theme if theme in form.getlist("theme")),
        competences=tuple(tag for tag in competences if tag in form.getlist("competence")),
        signed=_one_of(Signed, "signed") or Signed.TOWN,
        author_line=" ".join(typed("author_line").split()),
        licence_agreed=form.get("licence") == "agreed",
        stays=form.get("stays", "yes") == "yes",
    )


def _links() -> tuple[Link, ...]:
    pairs = ((typed(f"address-{number}"), typed(f"words-{number}")) for number in range(MOST_LINKS))
    return tuple(Link(address, " ".join(words.split())) for address, words in pairs if address or words)


def typed(name: str) -> str:
    """A text without signs that nobody types: databases refuse some, and readers see none."""
    text = request.form.get(name, "")[:MOST_TYPED].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()


def _one_of(choices: type[Choice], name: str) -> Choice | None:
    sent = request.form.get(name, "")
    return choices(sent) if sent in set(choices) else None
