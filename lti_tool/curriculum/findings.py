"""What a rule for texts is given and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lti_tool.curriculum.markup import Markup
from lti_tool.curriculum.schema_words import closest
from lti_tool.curriculum.surroundings import MEDIA_FOLDER

Finding = tuple[int, str, str]
"""Line, what is wrong, how to mend it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a text may refer to.

    Attributes:
        pages: file names of the module's pages; empty where no page may be linked (in a quiz).
        media: names of the files in the module's media folder.
        terms: ids of the module's glossary; empty where no term may be explained (in a quiz).
        label: the text stands in a form label, where neither links nor images may be.
    """

    pages: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    label: bool = False


Rule = Callable[[Markup, Reach], Iterator[Finding]]


def meant(word: str, known: Iterable[str]) -> str:
    """Return advice for a name that does not exist: the one that was probably meant, or all there are."""
    names = sorted(known)
    near = closest(word, names)
    if near:
        return f"meinten Sie »{near}«?"
    return f"vorhanden: {', '.join(names) or 'nichts'}"


def missing_file(source: str, reach: Reach) -> tuple[str, str]:
    """Return what is wrong and how to mend it where `media/name` does not exist."""
    near = closest(source.removeprefix(MEDIA_FOLDER), sorted(reach.media))
    mend = f"meinten Sie »{MEDIA_FOLDER}{near}«?" if near else f"in den Ordner {MEDIA_FOLDER} legen"
    return f"Die Datei {source} gibt es nicht", mend
