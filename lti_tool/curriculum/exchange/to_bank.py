"""Our questions as a question bank knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from html import escape
from typing import Any

from lti_tool.curriculum import question_schema as written
from lti_tool.curriculum.exchange.bank import ANYTHING, WHOLE, BankAnswer, BankQuestion, Lose, NotCarried
from lti_tool.curriculum.exchange.cloze import gap_code
from lti_tool.curriculum.exchange.rich_text import block_html, line_html
from lti_tool.curriculum.quiz_assembly import GAP

NONE = Fraction(0)
_MOST_RIGHT = 10


def to_bank(question: written.AnyQuestion, lose: Lose) -> BankQuestion:
    """Return a question for a bank; whatever stays behind is told to `lose`.

    Raises:
        NotCarried: no bank has such a question.
    """
    build = _BUILDERS.get(type(question))
    if build is None:
        raise NotCarried(f"Fragen der Art {question.kind} gibt es dort nicht")
    for key, what in (("page", "Die Seite zum Nachlesen"), ("pool", "Der Topf")):
        if getattr(question, key):
            lose(f"{what} »{getattr(question, key)}« geht nicht mit")
    lose(f"Die Quelle »{question.source}« geht nicht mit")
    start = BankQuestion(
        name=question.id,
        id=question.id,
        kind="",
        html=line_html(question.prompt),
        points=Fraction(question.points),
        general=block_html(question.explain, lose),
        hints=(line_html(question.hint),) if question.hint else (),
        shuffle=question.shuffle,
    )
    return build(question, start, lose)


def _choice(question: written.ChoiceSchema, start: BankQuestion, lose: Lose) -> BankQuestion:
    right = sum(option.correct for option in question.options)
    if right > _MOST_RIGHT:
        lose(f"Moodle kennt höchstens {_MOST_RIGHT} richtige Antworten mit gleichem Gewicht")
    single = question.kind == "single"
    share = Fraction(1, right) if right else NONE
    return replace(
        start,
        kind="multichoice",
        single=single,
        answers=tuple(
            BankAnswer(
                html=line_html(option.text),
                share=share if option.correct else NONE if single else -share,
                feedback=line_html(option.feedback),
            )
            for option in question.options
        ),
    )


def _true_false(question: written.TrueFalseSchema, start: BankQuestion, _lose: Lose) -> BankQuestion:
    return replace(
        start,
        kind="truefalse",
        answers=tuple(
            BankAnswer(html=name, share=WHOLE if question.correct is value else NONE, feedback=line_html(feedback))
            for name, value, feedback in (
                ("true", True, question.feedback_true),
                ("false", False, question.feedback_false),
            )
        ),
    )


def _numeric(question: written.NumericSchema, start: BankQuestion, _lose: Lose) -> BankQuestion:
    right = BankAnswer(
        html=f"{question.answer:f}",
        share=WHOLE,
        feedback=line_html(question.feedback_right),
        tolerance=f"{question.tolerance:f}",
    )
    return replace(
        start,
        kind="numerical",
        answers=(right, _otherwise(question.feedback_wrong)),
        units=(question.unit,) if question.unit else (),
    )


def _text(question: written.TextSchema, start: BankQuestion, _lose: Lose) -> BankQuestion:
    feedback = line_html(question.feedback_right)
    texts = (text.replace("*", "\\*") for text in question.accept)
    right = (BankAnswer(html=text, share=WHOLE, feedback=feedback) for text in texts)
    return replace(start, kind="shortanswer", answers=(*right, _otherwise(question.feedback_wrong)))


def _otherwise(feedback: str) -> BankAnswer:
    return BankAnswer(html=ANYTHING, share=NONE, feedback=line_html(feedback))


def _gaps(question: written.GapsSchema, start: BankQuestion, lose: Lose) -> BankQuestion:
    codes = {gap.id: gap_code(gap.model_dump(mode="json")) for gap in question.gaps}
    pieces = GAP.split(block_html(question.text, lose))
    text = "".join(codes[piece] if index % 2 else piece for index, piece in enumerate(pieces))
    lose("Die Rückmeldungen zu richtig und falsch gehen nicht mit")
    lose("Die Namen der Lücken gehen nicht mit")
    return replace(start, kind="cloze", html=f"<p>{start.html}</p>\n{text}")


def _order(question: written.OrderSchema, start: BankQuestion, _lose: Lose) -> BankQuestion:
    items = tuple(
        BankAnswer(html=line_html(item.text), share=Fraction(number)) for number, item in enumerate(question.items, 1)
    )
    return replace(start, kind="ordering", answers=items, **_feedback(question))


def _match(question: written.MatchSchema, start: BankQuestion, _lose: Lose) -> BankQuestion:
    pairs = [(line_html(pair.left), pair.right) for pair in question.pairs]
    pairs += [("", text) for text in question.distractors]
    return replace(start, kind="matching", pairs=tuple(pairs), **_feedback(question))


def _feedback(question: written.OrderSchema | written.MatchSchema) -> dict[str, Any]:
    return {"right": line_html(question.feedback_right), "wrong": line_html(question.feedback_wrong)}


def _essay(question: written.EssaySchema, start: BankQuestion, lose: Lose) -> BankQuestion:
    if question.snippets:
        lose("Die Bausteine für Kommentare gehen nicht mit")
    words = (question.words[0], question.words[1]) if question.words else None
    items = "".join(f"<li>{line}</li>" for line in _rubric(question))
    return replace(start, kind="essay", words=words, grader=f"<ul>{items}</ul>")


def _rubric(question: written.EssaySchema) -> Iterator[str]:
    for criterion in question.rubric:
        hint = f" – {criterion.hint}" if criterion.hint else ""
        yield escape(f"({criterion.points}) {criterion.text}{hint}", quote=False)


_BUILDERS: Mapping[type[Any], Callable[[Any, BankQuestion, Lose], BankQuestion]] = {
    written.ChoiceSchema: _choice,
    written.TrueFalseSchema: _true_false,
    written.NumericSchema: _numeric,
    written.TextSchema: _text,
    written.GapsSchema: _gaps,
    written.OrderSchema: _order,
    written.MatchSchema: _match,
    written.EssaySchema: _essay,
}
