"""A file against its grammar: pydantic finds, these words explain."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lti_tool.curriculum import schema_types
from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.yaml_source import Loc, YamlSource

_Schema = TypeVar("_Schema", bound=BaseModel)
_Words = tuple[str, str]

_PATTERNS = {
    schema_types.ID_PATTERN: "nur A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich verwenden",
    schema_types.URL_PATTERN: "mit https:// beginnen, ohne Leerzeichen",
    schema_types.TAG_PATTERN: "schreiben wie SC-05",
    schema_types.LANGUAGE_PATTERN: "zwei kleine Buchstaben wie de oder en",
    schema_types.MEDIA_PATTERN: "schreiben wie media/bild.svg",
}


def validate(source: YamlSource, kind: type[_Schema], report: Callable[[Problem], None]) -> _Schema | None:
    """Return the typed content, or None after reporting everything that breaks the grammar."""
    try:
        return kind.model_validate(source.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            report(_problem(source, kind, detail))
        return None


def closest(word: str, known: list[str]) -> str | None:
    """Return the known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


def _problem(source: YamlSource, kind: type[BaseModel], detail: ErrorDetails) -> Problem:
    way = tuple(part for part in detail["loc"] if part != "[key]")
    loc = _without_tags(source.data, way)
    name = _name(loc)
    if detail["type"].startswith("union_tag"):
        loc, name = (*loc, "kind"), "kind"
    if detail["type"] == "extra_forbidden":
        return source.key_problem(loc, f"Unbekannte Angabe »{name}«", _unknown_key(kind, way))
    if len(way) < len(detail["loc"]):
        return source.key_problem(loc, *_words(name, detail))
    return source.problem(loc, *_words(name, detail))


def _without_tags(data: Any, way: Loc) -> Loc:
    """Leave out what pydantic adds to name the member of a union: a question's or a gap's kind."""
    loc: Loc = ()
    after_index = False
    for part in way:
        is_tag = after_index and isinstance(data, dict) and data.get("kind") == part
        after_index = isinstance(part, int)
        if not is_tag:
            loc = (*loc, part)
            data = _at(data, part)
    return loc


def _at(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _name(loc: Loc) -> str:
    """The last key, with the position in its list: "options, 2. Eintrag"."""
    if not loc:
        return "die Datei"
    if isinstance(loc[-1], int):
        return f"{_name(loc[:-1])}, {loc[-1] + 1}. Eintrag"
    return loc[-1]


def _unknown_key(kind: type[BaseModel], loc: Loc) -> str:
    fields = _fields_at(kind, loc[:-1])
    if loc[-1] == "points" and "rubric" in fields:
        return "streichen, die Punkte ergeben sich aus »rubric«"
    meant = closest(str(loc[-1]), fields)
    return f"meinten Sie »{meant}«?" if meant else f"erlaubt sind: {', '.join(fields)}"


def _fields_at(kind: Any, loc: Loc) -> list[str]:
    for part in loc:
        kind = _inner(_step(kind, part))
    return list(kind.model_fields)


def _step(kind: Any, part: str | int) -> Any:
    if _is_model(kind):
        return kind.model_fields[part].annotation
    if get_origin(kind) in {list, dict}:
        return get_args(kind)[-1]
    return next(member for member in get_args(kind) if part in _kinds(member))


def _kinds(member: Any) -> tuple[Any, ...]:
    """The kinds that one member of a union stands for."""
    annotation = member.model_fields["kind"].annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _inner(annotation: Any) -> Any:
    """Step through Annotated[…] and `… | None`."""
    if hasattr(annotation, "__metadata__"):
        return get_args(annotation)[0]
    there = [member for member in get_args(annotation) if member is not NoneType]
    return there[0] if len(there) == 1 and NoneType in get_args(annotation) else annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _words(name: str, detail: ErrorDetails) -> _Words:
    given, context = detail["input"], detail.get("ctx", {})
    for prefixes, explain in _EXPLANATIONS:
        if detail["type"].startswith(prefixes):
            return explain(name, given, context)
    return f"»{name}« stimmt nicht ({detail['msg']})", "nach docs/authoring.md schreiben"


def _missing(name: str, _given: Any, _context: dict[str, Any]) -> _Words:
    return f"Die Angabe »{name}« fehlt", f"»{name}: …« ergänzen"


def _pattern(name: str, given: Any, context: dict[str, Any]) -> _Words:
    return f"»{name}: {given}« hat unerlaubte Zeichen oder eine falsche Form", _PATTERNS[context["pattern"]]


def _choice(name: str, given: Any, context: dict[str, Any]) -> _Words:
    expected = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    meant = closest(str(given), expected)
    return f"»{name}: {given}« gibt es nicht", (
        f"meinten Sie »{meant}«?" if meant else f"erlaubt sind: {', '.join(expected)}"
    )


def _tag(name: str, given: Any, context: dict[str, Any]) -> _Words:
    if "tag" not in context:
        return _missing(name, given, context)
    return _choice(name, context["tag"], {"expected": context["expected_tags"]})


def _date(name: str, given: Any, _context: dict[str, Any]) -> _Words:
    return f"»{name}: {given}« ist kein Datum", "als JJJJ-MM-TT schreiben, zum Beispiel 2026-11-22"


def _limit(name: str, given: Any, context: dict[str, Any]) -> _Words:
    bounds = {"ge": "mindestens", "gt": "größer als", "le": "höchstens", "lt": "kleiner als"}
    (word, bound), *_ = context.items()
    return f"»{name}: {given}« liegt außerhalb des Erlaubten", f"{bounds[word]} {bound} angeben"


def _empty(name: str, _given: Any, _context: dict[str, Any]) -> _Words:
    return f"»{name}« ist zu kurz oder leer", "ausfüllen"


def _long(name: str, _given: Any, context: dict[str, Any]) -> _Words:
    return f"»{name}« ist zu lang", f"höchstens {context['max_length']} Zeichen"


def _many(name: str, _given: Any, context: dict[str, Any]) -> _Words:
    return f"»{name}« hat zu viele Einträge", f"höchstens {context['max_length']} angeben"


def _shape(what: str, mend: str) -> Callable[[str, Any, dict[str, Any]], _Words]:
    def explain(name: str, _given: Any, _context: dict[str, Any]) -> _Words:
        return f"»{name}« muss {what} sein", mend

    return explain


_EXPLANATIONS: tuple[tuple[tuple[str, ...], Callable[[str, Any, dict[str, Any]], _Words]], ...] = (
    (("missing",), _missing),
    (("string_pattern",), _pattern),
    (("enum", "literal"), _choice),
    (("union_tag",), _tag),
    (("date",), _date),
    (("greater_than", "less_than"), _limit),
    (("string_too_short", "too_short"), _empty),
    (("string_too_long",), _long),
    (("too_long",), _many),
    (("string",), _shape("Text", "in Anführungszeichen setzen")),
    (("int",), _shape("eine ganze Zahl", "ohne Anführungszeichen und Komma schreiben")),
    (("decimal",), _shape("eine Zahl", "mit Punkt schreiben, zum Beispiel 0.6")),
    (("bool",), _shape("true oder false", "ohne Anführungszeichen schreiben")),
    (("list",), _shape("eine Liste", "jeden Eintrag in eine eigene Zeile mit »- « schreiben")),
    (("dict", "model"), _shape("eine Gruppe von Angaben", "als »name: wert« untereinander schreiben")),
)
