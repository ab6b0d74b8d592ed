"""Rules for translations beside the original: a language may be left out, but not half of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.name_checks import unknown
from lti_tool.curriculum.schema import CatalogueSchema
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check_catalogue_translations(source: YamlSource, body: CatalogueSchema) -> Iterator[Problem]:
    """Run all rules over what catalogue.yaml says in other languages."""
    yield from other_language(source, body.translations, "de")
    for language, words in body.translations.items():
        at: Loc = ("translations", language, "competences")
        yield from complete(source, at, "Die Kompetenz", words.competences, body.competences)


def other_language(source: YamlSource, languages: Collection[str], own: str) -> Iterator[Problem]:
    """Report a translation into the language that the file has itself."""
    if own in languages:
        what = f"In {own} steht schon der Text selbst"
        yield source.problem(("translations", own), what, "hier streichen oder »language« ändern")


def complete(
    source: YamlSource, loc: Loc, what: str, told: Collection[str], named: Collection[str]
) -> Iterator[Problem]:
    """Report what a translation leaves out, and what it says of things that are not there.

    Args:
        source: the file.
        loc: where the translated texts stand.
        what: what each of them is, with its article, for the sentence about one that is not there.
        told: the names that have a translation.
        named: the names of the original.
    """
    for name in told:
        if name not in named:
            yield unknown(source, (*loc, name), what, name, named)
    for name in named:
        if name not in told:
            yield source.problem(loc, f"Die Übersetzung von »{name}« fehlt", "ergänzen oder die Sprache ganz weglassen")
