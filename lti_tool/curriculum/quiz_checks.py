"""Rules for quiz.yaml and assignment.yaml: small functions that yield what breaks them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.files import AssignmentFile, ModuleFiles, QuizFile
from lti_tool.curriculum.markup import parse, parse_inline
from lti_tool.curriculum.markup_checks import Reach, check_markup
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.question_schema import AnyQuestion, GapsSchema
from lti_tool.curriculum.schema import QuizSchema
from lti_tool.curriculum.task_checks import check_task
from lti_tool.curriculum.yaml_source import Loc, YamlSource

_ENOUGH = Fraction(3, 2)
"""So many times the questions drawn should lie in a pool."""


def check_questions(graded: QuizFile | AssignmentFile, module: ModuleFiles) -> Iterator[Problem]:
    """Run all rules over a quiz or an assignment."""
    source, questions = graded.source, graded.body.questions
    yield from doubles(source, [(("questions", i, "id"), q.id) for i, q in enumerate(questions)])
    media = frozenset(module.media)
    if isinstance(graded.body, QuizSchema):
        yield from _pools(source, graded.body)
    else:
        intro = parse(graded.body.intro, source.texts["intro",])
        yield from check_markup(source.file, intro, Reach(pages=module.page_names, media=media))
    for index, question in enumerate(questions):
        yield from _question(source, ("questions", index), question, module)


def _question(source: YamlSource, loc: Loc, question: AnyQuestion, module: ModuleFiles) -> Iterator[Problem]:
    media = frozenset(module.media)
    known = [entry.id for entry in module.body.sources]
    if question.source not in known:
        yield unknown(source, (*loc, "source"), "Die Quelle", question.source, known)
    slugs = module.slugs()
    if question.page is not None and question.page not in slugs:
        yield unknown(source, (*loc, "page"), "Die Seite", question.page, slugs)
    yield from check_task(source, loc, question, media)
    yield from _texts(source, loc, question, media)


def _pools(source: YamlSource, body: QuizSchema) -> Iterator[Problem]:
    members: dict[str, list[int]] = defaultdict(list)
    for index, question in enumerate(body.questions):
        if question.pool is None:
            continue
        members[question.pool].append(index)
        if question.pool not in body.pools:
            yield unknown(source, ("questions", index, "pool"), "Den Topf", question.pool, body.pools)
    for name, drawn in body.pools.items():
        yield from _pool(source, name, drawn, [(index, body.questions[index].points) for index in members[name]])


def _pool(source: YamlSource, name: str, drawn: int, members: list[tuple[int, int]]) -> Iterator[Problem]:
    if len(members) < drawn:
        what = f"Aus »{name}« sollen {drawn} Fragen gezogen werden, es gibt aber {len(members)}"
        yield source.problem(("pools", name), what, "weniger ziehen oder Fragen ergänzen")
    elif len(members) < (enough := ceil(drawn * _ENOUGH)):
        what = f"Aus »{name}« werden {drawn} von {len(members)} Fragen gezogen"
        mend = f"mindestens {enough} anlegen, damit sich Versuche unterscheiden"
        yield source.problem(("pools", name), what, mend, Severity.WARNING)
    for index, points in members[1:]:
        if points != members[0][1]:
            what = f"Im Topf »{name}« haben nicht alle Fragen gleich viele Punkte"
            yield source.problem(("questions", index), what, "angleichen, damit alle dieselbe Höchstzahl erreichen")


_LINES = ("prompt", "hint", "text", "left", "feedback", "feedback_right", "feedback_wrong", "feedback_true")
_IN_LABELS = {"prompt", "hint", "text", "left"}
_LISTS = ("options", "items", "pairs")


def _texts(source: YamlSource, loc: Loc, question: AnyQuestion, media: frozenset[str]) -> Iterator[Problem]:
    whole = question.model_dump()
    places: list[tuple[Loc, dict[str, object]]] = [(loc, whole)]
    for name in _LISTS:
        places += [((*loc, name, i), entry) for i, entry in enumerate(whole.get(name, ()))]
    for at, texts in places:
        for name in (*_LINES, "feedback_false"):
            text = texts.get(name)
            if isinstance(text, str) and not (isinstance(question, GapsSchema) and name == "text"):
                reach = Reach(label=name in _IN_LABELS)
                yield from check_markup(source.file, parse_inline(text, source.texts[*at, name]), reach)
    for name in ("explain", "text") if isinstance(question, GapsSchema) else ("explain",):
        block = parse(str(whole[name]), source.texts[*loc, name])
        yield from check_markup(source.file, block, Reach(media=media))
