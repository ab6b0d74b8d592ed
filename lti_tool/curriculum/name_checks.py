"""Rules for names: each only once, and each of something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.schema_words import closest
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def doubles(source: YamlSource, named: Sequence[tuple[Loc, str]]) -> Iterator[Problem]:
    in_order = sorted(enumerate(named), key=lambda entry: (entry[1][1], entry[0]))
    for (_, (_, before)), (_, (loc, name)) in pairwise(in_order):
        if before == name:
            yield source.problem(loc, f"»{name}« kommt zweimal vor", "jeden Namen nur einmal vergeben")


def unknown(source: YamlSource, loc: Loc, what: str, name: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    meant = closest(name, names)
    mend = f"meinten Sie »{meant}«?" if meant else f"vorhanden: {', '.join(names) or 'nichts'}"
    return source.problem(loc, f"{what} »{name}« gibt es nicht", mend)
