"""Moodle XML, read with care: it comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt

from lti_tool.curriculum.exchange.bank import BankAnswer, BankQuestion, Loss, NotCarried
from lti_tool.curriculum.exchange.numbers import decimal_text, share_from_percent
from lti_tool.curriculum.exchange.unreadable import Unreadable

_TYPES = {"match": "matching"}
_BY_PLACE = {"ABSOLUTE_POSITION", "0"}


def read_moodle_xml(data: bytes, lose: Callable[[Loss], None]) -> Iterator[BankQuestion]:
    """Yield the questions of a bank; what is broken in one does not stop the others.

    Raises:
        Unreadable: the file is no Moodle XML.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(f"Das ist kein lesbares XML ({error})") from None
    if root.tag != "quiz":
        raise Unreadable(f"Das ist kein Moodle-XML: Das erste Element heißt {root.tag}, nicht quiz")
    for node in root.iter("question"):
        kind = node.get("type", "")
        if kind == "category":
            lose(Loss(_string(node, "category/text"), "Kategorien gehen nicht mit"))
            continue
        try:
            yield _question(node, _TYPES.get(kind, kind), lose)
        except NotCarried as reason:
            lose(Loss(_name(node), str(reason), whole=True))


def _name(node: Element) -> str:
    return _string(node, "name/text") or "ohne Namen"


def _question(node: Element, kind: str, lose: Callable[[Loss], None]) -> BankQuestion:
    name = _name(node)
    for reason in _left_behind(node, kind):
        lose(Loss(name, reason))
    special = _KINDS.get(kind)
    return BankQuestion(
        name=name,
        id=_string(node, "idnumber"),
        kind=kind,
        html=_html(node.find("questiontext")),
        points=Fraction(decimal_text(_string(node, "defaultgrade") or "1")),
        general=_html(node.find("generalfeedback")),
        hints=tuple(_html(hint) for hint in node.findall("hint")),
        shuffle=_string(node, "shuffleanswers").lower() not in {"false", "0"},
        right=_html(node.find("correctfeedback")),
        wrong=_html(node.find("incorrectfeedback")),
        **(special(node) if special else {}),
    )


def _left_behind(node: Element, kind: str) -> Iterator[str]:
    """What a bank may hold and we have no place for."""
    if node.find(".//file") is not None:
        yield "Angehängte Dateien gehen nicht mit"
    if node.find("tags/tag") is not None:
        yield "Schlagwörter gehen nicht mit"
    if _string(node, "responsetemplate/text"):
        yield "Die Vorlage für die Antwort geht nicht mit"
    if _string(node, "attachments") not in {"", "0"}:
        yield "Anhänge zur Antwort gehen nicht mit"
    partly, wrong = (_string(node, f"{which}feedback/text") for which in ("partiallycorrect", "incorrect"))
    if partly not in {"", wrong}:
        yield "Die Rückmeldung zu teilweise richtigen Antworten geht verloren"
    if kind == "ordering" and _string(node, "gradingtype") not in _BY_PLACE:
        yield "Die Reihenfolge wird jetzt Platz für Platz bewertet"
    if kind == "ordering" and _string(node, "selecttype") not in {"", "ALL", "0"}:
        yield "Es werden immer alle Teile gezeigt"


def _answers(node: Element, *, plain: bool = False) -> tuple[BankAnswer, ...]:
    return tuple(
        BankAnswer(
            html=_string(answer, "text") if plain else _html(answer),
            share=share_from_percent(answer.get("fraction") or "0"),
            feedback=_html(answer.find("feedback")),
            tolerance=_string(answer, "tolerance") or "0",
        )
        for answer in node.findall("answer")
    )


def _choice(node: Element) -> dict[str, Any]:
    return {"answers": _answers(node), "single": _string(node, "single").lower() not in {"false", "0"}}


def _typed(node: Element) -> dict[str, Any]:
    units = node.findall("units/unit")
    plain_first = sorted(units, key=lambda unit: _string(unit, "multiplier") not in {"1", "1.0", "1.0000000000"})
    return {
        "answers": _answers(node, plain=True),
        "match_case": _string(node, "usecase") == "1",
        "units": tuple(_string(unit, "unit_name") for unit in plain_first),
    }


def _matching(node: Element) -> dict[str, Any]:
    pairs = ((_html(pair), _string(pair, "answer/text")) for pair in node.findall("subquestion"))
    return {"pairs": tuple(pairs)}


def _ordering(node: Element) -> dict[str, Any]:
    """The first answer comes first; older files number them by their fraction, which says the same."""
    items = tuple(BankAnswer(html=_html(answer), share=Fraction(0)) for answer in node.findall("answer"))
    return {"answers": items}


def _essay(node: Element) -> dict[str, Any]:
    fewest, most = (int(_string(node, name) or 0) for name in ("minwordlimit", "maxwordlimit"))
    words = (max(1, fewest), most) if most else None
    return {"grader": _html(node.find("graderinfo")), "words": words}


_KINDS: Mapping[str, Callable[[Element], dict[str, Any]]] = {
    "multichoice": _choice,
    "truefalse": lambda node: {"answers": _answers(node, plain=True)},
    "shortanswer": _typed,
    "numerical": _typed,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}


def _string(node: Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _html(node: Element | None) -> str:
    """Return a text as HTML, whatever form the bank keeps it in."""
    if node is None:
        return ""
    text = _string(node, "text") or (node.text or "").strip()
    return as_html(text, node.get("format", "html"))


def as_html(text: str, form: str) -> str:
    """Return a text as HTML: "html", "markdown", "plain_text" or "moodle_auto_format" (HTML with line breaks)."""
    if form == "markdown":
        return str(MarkdownIt("commonmark", {"html": False}).render(text))
    if form == "plain_text":
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if form in {"plain_text", "moodle_auto_format"}:
        return "".join(f"<p>{part}</p>" for part in text.split("\n\n") if part.strip()).replace("\n", "<br>")
    return text
