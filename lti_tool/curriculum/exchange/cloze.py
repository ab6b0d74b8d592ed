"""Texts with gaps as Moodle writes them: `Die {1:SHORTANSWER:=Stadt~=Kommune} hilft` is one with a gap."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.exchange.bank import ANYTHING, WHOLE, Lose, NotCarried
from lti_tool.curriculum.exchange.numbers import number

_GAP = re.compile(r"\{(?P<weight>\d*):(?P<kind>[A-Z_]+):(?P<answers>(?:\\.|[^}\\])*)\}", re.DOTALL)
_ANSWER = re.compile(
    r"(?P<share>=|%-?\d+(?:\.\d+)?%)?(?P<text>(?:\\.|[^~#\\])*)(?:#(?P<feedback>(?:\\.|[^~\\])*))?", re.DOTALL
)
_TEXTS = {"SHORTANSWER", "SA", "MW"}
_EXACT_TEXTS = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMBERS = {"NUMERICAL", "NM"}
_CHOICES = re.compile(r"^(?:MULTICHOICE|MC)(?:_?[VHS]{1,2})?$")
_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_ESCAPED = re.compile(r'([}#~/"\\])')


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    share: Fraction
    feedback: str


def cut(text: str, lose: Lose) -> tuple[str, list[dict[str, Any]]]:
    """Return the text with marks in the place of its gaps, and the gaps as our grammar writes them.

    Raises:
        NotCarried: it has none, or one of a kind we do not have.
    """
    gaps: list[dict[str, Any]] = []

    def mark(found: re.Match[str]) -> str:
        gaps.append(_read(found, f"l{len(gaps) + 1}", lose))
        return _MARK.format(len(gaps))

    marked = _GAP.sub(mark, text)
    if not gaps:
        raise NotCarried("Der Lückentext hat keine Lücke")
    return marked, gaps


def marks_to_names(text: str, names: list[str]) -> str:
    """Return the text with `[[name]]` where the marks are."""
    return _MARKED.sub(lambda found: f"[[{names[int(found[1]) - 1]}]]", text)


def _read(found: re.Match[str], name: str, lose: Lose) -> dict[str, Any]:
    kind = found["kind"]
    parts = list(_parts(found["answers"]))
    _tell_losses(found, parts, lose)
    right = [part.text for part in parts if part.share == WHOLE and part.text != ANYTHING]
    if not right:
        raise NotCarried("Eine Lücke hat keine richtige Antwort")
    if kind in _TEXTS | _EXACT_TEXTS:
        return {"id": name, "kind": "text", "accept": right}
    if kind in _NUMBERS:
        return _number(name, right, lose)
    if _CHOICES.match(kind):
        options = [{"text": p.text} | ({"correct": True} if p.share == WHOLE else {}) for p in parts]
        return {"id": name, "kind": "choice", "options": options}
    raise NotCarried(f"Lücken der Art {kind} gibt es bei uns nicht")


def _tell_losses(found: re.Match[str], parts: list[_Part], lose: Lose) -> None:
    if found["weight"] not in {"", "1"}:
        lose("Die Lücken zählen alle gleich viel")
    if any(part.feedback for part in parts):
        lose("Rückmeldungen zu einzelnen Lücken gehen verloren")
    if any(0 < part.share < WHOLE for part in parts):
        lose("Teilpunkte in Lücken gehen verloren")
    if found["kind"] in _EXACT_TEXTS:
        lose("Groß- und Kleinschreibung zählt in Lücken nicht mehr")


def _number(name: str, right: list[str], lose: Lose) -> dict[str, Any]:
    if len(right) > 1:
        lose("Weitere richtige Zahlen einer Lücke gehen verloren")
    value, _, tolerance = right[0].partition(":")
    gap = {"id": name, "kind": "number", "answer": number(value)}
    return gap | ({"tolerance": number(tolerance)} if tolerance.strip(" 0.") else {})


def _parts(answers: str) -> Iterator[_Part]:
    for piece in re.findall(r"(?:\\.|[^~\\])+", answers):
        found = _ANSWER.match(piece)
        if not found:
            continue
        mark = found["share"]
        share = WHOLE if mark == "=" else Fraction(mark.strip("%") if mark else 0) / 100
        yield _Part(_unescaped(found["text"]), share, _unescaped(found["feedback"] or ""))


def _unescaped(text: str) -> str:
    """Plain text: escaped for the gap, and inside of HTML."""
    return html.unescape(re.sub(r"\\(.)", r"\1", text)).strip()


def gap_code(gap: dict[str, Any]) -> str:
    """Return a gap of ours as Moodle writes it."""
    if gap["kind"] == "text":
        return "{1:SHORTANSWER:" + "~".join(f"={_escaped(text)}" for text in gap["accept"]) + "}"
    if gap["kind"] == "number":
        return f"{{1:NUMERICAL:={gap['answer']}:{gap.get('tolerance') or 0}}}"
    options = (f"{'=' if option.get('correct') else ''}{_escaped(option['text'])}" for option in gap["options"])
    return "{1:MULTICHOICE:" + "~".join(options) + "}"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", html.escape(text, quote=False))
