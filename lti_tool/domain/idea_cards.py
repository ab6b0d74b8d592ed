"""What stands on the card of an idea, and what must stand on it before anybody else reads it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_TITLE = 120
LONGEST_TEXT = 3000
LONGEST_LINE = 120
LONGEST_ADDRESS = 500
MOST_LINKS = 5
MOST_THEMES = 4
MOST_COMPETENCES = 4
LICENCE = "CC BY 4.0"


class Theme(StrEnum):
    """Fields of work in which towns look for ideas."""

    ADMINISTRATION = "administration"
    PARTICIPATION = "participation"
    DATA = "data"
    MOBILITY = "mobility"
    CLIMATE = "climate"
    WATER = "water"
    BUILDINGS = "buildings"
    EDUCATION = "education"
    SOCIAL = "social"
    CULTURE = "culture"
    ECONOMY = "economy"
    SAFETY = "safety"
    ORGANISATION = "organisation"


class Effort(StrEnum):
    """Working time until it runs."""

    DAYS = "days"
    """Up to five days of work."""
    WEEKS = "weeks"
    """Up to four weeks."""
    MONTHS = "months"
    """Up to six months."""
    LONGER = "longer"


class Cost(StrEnum):
    """Money until it runs, without wages."""

    NONE = "none"
    BELOW_1000 = "below_1000"
    BELOW_10000 = "below_10000"
    BELOW_50000 = "below_50000"
    BELOW_250000 = "below_250000"
    ABOVE = "above"


class Signed(StrEnum):
    """Whom the card names as its author."""

    PERSON = "person"
    ROLE = "role"
    TOWN = "town"


class CardFault(StrEnum):
    """Why a part of a card cannot stay as it is."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_HTTPS = "not_https"
    """No address, or one that does not begin with https."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the words that stand for it."""

    address: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the author wrote.

    Attributes:
        law: what law and data protection ask for.
        needs: what a town needs for it: people, devices, contracts, decisions.
        competences: tags of the content ("SC-05").
        author_line: name or role as the author typed it; "" if the town alone is named.
        stays: whether the card stays, without its author's name, when the author's data are erased.
    """

    title: str = ""
    problem: str = ""
    solution: str = ""
    effect: str = ""
    law: str = ""
    needs: str = ""
    effort: Effort | None = None
    cost: Cost | None = None
    links: tuple[Link, ...] = ()
    themes: tuple[Theme, ...] = ()
    competences: tuple[str, ...] = ()
    signed: Signed = Signed.TOWN
    author_line: str = ""
    licence_agreed: bool = False
    stays: bool = True


TEXTS = ("problem", "solution", "effect", "law", "needs")
ASKED_FOR = ("title", "problem", "solution", "effect", "effort", "cost", "themes", "licence_agreed")
"""What a card must have before it is released; law, needs, links and competences may be empty."""
FIELDS = tuple(field.name for field in fields(Card))


def faults_of_draft(card: Card) -> dict[str, CardFault]:
    """Return what cannot even be kept: field -> fault."""
    longest = {"title": LONGEST_TITLE, "author_line": LONGEST_LINE, **dict.fromkeys(TEXTS, LONGEST_TEXT)}
    faults = {name: CardFault.TOO_LONG for name, most in longest.items() if len(getattr(card, name)) > most}
    most_of = {"links": MOST_LINKS, "themes": MOST_THEMES, "competences": MOST_COMPETENCES}
    faults |= {name: CardFault.TOO_MANY for name, most in most_of.items() if len(getattr(card, name)) > most}
    if any(len(link.address) > LONGEST_ADDRESS or len(link.words) > LONGEST_LINE for link in card.links):
        faults["links"] = CardFault.TOO_LONG
    elif not all(is_https(link.address) for link in card.links):
        faults["links"] = CardFault.NOT_HTTPS
    return faults


def faults_of_card(card: Card) -> dict[str, CardFault]:
    """Return what must be mended before the card is asked for: field -> fault."""
    faults = {name: CardFault.MISSING for name in ASKED_FOR if not getattr(card, name)}
    if card.signed is not Signed.TOWN and not card.author_line:
        faults["author_line"] = CardFault.MISSING
    return faults | faults_of_draft(card)


def is_https(address: str) -> bool:
    """Whether an address can stand on a card: https, a host, no name or password, nothing invisible."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    plain = address.isprintable() and not any(sign.isspace() or sign in "\\<>\"'" for sign in address)
    return plain and parts.scheme == "https" and bool(host) and "@" not in parts.netloc
