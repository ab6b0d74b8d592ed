"""GIFT: questions in plain text, blank lines between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.exchange.bank import ANYTHING, WHOLE, BankAnswer, BankQuestion, Loss, NotCarried
from lti_tool.curriculum.exchange.moodle_read import as_html
from lti_tool.curriculum.exchange.numbers import decimal_text, share_from_percent
from lti_tool.curriculum.exchange.unreadable import Unreadable

# What an author escapes is hidden in characters of no meaning while the rest is read.
_ESCAPES = {"\\": "\ue010", "~": "\ue011", "=": "\ue012", "#": "\ue013", "{": "\ue014", "}": "\ue015", ":": "\ue016"}
_LINE_BREAK = "\ue017"
_HIDDEN = str.maketrans({hidden: plain for plain, hidden in _ESCAPES.items()} | {_LINE_BREAK: "\n"})
_FORM = re.compile(r"^\s*\[(?P<form>html|moodle|plain|markdown)\]")
_FORMS = {"moodle": "moodle_auto_format", "plain": "plain_text"}
_NAME = re.compile(r"^\s*::(?P<name>.*?)::", re.DOTALL)
_ID = re.compile(r"\[id:((?:\\\]|[^\]])*)\]")
_SHARE = re.compile(r"^\s*%(?P<percent>-?\d+(?:\.\d+)?)%")
_TRUE_FALSE = re.compile(r"^(?P<value>T|TRUE|F|FALSE)$", re.IGNORECASE)
_LONGEST_NAME = 60


def read_gift(data: bytes, lose: Callable[[Loss], None]) -> Iterator[BankQuestion]:
    """Yield the questions of a bank; what is broken in one does not stop the others.

    Raises:
        Unreadable: the file is no text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("Die Datei ist kein UTF-8-Text") from None
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        comments = "\n".join(line for line in block.splitlines() if line.strip().startswith("//"))
        lines = "\n".join(line for line in block.splitlines() if not line.strip().startswith("//")).strip()
        if not lines or lines.startswith("$CATEGORY"):
            lines = lines.partition("\n")[2].strip()
        if lines:
            yield from _block(_hidden(lines), comments, lose)


def _block(text: str, comments: str, lose: Callable[[Loss], None]) -> Iterator[BankQuestion]:
    named = _NAME.match(text)
    body = text[named.end() :] if named else text
    name = _plain(named["name"]) if named else ""
    name = name or " ".join(_plain(_FORM.sub("", body.partition("{")[0])).split())[:_LONGEST_NAME] or "ohne Namen"
    try:
        yield _question(body, name, _first_id(comments))
    except NotCarried as reason:
        lose(Loss(name, str(reason), whole=True))


def _question(body: str, name: str, own_id: str) -> BankQuestion:
    before, _, rest = body.partition("{")
    inside, closed, after = rest.rpartition("}")
    if not closed:
        raise NotCarried("Zu einer Beschreibung ohne Antworten gibt es bei uns keine Frage")
    form, words = _formed(before)
    if after.strip('"; \n\t'):
        words = f"{words} _____ {_plain(after)}"
    answers, _, general = inside.partition("####")
    return BankQuestion(
        name=name,
        id=own_id,
        html=as_html(words, form),
        general=_html(general, form),
        **_answered(answers.strip(), form),
    )


def _answered(text: str, form: str) -> dict[str, Any]:
    if not text:
        return {"kind": "essay"}
    if text.startswith("#"):
        return {"kind": "numerical", "answers": tuple(_numbers(text[1:], form))}
    value, _, feedback = text.partition("#")
    if found := _TRUE_FALSE.match(value.strip()):
        return _true_false(found["value"].upper().startswith("T"), feedback, form)
    parts = _parts(text)
    if "~" in text:
        single = any(mark == "=" for mark, _ in parts)
        return {"kind": "multichoice", "single": single, "answers": tuple(_answer(*p, form) for p in parts)}
    if all("->" in part for _, part in parts):
        return {"kind": "matching", "pairs": tuple(_pair(part, form) for _, part in parts)}
    return {"kind": "shortanswer", "answers": tuple(_answer(mark, part, "html", plain=True) for mark, part in parts)}


def _parts(text: str) -> list[tuple[str, str]]:
    """Return each answer with the mark before it."""
    pieces = re.split(r"([~=])", text)
    parts = list(zip(pieces[1::2], pieces[2::2], strict=True))
    if not parts:
        raise NotCarried("Die Antworten sind nicht zu verstehen")
    return parts


def _answer(mark: str, text: str, form: str, *, plain: bool = False) -> BankAnswer:
    share = WHOLE if mark == "=" else Fraction(0)
    if found := _SHARE.match(text):
        share = share_from_percent(found["percent"])
        text = text[found.end() :]
    own, _, feedback = text.partition("#")
    words = _plain(_FORM.sub("", own)) if plain else _html(own, form)
    return BankAnswer(html=words, share=share, feedback=_html(feedback, form))


def _true_false(value: bool, feedback: str, form: str) -> dict[str, Any]:
    wrong, _, right = (feedback + "#").partition("#")
    texts = {True: _html(right.rstrip("#"), form), False: _html(wrong, form)}
    answers = tuple(
        BankAnswer(html=name, share=Fraction(int(value is own)), feedback=texts[value is own])
        for name, own in (("true", True), ("false", False))
    )
    return {"kind": "truefalse", "answers": answers}


def _numbers(text: str, form: str) -> Iterator[BankAnswer]:
    if not text.strip().startswith(("=", "~")):
        text = f"={text}"
    for mark, part in _parts(text):
        own = _answer(mark, part, form, plain=True)
        if not own.html or own.html == ANYTHING:
            yield BankAnswer(html=ANYTHING, share=Fraction(0), feedback=own.feedback)
        else:
            number, tolerance = _range(own.html)
            yield BankAnswer(html=number, share=own.share, feedback=own.feedback, tolerance=tolerance)


def _range(text: str) -> tuple[str, str]:
    """Read "72", "72:0.5" and "71..73"."""
    low, between, high = text.partition("..")
    if between:
        smallest, largest = Fraction(decimal_text(low)), Fraction(decimal_text(high))
        return decimal_text(str(float((smallest + largest) / 2))), decimal_text(str(float((largest - smallest) / 2)))
    number, _, tolerance = text.partition(":")
    return decimal_text(number), decimal_text(tolerance or "0")


def _pair(text: str, form: str) -> tuple[str, str]:
    left, _, right = text.partition("->")
    return _html(left, form), _plain(right)


def _html(text: str, form: str) -> str:
    own, words = _formed(text, form)
    return as_html(words, own)


def _formed(text: str, form: str = "moodle") -> tuple[str, str]:
    found = _FORM.match(text)
    own = found["form"] if found else form
    return _FORMS.get(own, own), _plain(text[found.end() :] if found else text)


def _first_id(comments: str) -> str:
    found = _ID.search(comments)
    return found[1].replace("\\]", "]") if found else ""


def _hidden(text: str) -> str:
    return re.sub(r"\\([\\~=#{}:n])", lambda found: _ESCAPES.get(found[1], _LINE_BREAK), text)


def _plain(text: str) -> str:
    return text.translate(_HIDDEN).strip()
