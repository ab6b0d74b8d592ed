"""A bank's questions as our grammar writes them (plain data, for quiz.yaml)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from math import ceil
from typing import Any

from lti_tool.curriculum.exchange.bank import ANYTHING, WHOLE, BankAnswer, BankQuestion, Lose, NotCarried
from lti_tool.curriculum.exchange.cloze import cut, marks_to_names
from lti_tool.curriculum.exchange.numbers import number
from lti_tool.curriculum.exchange.rich_text import block_markdown, line_markdown

RIGHT, WRONG = "Das ist richtig.", "Das ist nicht richtig."
NO_EXPLANATION = "Die Erläuterung fehlt noch."
_CRITERION = re.compile(r"^\((?P<points>\d{1,3})\)\s*(?P<text>.+)$")
_LINE = re.compile(r"</?(?:li|p|br|ul|ol|div)\b[^>]*>|\n")
_TAG = re.compile(r"<[^>]*>")


def from_bank(question: BankQuestion, name: str, source: str, lose: Lose) -> dict[str, Any]:
    """Return a question of ours; whatever stays behind or had to be filled in is told to `lose`.

    Args:
        question: as the bank knows it.
        name: its id in our quiz.
        source: id of the source that stands in, as banks know none.
        lose: takes the reasons.

    Raises:
        NotCarried: we have no such question.
    """
    build = _BUILDERS.get(question.kind)
    if build is None:
        raise NotCarried(f"Fragen der Art {question.kind} gibt es bei uns nicht")
    own = build(question, lose)
    head: dict[str, Any] = {"id": name, "kind": own.pop("kind")}
    head["prompt"] = own.pop("prompt", None) or _required(line_markdown(question.html, lose, links=False))
    if "rubric" not in own:
        head |= _points(question, lose)
    head["source"] = source
    if question.hints:
        head["hint"] = line_markdown(question.hints[0], lose, links=False)
        if len(question.hints) > 1:
            lose("Weitere Hinweise gehen verloren")
    if not question.shuffle and question.kind in {"multichoice", "matching"}:
        head["shuffle"] = False
    explain = block_markdown(question.general, lose)
    if not explain:
        lose("Die Erläuterung fehlt und muss geschrieben werden")
    return head | own | {"explain": explain or NO_EXPLANATION}


def _required(text: str) -> str:
    if not text:
        raise NotCarried("Die Frage hat keinen Text")
    return text


def _points(question: BankQuestion, lose: Lose) -> dict[str, int]:
    points = max(1, ceil(question.points))
    if points != question.points:
        lose(f"Aus {float(question.points):g} Punkten werden {points}")
    return {"points": points} if points != 1 else {}


def _choice(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    right = [answer for answer in question.answers if _is_right(answer, question)]
    if not right:
        raise NotCarried("Keine Antwort ist richtig")
    if question.single and len(right) > 1:
        raise NotCarried("Mehrere Antworten sind richtig, aber nur eine darf gewählt werden")
    if any(a.share not in {0, WHOLE} for a in question.answers) and question.single:
        lose("Teilpunkte einzelner Antworten gehen verloren")
    if not question.single and len({answer.share for answer in right}) > 1:
        lose("Die richtigen Antworten zählen jetzt alle gleich viel")
    if _plain(question.right + question.wrong):
        lose("Allgemeine Rückmeldungen zu richtig und falsch gehen verloren")
    options = []
    for letter, answer in zip(_letters(), question.answers, strict=False):
        is_right = answer in right
        option: dict[str, Any] = {"id": letter, "text": _required(line_markdown(answer.html, lose, links=False))}
        if is_right:
            option["correct"] = True
        options.append(option | {"feedback": _feedback(answer.feedback, lose, right=is_right)})
    return {"kind": "single" if question.single else "multiple", "options": options}


def _is_right(answer: BankAnswer, question: BankQuestion) -> bool:
    return answer.share == WHOLE if question.single else answer.share > 0


def _letters() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyz"
    yield from (f"o{number}" for number in range(27, 1000))


def _feedback(html: str, lose: Lose, *, right: bool) -> str:
    text = line_markdown(html, lose)
    if not text:
        lose("Rückmeldungen fehlten und sind allgemein ergänzt")
    return text or (RIGHT if right else WRONG)


def _true_false(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    answers = {answer.html.strip().lower(): answer for answer in question.answers}
    if {"true", "false"} - answers.keys():
        raise NotCarried("Die Antworten heißen nicht true und false")
    correct = answers["true"].share == WHOLE
    return {
        "kind": "true_false",
        "correct": correct,
        "feedback_true": _feedback(answers["true"].feedback, lose, right=correct),
        "feedback_false": _feedback(answers["false"].feedback, lose, right=not correct),
    }


def _numeric(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    right = _whole(question, lose)
    if len(right) > 1:
        lose("Weitere richtige Zahlen gehen verloren")
    own: dict[str, Any] = {"kind": "numeric", "answer": number(right[0].html)}
    if tolerance := number(right[0].tolerance or "0"):
        own["tolerance"] = tolerance
    if question.units:
        own["unit"] = question.units[0]
        if len(question.units) > 1:
            lose("Weitere Einheiten gehen verloren")
    return own | _right_and_wrong(right[0].feedback, _fallback(question), lose)


def _text(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    right = _whole(question, lose)
    if question.match_case:
        lose("Groß- und Kleinschreibung zählt nicht mehr")
    accept = []
    for answer in right:
        text = unescape(answer.html).replace("\\*", "\0")
        if "*" in text:
            lose(f"Muster mit * kennt unsere Frage nicht: „{answer.html}“")
        else:
            accept.append(text.replace("\0", "*").strip())
    if not accept:
        raise NotCarried("Alle richtigen Antworten sind Muster mit *")
    if len({answer.feedback for answer in right}) > 1:
        lose("Alle richtigen Antworten haben jetzt dieselbe Rückmeldung")
    return {"kind": "text", "accept": accept} | _right_and_wrong(right[0].feedback, _fallback(question), lose)


def _whole(question: BankQuestion, lose: Lose) -> list[BankAnswer]:
    """Return the answers that earn all points; others that earn some are lost."""
    right = [a for a in question.answers if a.share == WHOLE and a.html.strip() != ANYTHING]
    if not right:
        raise NotCarried("Keine Antwort ist ganz richtig")
    if any(0 < answer.share < WHOLE for answer in question.answers):
        lose("Teilpunkte einzelner Antworten gehen verloren")
    if any(a.share <= 0 and a.html.strip() != ANYTHING for a in question.answers):
        lose("Rückmeldungen zu einzelnen falschen Antworten gehen verloren")
    return right


def _fallback(question: BankQuestion) -> str:
    return next((a.feedback for a in question.answers if a.share <= 0 and a.html.strip() == ANYTHING), "")


def _right_and_wrong(right: str, wrong: str, lose: Lose) -> dict[str, str]:
    return {
        "feedback_right": _feedback(right, lose, right=True),
        "feedback_wrong": _feedback(wrong, lose, right=False),
    }


def _gaps(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    marked, gaps = cut(question.html, lose)
    first, _, rest = marked.partition("</p>")
    has_prompt = bool(rest.strip()) and "\ue000" not in first
    prompt = line_markdown(first, lose, links=False) if has_prompt else ""
    text = block_markdown(rest if prompt else marked, lose)
    names = [gap["id"] for gap in gaps]
    own = {
        "kind": "gaps",
        "prompt": prompt or "Füllen Sie die Lücken.",
        "text": marks_to_names(text, names),
        "gaps": gaps,
    }
    return own | _right_and_wrong(question.right, question.wrong, lose)


def _order(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    items = [
        {"id": letter, "text": _required(line_markdown(answer.html, lose, links=False))}
        for letter, answer in zip(_letters(), question.answers, strict=False)
    ]
    return {"kind": "order", "items": items} | _right_and_wrong(question.right, question.wrong, lose)


def _match(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    pairs = [
        {"id": letter, "left": line_markdown(left, lose, links=False), "right": right}
        for letter, (left, right) in zip(_letters(), (p for p in question.pairs if _plain(p[0])), strict=False)
    ]
    own: dict[str, Any] = {"kind": "match", "pairs": pairs}
    rights = {pair["right"] for pair in pairs}
    others = [right for left, right in question.pairs if not _plain(left) and right not in rights]
    if others:
        own["distractors"] = others
    return own | _right_and_wrong(question.right, question.wrong, lose)


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html)).strip()


def _essay(question: BankQuestion, lose: Lose) -> dict[str, Any]:
    lines = [line for line in map(_plain, _LINE.split(question.grader)) if line]
    rubric = [
        {"id": f"k{count}", "text": found["text"].strip(), "points": max(1, int(found["points"]))}
        for count, found in enumerate(filter(None, map(_CRITERION.match, lines)), 1)
    ]
    if not rubric:
        lose("Das Bewertungsraster fehlt und hat vorerst eine Zeile")
        text = " ".join(lines) or "Gesamteindruck"
        rubric = [{"id": "k1", "text": text, "points": max(1, ceil(question.points))}]
    words = {"words": list(question.words)} if question.words else {}
    return {"kind": "essay"} | words | {"rubric": rubric}


_BUILDERS: Mapping[str, Callable[[BankQuestion, Lose], dict[str, Any]]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "numerical": _numeric,
    "shortanswer": _text,
    "cloze": _gaps,
    "matching": _match,
    "ordering": _order,
    "essay": _essay,
}
