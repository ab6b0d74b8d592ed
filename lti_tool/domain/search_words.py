"""Words of a search, and texts as they are searched: the same on both databases, whatever somebody types.

Umlauts are written in three ways (Bürger, Buerger, Burger), and „ß“ in two. All of them become one here, in the texts
as in the search. Nothing but letters and digits is left, so no search can be a command to a database.
"""

from __future__ import annotations

import re
import unicodedata

from lti_tool.domain.compound_words import tails

RULES = 1
"""Grows when texts are written otherwise for searching: what was written before is written anew (`idea_renewal`)."""
LONGEST_QUERY = 200
MOST_WORDS = 8
LONGEST_WORD = 40
_FEWEST_LEFT = 4
_ENDINGS = ("innen", "ern", "em", "en", "er", "es", "e", "n", "s")
"""What a prefix goes without, so that „Schulen“ finds „Schule“; PostgreSQL's German stems do so by themselves."""
_TWO_LETTERS = str.maketrans({"ß": "ss", "æ": "a", "œ": "o", "ø": "o"})
_WRITTEN_OUT = re.compile("(?<![aeou])([aou])e")
_WORD = re.compile(r"[^\W_]+")
_SAY_NOTHING = """
aber alle als am an auch auf aus bei beim bin bis da damit das dass dem den der des die dies diese dieser dieses
doch dort durch ein eine einem einen einer eines er es fur haben hat ich ihr im in ins ist ja kann konnen man mehr
mein mit nach nicht noch nur ob oder ohne sehr sein sich sie sind so uber um und uns unser unter vom von vor wann
was weil wenn wer werden wie wir wird wo zu zum zur
"""
_STOP = frozenset(_SAY_NOTHING.split())


def searched(*texts: str) -> str:
    """Return texts as they are searched: each word, and after a compound what it ends with."""
    return " ".join(said for text in texts for word in _words(text) for said in (word, *tails(word)))


def asked_words(query: str) -> tuple[str, ...]:
    """Return the words of a search that say something; () if there are none."""
    said = (word[:LONGEST_WORD] for word in _words(query[:LONGEST_QUERY]) if word not in _STOP)
    words = dict.fromkeys(word for word in said if len(word) > 1 or not word.isascii())
    return tuple(words)[:MOST_WORDS]


def prefix_of(word: str) -> str:
    """Return what words that mean the same begin with."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _FEWEST_LEFT:
            return word.removesuffix(ending)
    return word


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_TWO_LETTERS))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [_WRITTEN_OUT.sub(r"\1", word) for word in _WORD.findall(bare)]
