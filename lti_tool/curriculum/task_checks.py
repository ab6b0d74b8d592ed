"""Rules for what each kind of question asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lti_tool.curriculum import question_schema as written
from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.quiz_assembly import GAP
from lti_tool.curriculum.render import MEDIA_FOLDER
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check_task(source: YamlSource, loc: Loc, question: written.AnyQuestion, media: frozenset[str]) -> Iterator[Problem]:
    """Run the rules of the question's kind."""
    if isinstance(question, written.ImageSchema):
        yield from _pictures(source, loc, question, media)
    rule = _RULES.get(type(question))
    if rule:
        yield from rule(source, loc, question)


def _named(source: YamlSource, loc: Loc, entries: Sequence[Any]) -> Iterator[Problem]:
    yield from doubles(source, [((*loc, i, "id"), entry.id) for i, entry in enumerate(entries)])


def _options(source: YamlSource, loc: Loc, question: written.ChoiceSchema | written.ImageSchema) -> Iterator[Problem]:
    at = (*loc, "options")
    yield from _named(source, at, question.options)
    right = sum(option.correct for option in question.options)
    if not right:
        what = f"Die Frage »{question.id}« hat keine richtige Antwort"
        yield source.problem(at, what, "bei einer Antwort »correct: true« ergänzen")
    elif right > 1 and question.kind != "multiple":
        what = f"Die Frage »{question.id}« hat {right} richtige Antworten, aber kind: {question.kind}"
        yield source.problem(at, what, "kind: multiple wählen oder nur eine als richtig führen")
    elif right == len(question.options):
        what = f"In der Frage »{question.id}« sind alle Antworten richtig"
        yield source.problem(at, what, "eine falsche Antwort ergänzen", Severity.WARNING)


def _pictures(source: YamlSource, loc: Loc, question: written.ImageSchema, media: frozenset[str]) -> Iterator[Problem]:
    for index, option in enumerate(question.options):
        if option.image.removeprefix(MEDIA_FOLDER) not in media:
            there = [MEDIA_FOLDER + name for name in media]
            yield unknown(source, (*loc, "options", index, "image"), "Die Datei", option.image, there)


def _accept(source: YamlSource, loc: Loc, question: written.TextSchema | written.TextGapSchema) -> Iterator[Problem]:
    for index, spelling in enumerate(question.accept):
        if not any(character.isalnum() for character in spelling):
            what = f"»{spelling}« enthält weder Buchstaben noch Ziffern"
            yield source.problem((*loc, "accept", index), what, "ein Wort angeben")


def _gaps(source: YamlSource, loc: Loc, question: written.GapsSchema) -> Iterator[Problem]:
    at = (*loc, "gaps")
    yield from _named(source, at, question.gaps)
    marks = Counter(GAP.findall(question.text))
    known = {gap.id for gap in question.gaps}
    for name, count in marks.items():
        if name not in known:
            yield unknown(source, (*loc, "text"), "Die Lücke", name, known)
        elif count > 1:
            yield source.problem((*loc, "text"), f"Die Lücke »{name}« steht zweimal im Text", "eine umbenennen")
    for index, gap in enumerate(question.gaps):
        if gap.id not in marks:
            what = f"Die Lücke »{gap.id}« kommt im Text nicht vor"
            yield source.problem((*at, index), what, f"[[{gap.id}]] in den Text schreiben")
        if isinstance(gap, written.ChoiceGapSchema):
            yield from _gap_options(source, (*at, index, "options"), gap)
        elif isinstance(gap, written.TextGapSchema):
            yield from _accept(source, (*at, index), gap)


def _gap_options(source: YamlSource, loc: Loc, gap: written.ChoiceGapSchema) -> Iterator[Problem]:
    yield from doubles(source, [((*loc, i), option.text) for i, option in enumerate(gap.options)])
    right = sum(option.correct for option in gap.options)
    if not right:
        yield source.problem(loc, f"Die Lücke »{gap.id}« hat keine richtige Antwort", "»correct: true« ergänzen")
    elif right == len(gap.options):
        yield source.problem(loc, f"In der Lücke »{gap.id}« sind alle Antworten richtig", "eine falsche ergänzen")


def _items(source: YamlSource, loc: Loc, question: written.OrderSchema) -> Iterator[Problem]:
    at = (*loc, "items")
    yield from _named(source, at, question.items)
    yield from doubles(source, [((*at, i, "text"), item.text) for i, item in enumerate(question.items)])


def _pairs(source: YamlSource, loc: Loc, question: written.MatchSchema) -> Iterator[Problem]:
    at = (*loc, "pairs")
    yield from _named(source, at, question.pairs)
    yield from doubles(source, [((*at, i, "left"), pair.left) for i, pair in enumerate(question.pairs)])
    rights = {pair.right for pair in question.pairs}
    for index, text in enumerate(question.distractors):
        if text in rights:
            what = f"»{text}« gehört schon zu einem Paar"
            yield source.problem((*loc, "distractors", index), what, "eine andere rechte Seite angeben")
    if len(rights | set(question.distractors)) == 1:
        yield source.problem(at, "Es gibt nur eine rechte Seite", "eine zweite ergänzen")


def _rubric(source: YamlSource, loc: Loc, question: written.EssaySchema | written.FileSchema) -> Iterator[Problem]:
    yield from _named(source, (*loc, "rubric"), question.rubric)
    if isinstance(question, written.EssaySchema) and question.words and question.words[0] > question.words[1]:
        yield source.problem((*loc, "words"), "Der Umfang ist verkehrt herum", "erst die kleinere Zahl angeben")


_RULES: Mapping[type[Any], Callable[[YamlSource, Loc, Any], Iterator[Problem]]] = {
    written.ChoiceSchema: _options,
    written.ImageSchema: _options,
    written.TextSchema: _accept,
    written.GapsSchema: _gaps,
    written.OrderSchema: _items,
    written.MatchSchema: _pairs,
    written.EssaySchema: _rubric,
    written.FileSchema: _rubric,
}
