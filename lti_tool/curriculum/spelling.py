"""When two spellings of a short answer are the same.

The offline packages' JavaScript compares by the same rules (`curriculum/static/grade.js`).
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = (("ß", "ss"), ("ä", "ae"), ("ö", "oe"), ("ü", "ue"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\ufeff]")
_GAPS = re.compile("[ \t\r\n\u00a0\u2000-\u200a\u202f\u2010-\u2015\u2212-]+")
_OUTER = " .,;:!?\"'`´„“”‚‘’«»‹›()[]{}…*/\\"


def same_spelling(typed: str, accepted: str) -> bool:
    """Tell whether two texts are one answer: case, umlauts, hyphens, spaces and outer punctuation do not matter."""
    return spelt(typed) == spelt(accepted)


def spelt(text: str) -> str:
    """Return the form in which answers are compared."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    for letter, written in _LETTERS:
        plain = plain.replace(letter, written)
    return _GAPS.sub(" ", plain).strip(_OUTER)
