"""GIFT, written as Moodle's own export writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from lti_tool.curriculum.exchange.bank import ANYTHING, WHOLE, BankAnswer, BankQuestion, Lose, NotCarried
from lti_tool.curriculum.exchange.numbers import decimal_text, percent

_SPECIAL = re.compile(r"([~=#{}:\\])")


def gift(category: str, questions: Iterable[BankQuestion]) -> str:
    """Return a question bank with one category; blank lines stand between questions only."""
    return "\n\n".join([f"$CATEGORY: $course$/top/{category.replace('/', '//')}", *map(_question, questions)]) + "\n"


def check_gift(question: BankQuestion, lose: Lose) -> None:
    """Tell what GIFT has no place for.

    Raises:
        NotCarried: the whole question.
    """
    if question.kind not in _KINDS:
        raise NotCarried({"cloze": "Lückentexte", "ordering": "Reihenfolgen"}[question.kind] + " gibt es in GIFT nicht")
    for lost, there in (
        ("Die Punkte gehen nicht mit", question.points != 1),
        ("Der Hinweis geht nicht mit", bool(question.hints)),
        ("Die Einheit geht nicht mit", bool(question.units)),
        ("Die feste Reihenfolge der Antworten geht nicht mit", not question.shuffle),
        ("Die Rückmeldungen zu richtig und falsch gehen nicht mit", question.kind == "matching"),
        ("Umfang und Bewertungsraster gehen nicht mit", question.kind == "essay"),
    ):
        if there:
            lose(lost)


def _question(question: BankQuestion) -> str:
    general = f"\n####{_escaped(question.general)}" if question.general else ""
    answers = "".join(f"\n{line}" for line in _KINDS[question.kind](question))
    return (
        f"// [id:{question.id}]\n::{_escaped(question.name)}::[html]{_escaped(question.html)}{{{answers}{general}\n}}"
    )


def _choice(question: BankQuestion) -> Iterator[str]:
    for answer in question.answers:
        if answer.share == WHOLE and question.single:
            mark = "="
        else:
            mark = f"~%{percent(answer.share)}%" if answer.share else "~"
        yield f"{mark}{_escaped(answer.html)}{_feedback(answer)}"


def _true_false(question: BankQuestion) -> Iterator[str]:
    true, false = question.answers
    right, wrong = (true, false) if true.share == WHOLE else (false, true)
    yield f"{'TRUE' if right is true else 'FALSE'}#{_escaped(wrong.feedback)}#{_escaped(right.feedback)}"


def _short_answer(question: BankQuestion) -> Iterator[str]:
    for answer in question.answers:
        yield f"=%{percent(answer.share)}%{_escaped(answer.html)}{_feedback(answer)}"


def _numerical(question: BankQuestion) -> Iterator[str]:
    yield "#"
    for answer in question.answers:
        if answer.html == ANYTHING:
            yield f"~{_feedback(answer)}"
        else:
            number = f"{decimal_text(answer.html)}:{decimal_text(answer.tolerance)}"
            yield f"=%{percent(answer.share)}%{number}{_feedback(answer)}"


def _matching(question: BankQuestion) -> Iterator[str]:
    for left, right in question.pairs:
        yield f"={_escaped(left)} -> {_escaped(right)}"


def _essay(_question: BankQuestion) -> Iterator[str]:
    return iter(())


_KINDS: Mapping[str, Callable[[BankQuestion], Iterator[str]]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
}


def _feedback(answer: BankAnswer) -> str:
    return f"#{_escaped(answer.feedback)}" if answer.feedback else ""


def _escaped(text: str) -> str:
    """Escape what GIFT reads as its own; a line break would end the question, so it is written as one."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")
